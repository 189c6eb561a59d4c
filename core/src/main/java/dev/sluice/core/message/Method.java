package dev.sluice.core.message;

import java.nio.charset.StandardCharsets;

/**
 * The request methods that the engine knows by name (RFC 9110 9.3, RFC 5789), and {@link #OTHER}
 * for the rest, which pass through unchanged. Method names are case-sensitive.
 */
public enum Method {
  /** GET. */
  GET(true),
  /** HEAD: its response never has a body. */
  HEAD(true),
  /** POST. */
  POST(false),
  /** PUT. */
  PUT(true),
  /** DELETE. */
  DELETE(true),
  /** CONNECT: asks for a tunnel. */
  CONNECT(false),
  /** OPTIONS. */
  OPTIONS(true),
  /** TRACE. */
  TRACE(true),
  /** PATCH. */
  PATCH(false),
  /** Any other token; the head keeps its bytes. Not known to be idempotent. */
  OTHER(false);

  private final boolean idempotent;

  // Lent to the encoders, which only read it: a copy for each call would be the only other way.
  @SuppressWarnings("ImmutableEnumChecker")
  private final byte[] bytes;

  Method(boolean idempotent) {
    this.idempotent = idempotent;
    this.bytes = name().getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether sending the request twice has the effect of sending it once (RFC 9110 9.2.2). */
  public boolean idempotent() {
    return idempotent;
  }

  /** The name as it stands on the wire; lent, never written to. Meaningless for {@link #OTHER}. */
  public byte[] bytes() {
    return bytes;
  }

  /** The method of this name, or {@link #OTHER}. */
  public static Method of(byte[] src, int offset, int length) {
    Method guess =
        switch (length) {
          case 3 -> src[offset] == 'G' ? GET : PUT;
          case 4 -> src[offset] == 'P' ? POST : HEAD;
          case 5 -> src[offset] == 'P' ? PATCH : TRACE;
          case 6 -> DELETE;
          case 7 -> src[offset] == 'C' ? CONNECT : OPTIONS;
          default -> OTHER;
        };
    if (guess == OTHER) {
      return OTHER;
    }
    byte[] name = guess.bytes;
    for (int i = 0; i < length; i++) {
      if (src[offset + i] != name[i]) {
        return OTHER;
      }
    }
    return guess;
  }
}
