package dev.sluice.acceptance;

/** How a relay cuts a stream of TLS records anew. */
enum Cutting {
  /** One byte at a time. */
  BYTES,
  /** Random pieces of up to 2,000 bytes. */
  RANDOM,
  /**
   * Whatever comes within two milliseconds in pieces of 64 KiB: handshake flights, tickets and
   * alerts are glued to the application data before or behind them, and one read has many records.
   */
  COALESCED,
  /** Each record by itself, and each in seven reads. */
  RECORDS_IN_PARTS
}
