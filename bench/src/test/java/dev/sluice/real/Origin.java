package dev.sluice.real;

/** The origins of the matrix. */
enum Origin {
  NGINX_CLEAR(false, false, false),
  NGINX_TLS(true, false, false),
  /** Takes h2 and http/1.1. */
  NGINX_TLS_H2(true, true, false),
  HAPROXY_TLS(true, false, false),
  /** Takes h2 and http/1.1; the files are those of nginx behind it. */
  HAPROXY_TLS_H2(true, true, false),
  /** Speaks nothing but clear HTTP/2. */
  HAPROXY_CLEAR_H2(false, true, false),
  /**
   * openssl s_server -WWW: no ALPN, HTTP/1.0, the end of the content is the end of the connection.
   */
  OPENSSL_WITHOUT_ALPN(true, false, false),
  NODE(false, false, true),
  /** Speaks nothing but clear HTTP/2. */
  NODE_CLEAR_H2(false, true, true);

  final boolean tls;

  /** Whether the engine is to speak HTTP/2 with it. */
  final boolean h2;

  /** Whether it tells the hash of what it got; the others serve files only. */
  final boolean hashes;

  Origin(boolean tls, boolean h2, boolean hashes) {
    this.tls = tls;
    this.h2 = h2;
    this.hashes = hashes;
  }
}
