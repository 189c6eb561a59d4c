package dev.sluice.core.mux;

/** What the engine must know of a mux before it makes one. */
public enum MuxTrait {
  /** Carries more than one stream at a time. */
  MULTIPLEX,
  /** A stream that isn't read can block the others of its connection. */
  HOL_RISK,
  /** Its connections may be used again for another stream, so they may be pooled. */
  REUSABLE,
  /** Can be told by its first bytes on a clear listener. */
  RECOGNIZABLE
}
