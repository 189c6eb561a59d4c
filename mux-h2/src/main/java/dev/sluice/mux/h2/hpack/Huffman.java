package dev.sluice.mux.h2.hpack;

/**
 * The Huffman code of RFC 7541 appendix B, and its encoding side.
 *
 * <p>The code is canonical: codes of one length count up in the order of the symbols, and each
 * length goes on where the shorter one stopped. So the lengths alone are the whole table.
 */
final class Huffman {
  /** The symbol that never appears in a string (RFC 7541 5.2). */
  static final int EOS = 256;

  /** The longest code, that of {@link #EOS}. */
  static final int LENGTH_MAX = 30;

  /** The shortest code: bounds how much a string grows when it is decoded. */
  static final int LENGTH_MIN = 5;

  /** Code lengths in bits, for the symbols 0 to 256. */
  private static final byte[] LENGTHS = {
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, // 0x00
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, // 0x10
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, // ' '
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, // '0'
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, // '@'
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, // 'P'
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, // '`'
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, // 'p'
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, // 0x80
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, // 0x90
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, // 0xa0
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, // 0xb0
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, // 0xc0
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, // 0xd0
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, // 0xe0
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, // 0xf0
    30 // EOS
  };

  private static final int[] CODES = new int[EOS + 1];

  /** All symbols, by code length and then by value: the order in which codes count up. */
  private static final short[] IN_ORDER = new short[EOS + 1];

  static {
    int code = 0;
    int at = 0;
    for (int length = LENGTH_MIN; length <= LENGTH_MAX; length++) {
      code <<= 1;
      for (int symbol = 0; symbol <= EOS; symbol++) {
        if (LENGTHS[symbol] == length) {
          CODES[symbol] = code++;
          IN_ORDER[at++] = (short) symbol;
        }
      }
    }
    assert at == IN_ORDER.length && code == 1 << LENGTH_MAX : "the code must be complete";
  }

  private Huffman() {}

  /** The number of bits of the symbol's code. */
  static int codeLength(int symbol) {
    return LENGTHS[symbol];
  }

  /** The code of the symbol, right-aligned. */
  static int code(int symbol) {
    return CODES[symbol];
  }

  /** The symbol at this place in the order of codes. */
  static int symbolInOrder(int place) {
    return IN_ORDER[place];
  }

  /** The number of bytes that the range takes when encoded, padding included. */
  static int encodedLength(byte[] src, int offset, int length) {
    // A long holds the bits of 2^58 bytes: no overflow.
    long bits = 0;
    for (int i = offset, end = offset + length; i < end; i++) {
      bits += LENGTHS[src[i] & 0xff];
    }
    return (int) ((bits + 7) >>> 3);
  }

  /**
   * Encodes the range and returns the position after it. The caller has made room for {@link
   * #encodedLength} bytes.
   */
  static int encode(byte[] src, int offset, int length, byte[] dst, int at) {
    long pending = 0;
    int pendingBits = 0;
    int to = at;
    for (int i = offset, end = offset + length; i < end; i++) {
      int symbol = src[i] & 0xff;
      int bits = LENGTHS[symbol];
      pending = (pending << bits) | CODES[symbol];
      pendingBits += bits;
      while (pendingBits >= 8) {
        pendingBits -= 8;
        dst[to++] = (byte) (pending >>> pendingBits);
      }
    }
    if (pendingBits > 0) {
      // RFC 7541 5.2: the padding is the most significant bits of EOS, which are all ones.
      dst[to++] = (byte) ((pending << (8 - pendingBits)) | (0xff >>> pendingBits));
    }
    return to;
  }
}
