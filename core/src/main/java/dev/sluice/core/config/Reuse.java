package dev.sluice.core.config;

/** Which requests may use a connection that another request has opened (HAProxy's http-reuse). */
public enum Reuse {
  /** Each request has a connection of its own. */
  NEVER,
  /**
   * The first request of a client's connection opens a new one, unless it may be sent again; later
   * ones take what is idle.
   */
  SAFE,
  /**
   * The first request of a client's connection opens a new one, unless it may be sent again or
   * there is one that has proven to live: it was used again before, or carries many requests.
   */
  AGGRESSIVE,
  /** Any request takes what is idle. */
  ALWAYS
}
