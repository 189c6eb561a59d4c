package dev.sluice.core.backend.pool;

/** What a request that waits could not have when it last tried. */
public enum Shortage {
  /** Nothing was tried: others stand before it. */
  TURN,
  /** A permit for a request. */
  REQUEST,
  /** Room on a connection, and a permit to make one. */
  CONNECTION,
  /** Room on a connection; and so many are being made that there will be some. */
  HANDSHAKE,
  /** A connection that was asked of another loop, and is on its way if it comes. */
  MOVE
}
