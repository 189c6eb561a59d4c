package dev.sluice.core.message;

/**
 * The protocol version of the hop that a message came over (RFC 9110 2.5). It describes the sender,
 * not the message: what is passed on carries the version of the next hop.
 */
public enum HttpVersion {
  /** HTTP/1.0: no persistence unless asked for, no chunked coding, no interim responses. */
  HTTP_1_0(1, 0),
  /** HTTP/1.1; also a higher minor version of major version 1, which is treated as 1.1. */
  HTTP_1_1(1, 1),
  /** HTTP/2. */
  HTTP_2(2, 0);

  private final int major;
  private final int minor;

  HttpVersion(int major, int minor) {
    this.major = major;
    this.minor = minor;
  }

  /** The major version. */
  public int major() {
    return major;
  }

  /** The minor version. */
  public int minor() {
    return minor;
  }
}
