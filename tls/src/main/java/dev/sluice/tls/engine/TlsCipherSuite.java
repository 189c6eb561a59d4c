package dev.sluice.tls.engine;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The suites that the engine speaks: AEAD with ephemeral key exchange and nothing else. The
 * constants carry the IANA names; their order is the default preference, which puts AES-128 first
 * because it is the fastest on hardware with AES instructions and 128 bits are enough.
 */
public enum TlsCipherSuite {
  /** RFC 8446 B.4. */
  TLS_AES_128_GCM_SHA256(0x1301, TlsVersion.TLS_1_3),
  /** RFC 8446 B.4. */
  TLS_AES_256_GCM_SHA384(0x1302, TlsVersion.TLS_1_3),
  /** RFC 8446 B.4. */
  TLS_CHACHA20_POLY1305_SHA256(0x1303, TlsVersion.TLS_1_3),
  /** RFC 5289. */
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(0xC02B, TlsVersion.TLS_1_2),
  /** RFC 5289. */
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(0xC02F, TlsVersion.TLS_1_2),
  /** RFC 5289. */
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384(0xC02C, TlsVersion.TLS_1_2),
  /** RFC 5289. */
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384(0xC030, TlsVersion.TLS_1_2),
  /** RFC 7905. */
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(0xCCA9, TlsVersion.TLS_1_2),
  /** RFC 7905. */
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(0xCCA8, TlsVersion.TLS_1_2);

  /** All names by which a suite is known. */
  private static final Map<String, TlsCipherSuite> BY_NAME = new HashMap<>();

  static {
    for (TlsCipherSuite suite : values()) {
      BY_NAME.put(suite.name(), suite);
      BY_NAME.put(suite.opensslName(), suite);
    }
  }

  private final int code;
  private final TlsVersion version;

  TlsCipherSuite(int code, TlsVersion version) {
    this.code = code;
    this.version = version;
  }

  /** The suite's number on the wire. */
  public int code() {
    return code;
  }

  /** The one version that the suite belongs to. */
  public TlsVersion version() {
    return version;
  }

  /**
   * OpenSSL's name: the same as IANA's for TLS 1.3, and for TLS 1.2 of the form {@code
   * ECDHE-ECDSA-AES128-GCM-SHA256}.
   */
  public String opensslName() {
    if (version == TlsVersion.TLS_1_3) {
      return name();
    }
    String exchange = name().startsWith("TLS_ECDHE_ECDSA_") ? "ECDHE-ECDSA-" : "ECDHE-RSA-";
    if (name().contains("CHACHA20")) {
      return exchange + "CHACHA20-POLY1305";
    }
    return exchange + (name().contains("AES_128") ? "AES128-GCM-SHA256" : "AES256-GCM-SHA384");
  }

  /** The suite of that name, IANA's or OpenSSL's, or null if it is none of ours. */
  public static @Nullable TlsCipherSuite byName(String name) {
    return BY_NAME.get(name);
  }

  /** The suite with that number, or null if it is none of ours. */
  public static @Nullable TlsCipherSuite byCode(int code) {
    for (TlsCipherSuite suite : values()) {
      if (suite.code == code) {
        return suite;
      }
    }
    return null;
  }
}
