package dev.sluice.mux.h2;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * The answer to a websocket client's key, which HTTP/2 doesn't have (RFC 6455 4.2.2, RFC 8441 5).
 */
final class WebSocketKey {
  private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final int KEY_BYTES = 16;

  private WebSocketKey() {}

  /** A value for Sec-WebSocket-Key. It keeps caches from answering, and is no secret. */
  static String random(RandomGenerator random) {
    byte[] nonce = new byte[KEY_BYTES];
    random.nextBytes(nonce);
    return Base64.getEncoder().encodeToString(nonce);
  }

  /** The value of Sec-WebSocket-Accept for this key. */
  static String acceptValue(String key) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
    byte[] hash = digest.digest((key + SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
    return Base64.getEncoder().encodeToString(hash);
  }
}
