package dev.sluice.app;

import dev.sluice.core.message.HttpVersion;

/** What a client of the demo's engine speaks: the first half of a pairing. */
enum ClientKind {
  /** HTTP/1.1 without TLS. */
  CLEAR_H1(Entrance.CLEAR, "h1"),
  /** HTTP/2 without TLS, with prior knowledge (RFC 9113 3.3). */
  CLEAR_H2(Entrance.CLEAR, "h2"),
  /** TLS, and http/1.1 agreed on by ALPN. */
  TLS_H1(Entrance.TLS, "h1"),
  /** TLS, and h2 agreed on by ALPN. */
  TLS_H2(Entrance.TLS, "h2");

  private final Entrance entrance;
  private final String protocol;

  ClientKind(Entrance entrance, String protocol) {
    this.entrance = entrance;
    this.protocol = protocol;
  }

  /** The listener that it comes to. */
  Entrance entrance() {
    return entrance;
  }

  /** What it speaks, as records have it. */
  String protocol() {
    return protocol;
  }

  /** As messages call it. */
  String label() {
    return entrance.label() + " " + protocol;
  }

  /** The first part of the names of its backends. */
  String key() {
    return entrance.frontend() + "-" + protocol;
  }

  /** The kind that comes in there and speaks that. */
  static ClientKind of(Entrance entrance, HttpVersion version) {
    if (version == HttpVersion.HTTP_2) {
      return entrance == Entrance.TLS ? TLS_H2 : CLEAR_H2;
    }
    return entrance == Entrance.TLS ? TLS_H1 : CLEAR_H1;
  }
}
