package dev.sluice.core.observe;

/** How far a drain has come. The phases follow on each other; any may lead to the cut. */
public enum DrainPhase {
  /** The engine says that it is not ready any more, and goes on as before. */
  NOTICE,
  /** It still accepts, and every answer is the last one of its connection. */
  WINDOW,
  /** The listeners are closed; idle clients may bring one more request, if it is on its way. */
  LAST_CALL,
  /** Idle clients are let go; exchanges finish. */
  FINISHING,
  /** The deadline has passed, or somebody asked for the end: what is left is cut. */
  CUT,
  /** No client is left; connections to servers are closed. */
  SERVERS,
  /** Nothing is left. */
  DONE
}
