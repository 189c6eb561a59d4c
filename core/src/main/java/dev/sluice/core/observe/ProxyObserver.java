package dev.sluice.core.observe;

/**
 * Watches the engine; given to its builder. Called on the loops, so it must not block, and must be
 * safe for several loops at a time. What it throws is reported and has no other effect.
 */
public interface ProxyObserver {
  /**
   * An exchange has ended.
   *
   * @param record lent for the call; {@link ExchangeRecord#snapshot()} makes a copy to keep
   */
  void onExchange(ExchangeRecord record);

  /**
   * A connection to a server could not be used: its connect or handshake failed.
   *
   * @param server the server's name
   * @param failure why
   */
  default void onConnectFailed(String server, Failure failure) {}

  /**
   * A client's connection came to nothing: its handshake failed, or no first byte came.
   *
   * @param frontend the frontend's name
   * @param failure why
   */
  default void onClientFailed(String frontend, Failure failure) {}

  /**
   * A drain has come to its next phase; with the first one the engine is not ready any more. Always
   * called on the same loop.
   */
  default void onDrain(DrainPhase phase) {}
}
