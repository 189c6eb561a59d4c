package dev.sluice.tls.engine;

/**
 * The bounds on what a peer can make an engine hold or do.
 *
 * @param helloBytesMax longest ClientHello message, 512 to 65,536 bytes
 * @param handshakeMessageBytesMax longest other handshake message (a certificate chain, as a rule),
 *     1,024 to 262,144 bytes
 * @param handshakeBytesMax all handshake records of one connection together, headers included
 * @param chainLengthMax most certificates in a peer's chain
 * @param quietRecordsMax most records in a row after the handshake that carry no application data
 *     (empty records, key updates, tickets, warnings)
 * @param recordsPerKeyMax records that this end seals under one TLS 1.3 key before it changes its
 *     own and asks for the peer's (RFC 8446 5.5 allows AES-GCM 2^24.5 full ones)
 * @param recordContentBytesMax the most content of a record that a peer may send, if it knows the
 *     record size limit of RFC 8449; 512 to 16,384 bytes
 */
public record TlsLimits(
    int helloBytesMax,
    int handshakeMessageBytesMax,
    int handshakeBytesMax,
    int chainLengthMax,
    int quietRecordsMax,
    long recordsPerKeyMax,
    int recordContentBytesMax) {
  private static final long RECORDS_PER_KEY_MAX = 1L << 20;

  /** What is enough for every honest peer met so far. */
  public static final TlsLimits DEFAULT = new TlsLimits(16 * 1024, 32 * 1024, 128 * 1024, 10, 32);

  /** With the defaults for records. */
  public TlsLimits(
      int helloBytesMax,
      int handshakeMessageBytesMax,
      int handshakeBytesMax,
      int chainLengthMax,
      int quietRecordsMax) {
    this(
        helloBytesMax,
        handshakeMessageBytesMax,
        handshakeBytesMax,
        chainLengthMax,
        quietRecordsMax,
        RECORDS_PER_KEY_MAX,
        TlsEngine.CONTENT_BYTES_MAX);
  }

  public TlsLimits {
    requireIn("helloBytesMax", helloBytesMax, 512, 65_536);
    requireIn("handshakeMessageBytesMax", handshakeMessageBytesMax, 1_024, 262_144);
    requireIn("handshakeBytesMax", handshakeBytesMax, 4_096, 1_048_576);
    requireIn("chainLengthMax", chainLengthMax, 1, 100);
    requireIn("quietRecordsMax", quietRecordsMax, 1, 10_000);
    requireIn("recordsPerKeyMax", recordsPerKeyMax, 16, 1L << 24);
    requireIn("recordContentBytesMax", recordContentBytesMax, 512, TlsEngine.CONTENT_BYTES_MAX);
  }

  private static void requireIn(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d; it must be %d to %d".formatted(name, value, min, max));
    }
  }
}
