package dev.sluice.tls;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.buffer.BufferQueue;
import dev.sluice.core.buffer.IoBuffer;
import dev.sluice.core.transport.TransportHost;
import dev.sluice.tls.engine.TlsEngine;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The output of a connection: small writes are gathered into one record, large ones are sealed from
 * where they stand; records wait in direct buffers for the socket. Confined to its loop. An idle
 * connection holds no buffer here.
 *
 * <p>What was sealed has used up a record counter and can't be dropped, so everything is counted
 * against the bound before it is sealed, and the queue's reserve takes the rest.
 */
final class TlsOutput {
  /**
   * Room beyond the bound for what can't be refused: heads, ends, alerts, and the overhead of
   * records.
   */
  private static final int RESERVE_BYTES = 128 << 10;

  private static final int FULL_RECORD_BYTES = TlsEngine.CONTENT_BYTES_MAX;

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final TransportHost host;
  private final TlsEngine engine;
  private final RecordSizing sizing;
  private final BufferQueue queue;
  private final int bytesMax;

  /** Plain bytes that wait for more, between 0 and position. */
  private @Nullable IoBuffer gathered;

  private boolean exhausted;

  TlsOutput(TransportHost host, TlsEngine engine, RecordSizing sizing) {
    this.host = host;
    this.engine = engine;
    this.sizing = sizing;
    this.bytesMax = host.outputBytesMax();
    this.queue = new BufferQueue(host.directBuffers(), bytesMax, RESERVE_BYTES);
  }

  /** How many plain bytes {@link #write} would take. */
  int room() {
    return engine.state().sends() && !exhausted ? (int) Math.max(0, bytesMax - waitingBytes()) : 0;
  }

  boolean isEmpty() {
    return queue.isEmpty() && gathered == null && !engine.outputPending();
  }

  /** Whether buffers ran out where output could not be refused: the connection can't go on. */
  boolean exhausted() {
    return exhausted;
  }

  /** Takes plain bytes up to the bound. */
  int write(ByteBuffer plain) {
    int wanted = Math.min(plain.remaining(), room());
    return take(plain, wanted);
  }

  /** Takes all of the plain bytes, past the bound, or nothing. */
  boolean writeReserved(ByteBuffer plain) {
    int wanted = plain.remaining();
    if (!engine.state().sends()
        || exhausted
        || waitingBytes() + wanted > (long) bytesMax + RESERVE_BYTES / 2) {
      return false;
    }
    if (take(plain, wanted) < wanted) {
      exhausted = true;
    }
    return !exhausted;
  }

  private int take(ByteBuffer plain, int wanted) {
    int limit = plain.limit();
    plain.limit(plain.position() + wanted);
    while (plain.hasRemaining() && !exhausted && engine.state().sends()) {
      if (gathered == null && plain.hasArray() && plain.remaining() >= FULL_RECORD_BYTES) {
        sealFrom(plain, FULL_RECORD_BYTES);
      } else if (!gather(plain)) {
        break;
      }
    }
    int left = plain.remaining();
    plain.limit(limit);
    return wanted - left;
  }

  private boolean gather(ByteBuffer plain) {
    IoBuffer held = gathered;
    if (held == null) {
      held = host.heapBuffers().acquire();
      if (held == null) {
        return false;
      }
      gathered = held;
    }
    ByteBuffer bytes = held.bytes();
    int count = Math.min(plain.remaining(), FULL_RECORD_BYTES - bytes.position());
    bytes.put(bytes.position(), plain, plain.position(), count);
    bytes.position(bytes.position() + count);
    plain.position(plain.position() + count);
    if (bytes.position() == FULL_RECORD_BYTES) {
      sealGathered();
    }
    return true;
  }

  /** Seals what was gathered, after whatever the engine has to say first. */
  void sealGathered() {
    IoBuffer held = gathered;
    if (held == null) {
      return;
    }
    gathered = null;
    ByteBuffer bytes = held.bytes();
    bytes.flip();
    while (bytes.hasRemaining() && !exhausted && engine.state().sends()) {
      sealFrom(bytes, bytes.remaining());
    }
    held.release();
  }

  /** Moves the engine's own messages, handshake flights and alerts, to the queue. */
  void drainEngine() {
    while (engine.outputPending() && !exhausted) {
      sealFrom(EMPTY, 0);
    }
  }

  /**
   * One heap array's worth of wire bytes: sealed there, then copied in bulk to the direct buffers
   * of the socket.
   */
  private void sealFrom(ByteBuffer plain, int bytesMost) {
    IoBuffer scratch = host.heapBuffers().acquireReserved();
    if (scratch == null) {
      exhausted = true;
      return;
    }
    ByteBuffer wire = scratch.bytes();
    if (bytesMost == 0) {
      engine.drainOutput(wire);
    } else {
      int limit = plain.limit();
      plain.limit(plain.position() + bytesMost);
      long now = host.nowNanos();
      int sealed = engine.seal(plain, wire, sizing.contentBytesMax(now));
      sizing.onSealed(sealed, now);
      plain.limit(limit);
    }
    wire.flip();
    if (!queue.putReserved(wire)) {
      exhausted = true;
    }
    scratch.release();
  }

  /** Puts bytes that are not TLS at all into the queue. */
  void putClear(byte[] bytes) {
    if (!queue.putReserved(bytes, 0, bytes.length)) {
      exhausted = true;
    }
  }

  /** Sends what is sealed: true if nothing is left. */
  boolean send() {
    return queue.isEmpty() || host.send(queue);
  }

  /** Goes on with the buffers of another loop, while nothing waits. */
  void moveTo(BufferPool direct) {
    queue.moveTo(direct);
  }

  void release() {
    queue.clear();
    IoBuffer held = gathered;
    if (held != null) {
      gathered = null;
      held.release();
    }
  }

  private long waitingBytes() {
    IoBuffer held = gathered;
    return queue.pendingBytes() + (held == null ? 0 : held.bytes().position());
  }
}
