package dev.sluice.real;

/** The origins of the matrix. */
enum Origin {
  NGINX_CLEAR(false, false),
  NGINX_TLS(true, false),
  HAPROXY_TLS(true, false),
  /**
   * openssl s_server -WWW: no ALPN, HTTP/1.0, the end of the content is the end of the connection.
   */
  OPENSSL_WITHOUT_ALPN(true, false),
  NODE(false, true);

  final boolean tls;

  /** Whether it tells the hash of what it got; the others serve files only. */
  final boolean hashes;

  Origin(boolean tls, boolean hashes) {
    this.tls = tls;
    this.hashes = hashes;
  }
}
