package dev.sluice.mux.h1;

/**
 * Where the peer's direction of an h1 connection is.
 *
 * <pre>
 *                        next request, next response
 *        +---------------------------------------------------------+
 *        v                                                         |
 *      IDLE --> HEAD --> CONTENT --> DONE -------------------------+
 *        |       |  \       |  \       |                           |
 *        |       |   \      |   \      +--> TUNNEL --> ENDED       |
 *        |       |    +-> DONE   +--> DROPPING --------------------+
 *        v       v          v          v         v
 *      CLOSED (from everywhere)
 * </pre>
 */
enum ReadState {
  /** No message has begun: the connection is idle, or its request is still to be sent. */
  IDLE,
  /** At the front a part of a head has come; at the back a response is awaited. */
  HEAD,
  /** Content comes, and goes to the handler. */
  CONTENT,
  /** The message is whole; what follows waits in the input buffer. */
  DONE,
  /** Bytes pass as they are. */
  TUNNEL,
  /** The peer has ended its direction of the tunnel. */
  ENDED,
  /** The exchange is over; the rest of the peer's message is read and dropped. */
  DROPPING,
  /** The connection is being closed: nothing is read any more. */
  CLOSED;

  private static final int[] NEXT = {
    bits(HEAD, CONTENT, DONE, CLOSED),
    bits(IDLE, CONTENT, DONE, TUNNEL, CLOSED),
    bits(IDLE, DONE, TUNNEL, DROPPING, CLOSED),
    bits(IDLE, TUNNEL, CLOSED),
    bits(ENDED, CLOSED),
    bits(CLOSED),
    bits(IDLE, CLOSED),
    bits()
  };

  /** Whether that state may follow this one. */
  boolean mayBecome(ReadState next) {
    return (NEXT[ordinal()] & 1 << next.ordinal()) != 0;
  }

  private static int bits(ReadState... states) {
    int bits = 0;
    for (ReadState state : states) {
      bits |= 1 << state.ordinal();
    }
    return bits;
  }
}
