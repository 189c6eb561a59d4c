package dev.sluice.app;

/** A listener of the demo's engine: one half of a pairing. */
enum Entrance {
  /** Clear HTTP. */
  CLEAR("clear", "http"),
  /** TLS that speaks http/1.1 by ALPN. */
  TLS("TLS", "https");

  private final String label;
  private final String scheme;

  Entrance(String label, String scheme) {
    this.label = label;
    this.scheme = scheme;
  }

  /** As the table calls it. */
  String label() {
    return label;
  }

  /** The scheme of URLs that lead to it. */
  String scheme() {
    return scheme;
  }

  /** The name of its frontend. */
  String frontend() {
    return scheme;
  }

  /** The entrance with that frontend. */
  static Entrance of(String frontend) {
    for (Entrance entrance : values()) {
      if (entrance.frontend().equals(frontend)) {
        return entrance;
      }
    }
    throw new IllegalArgumentException("no frontend of the demo: " + frontend);
  }
}
