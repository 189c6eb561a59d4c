package dev.sluice.tls.engine;

/** The protocol versions that the engine speaks, older first. */
public enum TlsVersion {
  /** RFC 5246, with extended master secret (RFC 7627) and AEAD suites only. */
  TLS_1_2(0x0303, "TLSv1.2"),
  /** RFC 8446. */
  TLS_1_3(0x0304, "TLSv1.3");

  private final int code;
  private final String text;

  TlsVersion(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** The version as it stands in the hello messages. */
  public int code() {
    return code;
  }

  /** The name in the form that logs and the JDK use, {@code TLSv1.3}. */
  public String text() {
    return text;
  }
}
