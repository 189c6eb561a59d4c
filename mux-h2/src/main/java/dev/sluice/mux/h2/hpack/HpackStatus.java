package dev.sluice.mux.h2.hpack;

/**
 * The outcome of decoding. All but {@link #OK} are connection errors of type COMPRESSION_ERROR (RFC
 * 9113 4.3), since the two tables can't be trusted to be equal any more.
 */
public enum HpackStatus {
  /** No fault so far. */
  OK,
  /** An integer is too large or too long (RFC 7541 5.1). */
  INTEGER_TOO_LARGE,
  /** Index 0, or one beyond the tables (RFC 7541 2.3.3, 6.1). */
  INDEX_INVALID,
  /** A Huffman string has the EOS symbol in it (RFC 7541 5.2). */
  HUFFMAN_EOS,
  /** A Huffman string ends in padding of 8 bits or more, or in other bits than ones. */
  HUFFMAN_PADDING,
  /** A table size update comes after a field (RFC 7541 4.2). */
  SIZE_UPDATE_MISPLACED,
  /** A table size update is above the limit that we set (RFC 7541 6.3). */
  SIZE_UPDATE_TOO_LARGE,
  /** The limit was lowered, and the next block does not begin by following (RFC 9113 4.3.1). */
  SIZE_UPDATE_MISSING,
  /** The block ends within a field. */
  TRUNCATED
}
