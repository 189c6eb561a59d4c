package dev.sluice.core.mux;

/** Which side of the proxy a connection is on. */
public enum Side {
  /** Towards clients: accepted connections. */
  FRONT,
  /** Towards servers: dialled connections. */
  BACK
}
