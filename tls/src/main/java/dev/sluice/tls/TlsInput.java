package dev.sluice.tls;

import dev.sluice.core.buffer.IoBuffer;
import dev.sluice.core.transport.Transport;
import dev.sluice.core.transport.TransportHost;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsOpenStatus;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The wire side of a connection's input: bytes from the socket in one pooled heap buffer, which is
 * given back as soon as no part of a record waits in it. Confined to its loop.
 */
final class TlsInput {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final TransportHost host;
  private final TlsEngine engine;

  /** Bytes that wait are those between position and limit. */
  private @Nullable IoBuffer wire;

  private @Nullable TlsOpenStatus stopped;

  TlsInput(TransportHost host, TlsEngine engine) {
    this.host = host;
    this.engine = engine;
  }

  /**
   * Reads once from the socket: the count, 0, {@link Transport#END}, {@link Transport#FAILED},
   * {@link Transport#NO_BUFFER}.
   */
  int receive() {
    IoBuffer held = wire;
    if (held == null) {
      held = host.heapBuffers().acquire();
      if (held == null) {
        return Transport.NO_BUFFER;
      }
      wire = held;
      held.bytes().limit(0);
    }
    ByteBuffer bytes = held.bytes();
    assert bytes.capacity() >= TlsEngine.RECORD_BYTES_MAX : "a buffer must hold a whole record";
    bytes.compact();
    int count = host.receive(bytes);
    bytes.flip();
    settle();
    return count;
  }

  /** Gives handshake records to the engine. */
  void offer() {
    engine.offer(waiting());
    settle();
  }

  /** Opens records into a plain buffer; {@link #stopped()} then tells why it ended. */
  void open(ByteBuffer plain) {
    stopped = engine.open(waiting(), plain);
    settle();
  }

  /** Why the last {@link #open} ended; null before the first. */
  @Nullable TlsOpenStatus stopped() {
    return stopped;
  }

  /** Whether no part of a record waits. */
  boolean isEmpty() {
    return wire == null;
  }

  /** Gives the buffer back, with whatever is in it. */
  void release() {
    IoBuffer held = wire;
    if (held != null) {
      wire = null;
      held.release();
    }
  }

  private ByteBuffer waiting() {
    IoBuffer held = wire;
    return held == null ? EMPTY : held.bytes();
  }

  private void settle() {
    if (!waiting().hasRemaining()) {
      release();
    }
  }
}
