package dev.sluice.mux.h2.hpack;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes of tests. */
final class Bytes {
  private Bytes() {}

  static byte[] ofHex(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  static byte[] ofText(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
