package dev.sluice.simulation;

import java.net.InetSocketAddress;

/** The kinds of origins, one backend with one server each. */
enum Kind {
  /** h1 without a handshake. */
  CLEAR,
  /** Agrees on http/1.1. */
  ALPN,
  /** Shakes hands, and agrees on nothing. */
  NO_ALPN,
  /** Speaks only a protocol that nobody here knows. */
  UNKNOWN,
  /** Agrees on the token of the test mux, which multiplexes. */
  MULTI,
  /** Agrees on h2. */
  H2,
  /** h2 without a handshake, which the engine is told to speak. */
  CLEAR_H2;

  /** The name that is sent and verified in handshakes. */
  static final String HOST = "a.example";

  /** The first segment of paths that lead to it, and the name of its backend and server. */
  String token() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  InetSocketAddress address() {
    return new InetSocketAddress("192.0.2." + (100 + ordinal()), 8443);
  }

  boolean shakesHands() {
    return this != CLEAR && this != CLEAR_H2;
  }

  /** Whether one connection carries several exchanges at a time. */
  boolean multiplexes() {
    return this == MULTI || this == H2 || this == CLEAR_H2;
  }
}
