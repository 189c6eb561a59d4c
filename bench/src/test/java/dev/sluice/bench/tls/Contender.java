package dev.sluice.bench.tls;

import java.util.function.Supplier;

/**
 * Who is compared. All speak TLS 1.3 with AES-128-GCM, X25519 and a P-256 certificate, and every
 * client checks the certificate against its authority by the JDK's PKIX rules.
 */
public enum Contender {
  /** Sluice's engine through its public API. */
  SLUICE("Sluice", () -> new SluiceEnds(false)),
  /** The same; all handshakes but the first resume a session. For records no different. */
  SLUICE_RESUMED("Sluice, resumed", () -> new SluiceEnds(true)),
  /** The JDK's SSLEngine. */
  SUN_JSSE("SunJSSE", SslEngineEnds::sun),
  /** BouncyCastle's SSLEngine on the JDK's primitives. */
  BC_JSSE("BCJSSE", SslEngineEnds::bouncyCastle),
  /** BouncyCastle's TLS classes by themselves, on the JDK's primitives. */
  BCTLS("bctls", BctlsEnds::new),
  /** BoringSSL in Netty's SSLEngine. */
  TCNATIVE("tcnative", SslEngineEnds::boringSsl),
  /** The ciphers that a record needs and nothing else; does no handshake. */
  CIPHER_LOOP("bare Cipher loop", CipherLoopEnds::new);

  final String label;
  private final Supplier<TlsEnds> ends;

  Contender(String label, Supplier<TlsEnds> ends) {
    this.label = label;
    this.ends = ends;
  }

  /** New contexts; expensive. */
  TlsEnds ends() {
    return ends.get();
  }
}
