package dev.sluice.core.testkit;

/** What a {@link SimPoller} may have to report: a socket or an acceptor. */
abstract class SimReady {
  /** Whether the poller's list of candidates holds this. */
  boolean listed;

  /** Returns the bits of Interest that are both wanted and ready. */
  abstract int readyOps();

  /** Returns the bits that are wanted. */
  abstract int wantedOps();

  /** Calls the handler. */
  abstract void dispatch(int readyOps);
}
