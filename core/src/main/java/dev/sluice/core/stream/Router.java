package dev.sluice.core.stream;

/**
 * Decides what becomes of a request: a hook of the embedding program, given to the engine's
 * builder. Called on a loop, so it must not block; several loops may call it at a time.
 */
@FunctionalInterface
public interface Router {
  /**
   * Looks at a request, may rewrite its head, and says where it goes. If nothing is said, the
   * frontend's own action holds. What it throws ends the exchange with a 500 and the cause {@code
   * ROUTER_FAILED}.
   *
   * @param call lent for the call, unless it is suspended
   */
  void route(RoutingCall call);
}
