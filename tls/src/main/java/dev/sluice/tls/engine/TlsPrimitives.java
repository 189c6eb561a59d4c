package dev.sluice.tls.engine;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Which of the expensive primitives are computed by the JDK; the others are by BouncyCastle. Both
 * are correct everywhere, but which is faster depends on the CPU and on the JDK: its curves need
 * AVX-512 IFMA to be quick. Immutable.
 *
 * @param byJdk the primitives that are the JDK's
 */
public record TlsPrimitives(Set<Primitive> byJdk) {
  /** What can be computed by either. */
  public enum Primitive {
    /** Key exchange on Curve25519. */
    X25519,
    /** Key exchange on P-256. */
    ECDH_P256,
    /** Signing with an ECDSA key on P-256 or P-384. */
    ECDSA_SIGN,
    /** Checking an ECDSA signature of the peer (TLS 1.3). */
    ECDSA_VERIFY,
    /** Signing with an RSA key. */
    RSA_SIGN,
    /** Checking an RSA signature of the peer (TLS 1.3). */
    RSA_VERIFY
  }

  /** BouncyCastle's curves, which win on most CPUs, and the JDK's RSA check, which wins on all. */
  public static final TlsPrimitives DEFAULT = new TlsPrimitives(Set.of(Primitive.RSA_VERIFY));

  public TlsPrimitives {
    byJdk = Set.copyOf(byJdk);
  }

  /** Whether a primitive is the JDK's. */
  public boolean isByJdk(Primitive primitive) {
    return byJdk.contains(primitive);
  }

  /**
   * What a probe measured.
   *
   * @param chosen the faster of each pair
   * @param nanosByJdk the time of one operation of the JDK's
   * @param nanosByBouncyCastle the time of one operation of BouncyCastle's
   */
  public record Probe(
      TlsPrimitives chosen,
      Map<Primitive, Long> nanosByJdk,
      Map<Primitive, Long> nanosByBouncyCastle) {
    public Probe {
      nanosByJdk = new EnumMap<>(nanosByJdk);
      nanosByBouncyCastle = new EnumMap<>(nanosByBouncyCastle);
    }
  }
}
