package dev.sluice.core.testkit.mux;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.buffer.IoBuffer;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One stream of a {@link TestMux}. Confined to its loop. */
final class TestStream implements MuxStream {
  final TestMux mux;
  final int id;
  final long ordinal;
  StreamHandler handler;

  // ---- our direction
  boolean headSent;
  boolean localEnded;
  int sendWindow = TestFrames.WINDOW_BYTES;

  /** A send took less than it was given. */
  boolean refused;

  // ---- the peer's direction

  /** The final head is here. */
  boolean headHere;

  /** The end of the peer's message, or its reset, has been told. */
  boolean remoteEnded;

  /** The peer's end is here, behind what is queued. */
  boolean endHere;

  @Nullable Fields trailers;

  /** What the handler has not taken, between start and end; bounded by the window. */
  @Nullable IoBuffer queue;

  int queueStart;
  int queueEnd;
  boolean paused;
  boolean resumed;
  int takenSinceCredit;
  int receiveWindow = TestFrames.WINDOW_BYTES;

  /** Cut by either side, or over: nothing is sent or told any more but its release. */
  boolean over;

  boolean released;

  TestStream(TestMux mux, int id, long ordinal, StreamHandler handler) {
    this.mux = mux;
    this.id = id;
    this.ordinal = ordinal;
    this.handler = handler;
  }

  boolean hasQueued() {
    return queueEnd > queueStart;
  }

  /** Keeps what the handler has not taken; false if there is no buffer for it. */
  boolean enqueue(BufferPool pool, ByteBuffer payload) {
    IoBuffer held = queue;
    if (held == null) {
      held = pool.acquire();
      if (held == null) {
        return false;
      }
      queue = held;
    }
    ByteBuffer bytes = held.bytes();
    if (bytes.capacity() - queueEnd < payload.remaining()) {
      bytes.limit(queueEnd).position(queueStart);
      bytes.compact();
      queueEnd -= queueStart;
      queueStart = 0;
    }
    int length = payload.remaining();
    bytes.limit(bytes.capacity());
    bytes.put(queueEnd, payload, payload.position(), length);
    payload.position(payload.limit());
    queueEnd += length;
    return true;
  }

  /** What is kept, or null. */
  @Nullable ByteBuffer queued() {
    IoBuffer held = queue;
    return held == null ? null : held.bytes().limit(queueEnd).position(queueStart);
  }

  /** Forgets what was taken of {@link #queued}, unless everything was let go of meanwhile. */
  void dequeue(ByteBuffer taken) {
    if (queue != null) {
      queueStart = taken.position();
      if (!hasQueued()) {
        freeQueue();
      }
    }
  }

  void freeQueue() {
    IoBuffer held = queue;
    if (held != null) {
      queue = null;
      queueStart = 0;
      queueEnd = 0;
      held.release();
    }
  }

  @Override
  public void sendHead(MessageHead head, boolean end) {
    mux.sendHead(this, head, end);
  }

  @Override
  public int send(ByteBuffer data, boolean end) {
    return mux.send(this, data, end);
  }

  @Override
  public void sendTrailers(Fields section) {
    mux.sendTrailers(this, section);
  }

  @Override
  public void sendEnd() {
    mux.sendEnd(this);
  }

  @Override
  public void reset(ResetCode code) {
    mux.reset(this, code);
  }

  @Override
  public void resume() {
    mux.resume(this);
  }

  @Override
  public String protocol() {
    return mux.name();
  }

  @Override
  public long number() {
    return ordinal;
  }

  @Override
  public boolean firstOnConnection() {
    return ordinal == 1;
  }

  @Override
  public String toString() {
    return mux.name() + " stream " + id + (over ? " (over)" : "");
  }
}
