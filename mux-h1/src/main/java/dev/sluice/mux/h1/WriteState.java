package dev.sluice.mux.h1;

/**
 * Where our direction of an h1 connection is, as the upper half drives it.
 *
 * <pre>
 *             next exchange
 *      +---------------------------+
 *      v                           |
 *    IDLE --> HEAD --> CONTENT --> DONE --> TUNNEL --> ENDED
 *              | \        |         ^         ^
 *              |  \-------|---------|---------+  101, 2xx to CONNECT at the front
 *              |   \------|---------+            no content
 *              v          v
 *             CUT, from everywhere but IDLE
 * </pre>
 */
enum WriteState {
  /** There is no exchange. */
  IDLE,
  /** The upper half has not yet given the head of its message. */
  HEAD,
  /** The head is out, content follows. */
  CONTENT,
  /** The message is whole. */
  DONE,
  /** Bytes pass as they are. */
  TUNNEL,
  /** Our direction of the tunnel has ended. */
  ENDED,
  /** The upper half has cut the stream, or can't finish its message. */
  CUT;

  private static final int[] NEXT = {
    bits(HEAD),
    bits(CONTENT, DONE, TUNNEL, CUT, IDLE),
    bits(DONE, CUT, IDLE),
    bits(TUNNEL, CUT, IDLE),
    bits(ENDED, CUT, IDLE),
    bits(CUT, IDLE),
    bits(IDLE)
  };

  /** Whether that state may follow this one. */
  boolean mayBecome(WriteState next) {
    return (NEXT[ordinal()] & 1 << next.ordinal()) != 0;
  }

  private static int bits(WriteState... states) {
    int bits = 0;
    for (WriteState state : states) {
      bits |= 1 << state.ordinal();
    }
    return bits;
  }
}
