package dev.sluice.core.stream;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.RetryKind;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;

/**
 * The inactivity timeouts of an exchange: whoever is waited for has so long to do anything.
 * Activity only notes the time; the timer looks when it fires, and arms itself anew for what is
 * left. Confined to its loop.
 */
final class StreamTimer extends Timer {
  private final ProxyStream stream;
  private long clientNanos;
  private long serverNanos;

  /** Whether the time of a try runs, and until when. */
  private boolean tryRuns;

  private long tryDueNanos;

  StreamTimer(ProxyStream stream) {
    this.stream = stream;
  }

  /** The client did something, or begins to be waited for. */
  void clientActive() {
    clientNanos = stream.loop().nowNanos();
    armBy(Deadline.after(clientNanos, stream.timeouts().client().toNanos()));
  }

  /** The server did something, or begins to be waited for. */
  void serverActive() {
    serverNanos = stream.loop().nowNanos();
    armBy(Deadline.after(serverNanos, stream.timeouts().server().toNanos()));
  }

  /** Someone moved a byte through the tunnel. */
  void tunnelActive() {
    clientNanos = stream.loop().nowNanos();
    serverNanos = clientNanos;
    armBy(Deadline.after(clientNanos, stream.timeouts().tunnel().toNanos()));
  }

  /** The request is whole with the server: the time of the try runs, if it has one. */
  void requestSent() {
    long max = stream.tryTimeoutNanos();
    if (max > 0) {
      tryRuns = true;
      tryDueNanos = Deadline.after(stream.loop().nowNanos(), max);
      armBy(tryDueNanos);
    }
  }

  /** The try has ended before its time. */
  void tryOver() {
    tryRuns = false;
  }

  void cancel() {
    tryRuns = false;
    stream.loop().timers().cancel(this);
  }

  private void armBy(long deadlineNanos) {
    if (!armed() || deadlineNanos - deadlineNanos() < 0) {
      stream.loop().timers().arm(this, deadlineNanos);
    }
  }

  @Override
  protected void onTimer(long nowNanos) {
    long next = Long.MAX_VALUE;
    if (stream.inTunnel()) {
      long due =
          Deadline.after(Math.max(clientNanos, serverNanos), stream.timeouts().tunnel().toNanos());
      if (due <= nowNanos) {
        stream.onTimeout(CloseCause.TUNNEL_TIMEOUT);
        return;
      }
      next = due;
    } else {
      if (tryRuns && tryDueNanos <= nowNanos) {
        tryRuns = false;
        if (stream.retry(RetryKind.RESPONSE_TIMEOUT)) {
          return;
        }
      }
      if (tryRuns) {
        next = tryDueNanos;
      }
      if (stream.waitsForServer()) {
        long due = Deadline.after(serverNanos, stream.timeouts().server().toNanos());
        if (due <= nowNanos) {
          stream.onTimeout(CloseCause.SERVER_TIMEOUT);
          return;
        }
        next = Math.min(next, due);
      }
      if (stream.waitsForClient()) {
        long due = Deadline.after(clientNanos, stream.timeouts().client().toNanos());
        if (due <= nowNanos) {
          stream.onTimeout(CloseCause.CLIENT_TIMEOUT);
          return;
        }
        next = Math.min(next, due);
      }
    }
    if (next != Long.MAX_VALUE) {
      stream.loop().timers().arm(this, next);
    }
  }

  @Override
  protected void onTimerFailure(Throwable problem) {
    stream.onBroken(problem);
  }
}
