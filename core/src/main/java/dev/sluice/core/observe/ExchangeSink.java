package dev.sluice.core.observe;

/** Where the records of exchanges go: counters, access log, observer. Called on the loops. */
public interface ExchangeSink {
  /**
   * An exchange has begun.
   *
   * @param loopIndex the number of its loop
   */
  void onBegin(int loopIndex);

  /**
   * An exchange has ended.
   *
   * @param loopIndex the number of its loop
   * @param record lent for the call
   */
  void onEnd(int loopIndex, ExchangeRecord record);

  /** A connection to a server never got a mux. */
  void onConnectFailed(int loopIndex, String server, Failure failure);

  /** A client's connection never got a mux: its handshake failed, or it sent no first byte. */
  void onClientFailed(int loopIndex, String frontend, Failure failure);
}
