package dev.sluice.core.stream;

/**
 * Where a proxied exchange is.
 *
 * <pre>
 * FREE --accept--&gt; OPEN --head--&gt; ROUTING --suspend--&gt; SUSPENDED
 *                                    |                     |
 *                                    +--&gt; SEEKING &lt;--------+      seeking: queued or connecting
 *                                    |       |  ^
 *                                    |    ready |  attempt failed, another follows
 *                                    |       v  |
 *                                    |    EXCHANGING --101, 2xx to CONNECT, TCP mode--&gt; TUNNEL
 *                                    |       |
 *                                    +--&gt; ANSWERING                the engine's own response
 * any --&gt; OVER --recycled--&gt; FREE
 * </pre>
 */
enum StreamPhase {
  /** In the pool of streams. */
  FREE,
  /** Accepted by the front mux; the head has not come. */
  OPEN,
  /** The router is asked. */
  ROUTING,
  /** The router's decision comes later. */
  SUSPENDED,
  /** Waits for a server, or for a connection to it. */
  SEEKING,
  /** Attached: the messages pass. */
  EXCHANGING,
  /** Bytes pass both ways. */
  TUNNEL,
  /** The engine answers by itself; what the client still sends is dropped. */
  ANSWERING,
  /** Both halves are let go of, or about to. */
  OVER
}
