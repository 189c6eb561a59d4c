package dev.sluice.tls.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses a server's certificates by the name that the client asked for. Thread-safe and without
 * side effects.
 */
@FunctionalInterface
public interface IdentitySelector {
  /**
   * The identities for a name, the preferred first; the handshake takes the first that the client
   * can verify.
   *
   * @param serverName the client's SNI in lower case, null if it sent none
   * @return the identities, empty to refuse the name (alert 112 unrecognized_name)
   */
  List<TlsIdentity> select(@Nullable String serverName);
}
