package dev.sluice.app;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What came over a connection, by length and SHA-256, and the pattern that is sent over it. */
final class ContentHash {
  // A prime, so that the pattern does not repeat at the sizes of buffers.
  private static final int PERIOD = 251;
  private static final byte[] PATTERN = new byte[PERIOD * 64];

  static {
    for (int i = 0; i < PATTERN.length; i++) {
      PATTERN[i] = (byte) (i % PERIOD);
    }
  }

  private final MessageDigest digest;
  private long bytes;

  ContentHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The first bytes of the pattern. */
  static byte[] pattern(int length) {
    byte[] content = new byte[length];
    for (int at = 0; at < length; at += PATTERN.length) {
      System.arraycopy(PATTERN, 0, content, at, Math.min(PATTERN.length, length - at));
    }
    return content;
  }

  /** Writes the first bytes of the pattern. */
  static void writePattern(OutputStream out, int length) throws IOException {
    for (int left = length; left > 0; left -= PATTERN.length) {
      out.write(PATTERN, 0, Math.min(PATTERN.length, left));
    }
  }

  /** The text of what holds exactly this content. */
  static String textOf(byte[] content) {
    ContentHash hash = new ContentHash();
    hash.add(content, content.length);
    return hash.text();
  }

  /** Reads exactly so many bytes. */
  void read(InputStream in, long length) throws IOException {
    byte[] chunk = new byte[(int) Math.min(length, 16 << 10)];
    long left = length;
    while (left > 0) {
      int got = in.read(chunk, 0, (int) Math.min(left, chunk.length));
      if (got < 0) {
        throw new EOFException("the content ended " + left + " bytes early");
      }
      add(chunk, got);
      left -= got;
    }
  }

  private void add(byte[] from, int length) {
    digest.update(from, 0, length);
    bytes += length;
  }

  /** Hash and length in one line. Ends the hash. */
  String text() {
    return "sha256 " + HexFormat.of().formatHex(digest.digest()) + ", " + bytes + " bytes";
  }
}
