package dev.sluice.core.loop;

import dev.sluice.core.time.TimerWheel;

/** What a {@link Poller} may ask of the loop that drives it. Confined to that loop. */
public interface PollerHost {
  /** Returns the time of the present turn. */
  long nowNanos();

  /** Returns the timers of the loop. */
  TimerWheel timers();

  /** Returns the counters of the loop. */
  LoopCounters counters();

  /**
   * Calls a handler that is ready. If it throws, that is counted and reported, its {@link
   * IoHandler#onHandlerFailure} is called and its socket closed; nothing is thrown from here.
   */
  void dispatch(IoHandler handler, TcpSocket socket, int readyOps);

  /** Gives up a socket that the poller has lost, in the same way as if its handler had thrown. */
  void lose(IoHandler handler, TcpSocket socket, Throwable failure);

  /** Reports a failure that belongs to no socket's handler. */
  void report(String what, Throwable failure);
}
