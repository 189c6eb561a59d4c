package dev.sluice.mux.h2.hpack;

/** Writes prefixed integers for tests (RFC 7541 5.1), by the book and apart from the encoder. */
final class HpackIntegers {
  String hex(int firstBits, int prefixBits, int value) {
    int mask = (1 << prefixBits) - 1;
    if (value < mask) {
      return String.format("%02x", firstBits | value);
    }
    StringBuilder hex = new StringBuilder(String.format("%02x", firstBits | mask));
    int rest = value - mask;
    while (rest >= 128) {
      hex.append(String.format("%02x", rest % 128 + 128));
      rest /= 128;
    }
    return hex.append(String.format("%02x", rest)).toString();
  }
}
