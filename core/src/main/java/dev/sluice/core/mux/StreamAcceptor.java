package dev.sluice.core.mux;

import dev.sluice.core.observe.CloseCause;

/**
 * Given to a mux on the front side when it is created. Confined to the connection's loop; called
 * from the loop's dispatch only.
 */
public interface StreamAcceptor {
  /**
   * The first byte of a request's head is here, and the rest is not: the exchange that is accepted
   * or rejected next has begun now. A mux on which heads of several requests can be under way at a
   * time does not call this; their exchanges begin when they are accepted.
   */
  default void headBegun() {}

  /**
   * A new exchange begins. Called once for each, before anything else is said of it.
   *
   * @param stream the lower half
   * @return the upper half, to which everything that arrives is told
   */
  StreamHandler accept(MuxStream stream);

  /**
   * The mux has answered a request by itself that was never a stream: a malformed head, a head that
   * did not come in time. One record is written for it.
   *
   * @param status what the client got, or 0 if nothing could be sent
   * @param cause why
   * @param detail what was wrong with it, a constant
   */
  void rejected(int status, CloseCause cause, String detail);
}
