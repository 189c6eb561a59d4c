package dev.sluice.tls;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.buffer.BufferQueue;
import dev.sluice.core.buffer.GatheringSink;
import dev.sluice.core.loop.Interest;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.time.TimerWheel;
import dev.sluice.core.transport.LentStep;
import dev.sluice.core.transport.Transport;
import dev.sluice.core.transport.TransportHost;
import dev.sluice.tls.engine.TlsEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A connection as a transport sees it, with the socket and the executor in the test's hands. */
final class ScriptedHost implements TransportHost, GatheringSink {
  final BufferPool heap = new BufferPool(TlsEngine.RECORD_BYTES_MAX + 1_000, false, 8, 0, 8);
  final BufferPool direct = new BufferPool(4_096, true, 64, 64, 16);
  private final TimerWheel timers = new TimerWheel(0, (timer, problem) -> {});
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private byte[] arrived = new byte[0];
  boolean inputEnds;
  boolean outputEnded;
  boolean closed;
  boolean broken;

  /** Nothing can be sent any more; what has arrived can be read. */
  boolean sendBroken;

  int interest;
  int receivesMost = Integer.MAX_VALUE;
  int sendsMost = Integer.MAX_VALUE;
  int outputBytesMax = 64 << 10;
  @Nullable LentStep lent;
  boolean awaitsHeapBuffer;

  /** Bytes that the socket has to give. */
  void arrive(byte[] bytes) {
    byte[] all = new byte[arrived.length + bytes.length];
    System.arraycopy(arrived, 0, all, 0, arrived.length);
    System.arraycopy(bytes, 0, all, arrived.length, bytes.length);
    arrived = all;
  }

  boolean hasArrived() {
    return arrived.length > 0;
  }

  /** Takes what was sent. */
  byte[] takeSent() {
    byte[] bytes = sent.toByteArray();
    sent.reset();
    return bytes;
  }

  /** The executor does its work and gives the step back. */
  void returnLent() {
    LentStep step = lent;
    assert step != null;
    lent = null;
    step.run();
    step.onReturned();
  }

  @Override
  public int receive(ByteBuffer bytes) {
    if (broken) {
      return Transport.FAILED;
    }
    if (arrived.length == 0) {
      return inputEnds ? Transport.END : 0;
    }
    int count = Math.min(Math.min(arrived.length, bytes.remaining()), receivesMost);
    bytes.put(arrived, 0, count);
    byte[] rest = new byte[arrived.length - count];
    System.arraycopy(arrived, count, rest, 0, rest.length);
    arrived = rest;
    return count;
  }

  @Override
  public boolean send(BufferQueue bytes) {
    try {
      return !broken && !sendBroken && bytes.drainTo(this);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public int write(ByteBuffer source) {
    int count = Math.min(source.remaining(), sendsMost);
    assert !outputEnded || count == 0 : "bytes after the FIN";
    byte[] bytes = new byte[count];
    source.get(bytes);
    sent.writeBytes(bytes);
    sendsMost -= count;
    return count;
  }

  @Override
  public long write(@Nullable ByteBuffer[] sources, int offset, int length) {
    long written = 0;
    for (int i = offset; i < offset + length; i++) {
      ByteBuffer source = sources[i];
      assert source != null;
      written += write(source);
      if (source.hasRemaining()) {
        break;
      }
    }
    return written;
  }

  @Override
  public void shutdownOutput() {
    outputEnded = true;
  }

  @Override
  public @Nullable Failure socketFailure() {
    return broken || sendBroken ? Failure.of(CloseCause.SERVER_ABORT) : null;
  }

  @Override
  public void interest(int ops) {
    interest = ops;
  }

  boolean wants(int op) {
    return (interest & op) != Interest.NONE;
  }

  @Override
  public void awaitHeapBuffer() {
    awaitsHeapBuffer = true;
  }

  @Override
  public void forget() {
    awaitsHeapBuffer = false;
  }

  @Override
  public void lend(LentStep step) {
    assert lent == null : "two steps at a time";
    lent = step;
  }

  @Override
  public boolean closed() {
    return closed;
  }

  @Override
  public BufferPool heapBuffers() {
    return heap;
  }

  @Override
  public BufferPool directBuffers() {
    return direct;
  }

  @Override
  public int outputBytesMax() {
    return outputBytesMax;
  }

  @Override
  public TimerWheel timers() {
    return timers;
  }

  @Override
  public long nowNanos() {
    return 0;
  }

  int liveBuffers() {
    return heap.live() + direct.live();
  }
}
