package dev.sluice.core.stream;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.message.Fields;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a request on its way: whether it has ended, and what of it can be sent again.
 * Confined to its loop.
 */
final class RequestContent {
  private final ReplayBuffer replay;
  private final int fieldBytesMax;
  private final int fieldCountMax;
  private @Nullable Fields trailers;
  private End end = End.OPEN;
  private boolean replaying;

  /** How the content ends. */
  private enum End {
    /** More may come. */
    OPEN,
    /** It has ended. */
    PLAIN,
    /** It has ended with trailers, which are kept. */
    TRAILERS
  }

  RequestContent(int replayBytesMax, int fieldBytesMax, int fieldCountMax) {
    this.replay = new ReplayBuffer(replayBytesMax);
    this.fieldBytesMax = fieldBytesMax;
    this.fieldCountMax = fieldCountMax;
  }

  void begin(boolean endsAtHead) {
    end = endsAtHead ? End.PLAIN : End.OPEN;
    replaying = true;
    replay.rewind();
  }

  /** Whether what was kept has yet to be sent on the present attempt; nothing new may pass it. */
  boolean replaying() {
    return replaying;
  }

  boolean hasEnded() {
    return end != End.OPEN;
  }

  /** Whether everything that was taken is kept. */
  boolean held() {
    return replay.complete();
  }

  /** Whether there is nothing behind the head. */
  boolean endsAtHead() {
    return end == End.PLAIN && replay.size() == 0;
  }

  void ended() {
    if (end == End.OPEN) {
      end = End.PLAIN;
    }
  }

  void endedWith(Fields section) {
    Fields kept = trailers;
    if (kept == null) {
      kept = new Fields(fieldBytesMax, fieldCountMax);
      trailers = kept;
    }
    end = kept.copyFrom(section) ? End.TRAILERS : End.PLAIN;
  }

  void keep(BufferPool pool, ByteBuffer data, int taken) {
    replay.keep(pool, data, taken);
  }

  /** A new attempt: what was kept is sent from the start. */
  void rewind() {
    replaying = true;
    replay.rewind();
  }

  /**
   * Sends what was kept, as far as it is taken.
   *
   * @return whether all of it, and the end if there is one, has been sent
   */
  boolean replay(BackStreamConnector back) {
    if (!replaying) {
      return true;
    }
    while (!replay.exhausted()) {
      ByteBuffer piece = replay.current();
      boolean last = replay.atLast() && end == End.PLAIN;
      int taken = back.send(piece, last);
      boolean all = !piece.hasRemaining();
      replay.consumed(taken);
      if (!all) {
        return false;
      }
    }
    replaying = false;
    if (end == End.TRAILERS) {
      sendEnd(back);
    }
    return true;
  }

  /** Sends the end that has come. */
  void sendEnd(BackStreamConnector back) {
    Fields section = trailers;
    if (end == End.TRAILERS && section != null) {
      back.sendTrailers(section);
    } else {
      back.sendEnd();
    }
  }

  /** A response has begun: the request will not be sent again, but what is being sent goes on. */
  void forget() {
    if (!replaying) {
      replay.clear();
    }
  }

  /** The request is a tunnel now: its direction is open again. */
  void reopen() {
    end = End.OPEN;
    replaying = false;
    replay.clear();
  }

  void clear() {
    replay.clear();
    if (trailers != null) {
      trailers.clear();
    }
    end = End.OPEN;
    replaying = false;
  }
}
