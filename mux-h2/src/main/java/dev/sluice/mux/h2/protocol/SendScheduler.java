package dev.sluice.mux.h2.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Shares the connection's output among its streams.
 *
 * <p>A stream may send a quantum a turn as it likes. Past it, or while others wait, it joins the
 * end of a line; those in the line are served in order, a quantum each time. So no stream gets more
 * than a quantum ahead of another that wants to send, however fast its source is, and a stream that
 * is alone gets everything.
 *
 * <p>In the line are only streams whose own window is open; one whose window is closed waits for
 * the peer outside of it. Confined to its connection.
 */
final class SendScheduler {
  private final int quantumBytes;
  private @Nullable StreamRecord first;
  private @Nullable StreamRecord last;
  private @Nullable StreamRecord serving;
  private int waiting;
  private long turn = 1;

  SendScheduler(int quantumBytes) {
    assert quantumBytes > 0;
    this.quantumBytes = quantumBytes;
  }

  /** A new turn of the loop: every stream has its quantum again. */
  void beginTurn() {
    turn++;
  }

  /** How many streams are in the line. */
  int waiting() {
    return waiting;
  }

  /** How many bytes the stream may send now. */
  int allowance(StreamRecord stream) {
    if (stream != serving && first != null) {
      return 0;
    }
    if (stream.turn != turn) {
      stream.turn = turn;
      stream.quantumLeft = quantumBytes;
    }
    return stream.quantumLeft;
  }

  /** The stream has sent so much. */
  void sent(StreamRecord stream, int length) {
    assert length <= stream.quantumLeft;
    stream.quantumLeft -= length;
  }

  /** The stream has more to send than it could; it gets in line unless its window is closed. */
  void wants(StreamRecord stream) {
    stream.wantsToSend = true;
    if (stream.sendWindow.bytes() > 0) {
      enqueue(stream);
    }
  }

  /** The stream's window has grown. */
  void windowOpened(StreamRecord stream) {
    if (stream.wantsToSend && stream.sendWindow.bytes() > 0) {
      enqueue(stream);
    }
  }

  /** Takes the first stream out of the line and gives it a quantum; null if nobody waits. */
  @Nullable StreamRecord serveNext() {
    StreamRecord next = first;
    if (next != null) {
      unlink(next);
      next.wantsToSend = false;
      next.turn = turn;
      next.quantumLeft = quantumBytes;
    }
    serving = next;
    return next;
  }

  /** The stream that was served has sent what it wanted. */
  void endServing() {
    serving = null;
  }

  /** The stream has no more to send. */
  void forget(StreamRecord stream) {
    stream.wantsToSend = false;
    if (stream == serving) {
      serving = null;
    }
    if (stream.queued) {
      unlink(stream);
    }
  }

  private void enqueue(StreamRecord stream) {
    if (stream.queued) {
      return;
    }
    stream.queued = true;
    stream.previousReady = last;
    stream.nextReady = null;
    if (last == null) {
      first = stream;
    } else {
      last.nextReady = stream;
    }
    last = stream;
    waiting++;
  }

  private void unlink(StreamRecord stream) {
    StreamRecord before = stream.previousReady;
    StreamRecord behind = stream.nextReady;
    if (before == null) {
      first = behind;
    } else {
      before.nextReady = behind;
    }
    if (behind == null) {
      last = before;
    } else {
      behind.previousReady = before;
    }
    stream.previousReady = null;
    stream.nextReady = null;
    stream.queued = false;
    waiting--;
  }
}
