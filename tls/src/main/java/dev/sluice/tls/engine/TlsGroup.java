package dev.sluice.tls.engine;

import org.jspecify.annotations.Nullable;

/** The key exchange groups that the engine speaks, in the default order of preference. */
public enum TlsGroup {
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
