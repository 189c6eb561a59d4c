package dev.sluice.core.config;

/** How a backend chooses a server. */
public enum Balance {
  /** One after the other. */
  ROUND_ROBIN,
  /** The server with the fewest requests under way and waiting. */
  LEAST_CONNECTIONS
}
