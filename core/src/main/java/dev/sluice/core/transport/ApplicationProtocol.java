package dev.sluice.core.transport;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake agreed on: an ALPN protocol name (RFC 7301), or {@link #NONE}. A type of its
 * own, so that a protocol name can't be compared with the name of a mux: "http/1.1" is not "h1".
 *
 * <p>Immutable; any thread.
 */
public final class ApplicationProtocol {
  /** No protocol was agreed on: the extension was absent, or its answer empty. */
  public static final ApplicationProtocol NONE = new ApplicationProtocol("");

  /** HTTP/1.1. */
  public static final ApplicationProtocol HTTP_1_1 = new ApplicationProtocol("http/1.1");

  /** HTTP/2 over TLS. */
  public static final ApplicationProtocol H2 = new ApplicationProtocol("h2");

  private static final int TOKEN_LENGTH_MAX = 255;

  private final String token;

  private ApplicationProtocol(String token) {
    this.token = token;
  }

  /**
   * The protocol of a name as it stands in the handshake. Null and the empty string both mean
   * {@link #NONE}: the ways in which APIs say "none agreed" must not lead to different results.
   *
   * @throws IllegalArgumentException if the name is longer than 255 bytes or not ISO 8859-1
   */
  public static ApplicationProtocol of(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      return NONE;
    }
    if (token.equals(HTTP_1_1.token)) {
      return HTTP_1_1;
    }
    if (token.equals(H2.token)) {
      return H2;
    }
    if (token.length() > TOKEN_LENGTH_MAX || !token.chars().allMatch(c -> c <= 0xff)) {
      throw new IllegalArgumentException(
          "ALPN protocol name \"" + token + "\": 1 to 255 single-byte characters are allowed");
    }
    return new ApplicationProtocol(token);
  }

  /** The protocols of a list of names, in its order. */
  public static List<ApplicationProtocol> listOf(List<String> tokens) {
    List<ApplicationProtocol> protocols = new ArrayList<>(tokens.size());
    for (String token : tokens) {
      protocols.add(of(token));
    }
    return Collections.unmodifiableList(protocols);
  }

  /** Whether this is {@link #NONE}. */
  public boolean isNone() {
    return token.isEmpty();
  }

  /** The name as it stands in the handshake; empty for {@link #NONE}. */
  public String token() {
    return token;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ApplicationProtocol that && token.equals(that.token);
  }

  @Override
  public int hashCode() {
    return token.hashCode();
  }

  @Override
  public String toString() {
    return isNone() ? "(none)" : token;
  }
}
