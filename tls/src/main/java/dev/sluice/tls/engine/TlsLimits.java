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
 */
public record TlsLimits(
    int helloBytesMax,
    int handshakeMessageBytesMax,
    int handshakeBytesMax,
    int chainLengthMax,
    int quietRecordsMax) {
  /** What is enough for every honest peer met so far. */
  public static final TlsLimits DEFAULT = new TlsLimits(16 * 1024, 32 * 1024, 128 * 1024, 10, 32);

  public TlsLimits {
    requireIn("helloBytesMax", helloBytesMax, 512, 65_536);
    requireIn("handshakeMessageBytesMax", handshakeMessageBytesMax, 1_024, 262_144);
    requireIn("handshakeBytesMax", handshakeBytesMax, 4_096, 1_048_576);
    requireIn("chainLengthMax", chainLengthMax, 1, 100);
    requireIn("quietRecordsMax", quietRecordsMax, 1, 10_000);
  }

  private static void requireIn(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d; it must be %d to %d".formatted(name, value, min, max));
    }
  }
}
