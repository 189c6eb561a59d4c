package dev.sluice.app;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an embedded origin server speaks: the other half of a pairing. */
enum OriginKind {
  /** HTTP/1.1 without TLS. */
  CLEAR("clear", "clear h1", false, "h1"),
  /** HTTP/2 without TLS, which nothing tells: the engine is configured to speak it. */
  CLEAR_H2("clear-h2", "clear h2", false, "h2"),
  /** TLS, and whichever of the two the engine likes better. */
  ALPN("alpn", "TLS h2, h1", true, "h2"),
  /** TLS, and nothing but h2. */
  H2("h2", "TLS only h2", true, "h2"),
  /** TLS, and nothing but http/1.1. */
  H1("h1", "TLS only h1", true, "h1"),
  /** TLS by a server that has never heard of ALPN. */
  NO_ALPN("no-alpn", "TLS no ALPN", true, "h1"),
  /** TLS by a server that speaks a protocol which the engine doesn't offer. */
  IRC("irc", "TLS only irc", true, "");

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

  /** What the engine speaks with it, as records have it; empty if nothing. */
  String protocol() {
    return protocol;
  }

  /** The protocols that it takes by ALPN; if empty, it does not know ALPN. */
  List<String> offers() {
    return switch (this) {
      case ALPN -> List.of("h2", "http/1.1");
      case H2 -> List.of("h2");
      case H1 -> List.of("http/1.1");
      case IRC -> List.of("irc");
      case CLEAR, CLEAR_H2, NO_ALPN -> List.of();
    };
  }

  /** What ALPN should come to; empty if to nothing. */
  String agreed() {
    return offers().isEmpty() ? "" : offers().get(0);
  }

  /** Whether it speaks HTTP/2, for which the JDK has no server. */
  boolean h2() {
    return protocol.equals("h2");
  }

  /** Whether the engine can talk to it at all. */
  boolean reachable() {
    return !protocol.isEmpty();
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
