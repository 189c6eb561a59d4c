package dev.sluice.bench.tls;

/**
 * Who is compared. All speak TLS 1.3 with AES-128-GCM, X25519 and a P-256 certificate, and every
 * client checks the certificate against its authority by the JDK's PKIX rules.
 */
public enum Contender {
  /** Sluice's engine through its public API. */
  SLUICE("Sluice"),
  /** The same; all handshakes but the first resume a session. For records no different. */
  SLUICE_RESUMED("Sluice, resumed"),
  /** The JDK's SSLEngine. */
  SUN_JSSE("SunJSSE"),
  /** BouncyCastle's SSLEngine on the JDK's primitives. */
  BC_JSSE("BCJSSE"),
  /** BouncyCastle's TLS classes by themselves, on the JDK's primitives. */
  BCTLS("bctls"),
  /** BoringSSL in Netty's SSLEngine. */
  TCNATIVE("tcnative"),
  /** The ciphers that a record needs and nothing else; does no handshake. */
  CIPHER_LOOP("bare Cipher loop");

  final String label;

  Contender(String label) {
    this.label = label;
  }

  /** New contexts; expensive. */
  TlsEnds ends() {
    return switch (this) {
      case SLUICE -> new SluiceEnds(false);
      case SLUICE_RESUMED -> new SluiceEnds(true);
      case SUN_JSSE -> SslEngineEnds.sun();
      case BC_JSSE -> SslEngineEnds.bouncyCastle();
      case BCTLS -> new BctlsEnds();
      case TCNATIVE -> SslEngineEnds.boringSsl();
      case CIPHER_LOOP -> new CipherLoopEnds();
    };
  }
}
