package dev.sluice.app;

/** A listener of the demo's engine. */
enum Entrance {
  /** Clear HTTP, of the version that the client's first bytes tell. */
  CLEAR("clear", "http"),
  /** TLS that takes h2 and http/1.1 by ALPN. */
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
