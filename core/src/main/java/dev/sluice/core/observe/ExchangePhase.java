package dev.sluice.core.observe;

/** How far an exchange had come when it ended. In the order of time. */
public enum ExchangePhase {
  /** The request's head was being read. */
  REQUEST,
  /** The router was deciding, or had been suspended. */
  ROUTING,
  /** It waited for a server to be free, or for the time of its next attempt. */
  QUEUE,
  /** The connection to the server was being made. */
  CONNECT,
  /** The request had been sent, no byte of the response had come. */
  WAITING,
  /** The response was passing. */
  RESPONSE,
  /** A tunnel. */
  TUNNEL,
  /** Everything was over. */
  DONE
}
