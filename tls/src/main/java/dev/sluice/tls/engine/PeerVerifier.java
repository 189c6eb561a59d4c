package dev.sluice.tls.engine;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a peer's certificates are good enough. Called within a handshake step, so
 * possibly on another thread than the loop's, and for several connections at the same time:
 * implementations are thread-safe.
 */
@FunctionalInterface
public interface PeerVerifier {
  /**
   * Looks at a chain.
   *
   * @param chain what the peer sent, leaf first, never empty; the peer has not yet proven that it
   *     holds the key
   * @param expectedName the name or address that the peer must have a certificate for, null if any
   *     will do
   * @return null to accept, else why not
   */
  @Nullable PeerRejection check(List<X509Certificate> chain, @Nullable String expectedName);
}
