package dev.sluice.tls.engine;

import org.jspecify.annotations.Nullable;

/** The key exchange groups that the engine speaks, in the default order of preference. */
public enum TlsGroup {
  /**
   * X25519 together with ML-KEM-768, secure as long as either is (draft-ietf-tls-ecdhe-mlkem): what
   * is recorded today stays secret from the quantum computers of tomorrow. TLS 1.3 only.
   */
  X25519MLKEM768(0x11EC),
  /** RFC 7748. */
  X25519(0x001D),
  /** NIST P-256. */
  SECP256R1(0x0017),
  /** NIST P-384. */
  SECP384R1(0x0018);

  private final int code;

  TlsGroup(int code) {
    this.code = code;
  }

  /** The group's number on the wire. */
  public int code() {
    return code;
  }

  /** Whether a quantum computer would not break it; such groups exist in TLS 1.3 only. */
  public boolean postQuantum() {
    return this == X25519MLKEM768;
  }

  /** The group with that number, or null if it is none of ours. */
  public static @Nullable TlsGroup byCode(int code) {
    for (TlsGroup group : values()) {
      if (group.code == code) {
        return group;
      }
    }
    return null;
  }
}
