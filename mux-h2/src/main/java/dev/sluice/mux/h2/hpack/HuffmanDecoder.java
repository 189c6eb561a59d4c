package dev.sluice.mux.h2.hpack;

/**
 * Decodes one Huffman string that may come in pieces (RFC 7541 5.2).
 *
 * <p>Bits are gathered in a 64-bit word. The ten bits at its top index a table that answers for
 * every code of up to ten bits, which is all of the text that fields are made of; longer codes are
 * found by comparing with the first code of each length.
 *
 * <p>Between calls fewer bits are held than the next code needs, so at most 29. Confined to one
 * thread.
 */
final class HuffmanDecoder {
  /** Result of {@link #decode}: the string contains the EOS symbol. */
  static final int EOS_FOUND = -1;

  private static final int INDEX_BITS = 10;

  /** For ten bits: symbol in the high byte, code length in the low one; 0 for a longer code. */
  private static final short[] SHORT_CODES = new short[1 << INDEX_BITS];

  /** For each length: the first code of a greater length, aligned to 32 bits, as unsigned. */
  private static final long[] END_OF_LENGTH = new long[Huffman.LENGTH_MAX + 1];

  /** For each length: what to add to a code to get its place in the order of codes. */
  private static final int[] PLACE_OFFSET = new int[Huffman.LENGTH_MAX + 1];

  static {
    int[] first = new int[Huffman.LENGTH_MAX + 1];
    int[] count = new int[Huffman.LENGTH_MAX + 1];
    int place = 0;
    for (int length = Huffman.LENGTH_MIN; length <= Huffman.LENGTH_MAX; length++) {
      first[length] = (first[length - 1] + count[length - 1]) << 1;
      PLACE_OFFSET[length] = place - first[length];
      while (place <= Huffman.EOS && Huffman.codeLength(Huffman.symbolInOrder(place)) == length) {
        int symbol = Huffman.symbolInOrder(place++);
        count[length]++;
        if (length <= INDEX_BITS) {
          int from = Huffman.code(symbol) << (INDEX_BITS - length);
          for (int i = 0; i < 1 << (INDEX_BITS - length); i++) {
            SHORT_CODES[from + i] = (short) ((symbol << 8) | length);
          }
        }
      }
      END_OF_LENGTH[length] = (long) (first[length] + count[length]) << (32 - length);
    }
  }

  /** The bits read and not yet decoded, left-aligned. */
  private long bits;

  private int bitCount;

  /** Forgets everything; a new string begins. */
  void start() {
    bits = 0;
    bitCount = 0;
  }

  /**
   * Decodes the bytes {@code [from, to)} of a string's next piece into {@code dst} at {@code at}
   * and returns the position after the last symbol, or {@link #EOS_FOUND}. The caller has made room
   * for {@link #decodedLengthMax} symbols.
   */
  int decode(byte[] src, int from, int to, byte[] dst, int at) {
    long word = bits;
    int count = bitCount;
    int put = at;
    int next = from;
    while (true) {
      while (count <= 56 && next < to) {
        word |= (src[next++] & 0xffL) << (56 - count);
        count += 8;
      }
      int entry = SHORT_CODES[(int) (word >>> (64 - INDEX_BITS))];
      int length = entry & 0xff;
      if (entry == 0) {
        length = lengthOfLongCode(word >>> 32);
      }
      if (length > count) {
        // The zero bits below the real ones never make a code shorter than it is: if the code is
        // not complete, its length is found to be beyond the real bits, and more input decides.
        break;
      }
      if (entry != 0) {
        dst[put++] = (byte) (entry >>> 8);
      } else {
        int symbol = Huffman.symbolInOrder((int) (word >>> (64 - length)) + PLACE_OFFSET[length]);
        if (symbol == Huffman.EOS) {
          return EOS_FOUND;
        }
        dst[put++] = (byte) symbol;
      }
      word <<= length;
      count -= length;
    }
    assert next == to && count < Huffman.LENGTH_MAX;
    bits = word;
    bitCount = count;
    return put;
  }

  /**
   * Whether the string may end here: what is left is padding, shorter than a byte and made of ones
   * (RFC 7541 5.2).
   */
  boolean endsWell() {
    return bitCount < 8 && bits == ~(-1L >>> bitCount);
  }

  /** The most symbols that this many more bytes can give, those held from before included. */
  static int decodedLengthMax(int bytes) {
    return (bytes * 8 + Huffman.LENGTH_MAX - 1) / Huffman.LENGTH_MIN;
  }

  private static int lengthOfLongCode(long top) {
    int length = INDEX_BITS + 1;
    while (top >= END_OF_LENGTH[length]) {
      length++;
    }
    return length;
  }
}
