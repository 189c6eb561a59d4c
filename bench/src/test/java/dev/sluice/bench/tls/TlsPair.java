package dev.sluice.bench.tls;

import java.nio.ByteBuffer;

/** A client and a server that talk in memory. Confined to its thread. */
public final class TlsPair {
  /** A full record nearly: SunJSSE pads its records, and would make two of 16 KiB. */
  static final int LARGE_CONTENT_BYTES = 16_352;

  private static final int WIRE_BYTES = 64 << 10;
  private static final int PLAIN_BYTES = 20 << 10;
  private static final int TURNS_MAX = 10;

  /** Where the buffers of the wire are. */
  public enum Wire {
    HEAP,
    DIRECT
  }

  /** Reads the clock that tells whose time a handshake was. */
  interface Meter {
    long nanos();
  }

  private final TlsEnds ends;
  private final ByteBuffer up = ByteBuffer.allocate(WIRE_BYTES);
  private final ByteBuffer down = ByteBuffer.allocate(WIRE_BYTES);
  private final ByteBuffer wire;
  private final ByteBuffer plain = ByteBuffer.allocate(PLAIN_BYTES);
  private final ByteBuffer content;

  private TlsEnd client;
  private TlsEnd server;
  private long clientNanos;
  private long serverNanos;

  TlsPair(TlsEnds ends, int contentBytes, Wire wireKind) {
    this.ends = ends;
    this.content = ByteBuffer.allocate(contentBytes);
    this.wire =
        wireKind == Wire.HEAP
            ? ByteBuffer.allocate(WIRE_BYTES)
            : ByteBuffer.allocateDirect(WIRE_BYTES);
    client = ends.client();
    server = ends.server();
  }

  /** A new connection up to the last byte of its handshake, tickets included. */
  void connect(Meter meter) {
    client.release();
    server.release();
    long start = meter.nanos();
    client = ends.client();
    long made = meter.nanos();
    server = ends.server();
    long now = meter.nanos();
    clientNanos += made - start;
    serverNanos += now - made;
    up.clear();
    down.clear();
    boolean moved = true;
    for (int turn = 0; moved; turn++) {
      if (turn == TURNS_MAX) {
        throw new IllegalStateException("the handshake never ends");
      }
      up.clear();
      client.handshake(turn == 0 ? down.flip() : down, up);
      long then = meter.nanos();
      clientNanos += then - now;
      up.flip();
      moved = up.hasRemaining();
      down.clear();
      server.handshake(up, down);
      now = meter.nanos();
      serverNanos += now - then;
      down.flip();
      moved |= down.hasRemaining();
    }
    if (!client.done() || !server.done()) {
      throw new IllegalStateException("the handshake came to a halt");
    }
  }

  /** Processor time of all the clients so far. */
  long clientNanos() {
    return clientNanos;
  }

  /** Processor time of all the servers so far. */
  long serverNanos() {
    return serverNanos;
  }

  /** One record from the client to the server. */
  int pass() {
    content.clear();
    wire.clear();
    client.seal(content, wire);
    wire.flip();
    plain.clear();
    server.open(wire, plain);
    if (plain.position() != content.limit() || wire.hasRemaining()) {
      throw new IllegalStateException("not one record: " + plain + ", " + wire);
    }
    return plain.position();
  }

  void release() {
    client.release();
    server.release();
  }
}
