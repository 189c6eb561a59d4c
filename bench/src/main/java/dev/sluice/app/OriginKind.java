package dev.sluice.app;

import org.jspecify.annotations.Nullable;

/** What an embedded origin server speaks: the other half of a pairing. */
enum OriginKind {
  /** HTTP/1.1 without TLS. */
  CLEAR("clear", "clear", false, ""),
  /** TLS, and http/1.1 agreed on by ALPN. */
  ALPN("alpn", "TLS http/1.1", true, "http/1.1"),
  /** TLS by a server that has never heard of ALPN. */
  NO_ALPN("no-alpn", "TLS no ALPN", true, ""),
  /** TLS by a server that speaks a protocol which the engine doesn't offer. */
  IRC("irc", "TLS only irc", true, "irc");

  private final String key;
  private final String label;
  private final boolean tls;
  private final String protocol;

  OriginKind(String key, String label, boolean tls, String protocol) {
    this.key = key;
    this.label = label;
    this.tls = tls;
    this.protocol = protocol;
  }

  /** The first segment of paths and the first label of host names that lead to it. */
  String key() {
    return key;
  }

  /** As the table calls it. */
  String label() {
    return label;
  }

  /** Whether it speaks TLS. */
  boolean tls() {
    return tls;
  }

  /** The protocol that it takes by ALPN; if empty, it does not know ALPN. */
  String protocol() {
    return protocol;
  }

  /** Whether the engine can talk to it at all. */
  boolean reachable() {
    return this != IRC;
  }

  /** The origin with that key, or null. */
  static @Nullable OriginKind of(String key) {
    for (OriginKind kind : values()) {
      if (kind.key.equals(key)) {
        return kind;
      }
    }
    return null;
  }
}
