package dev.sluice.tls;

import dev.sluice.tls.engine.IdentitySelector;
import dev.sluice.tls.engine.TlsIdentity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server's certificates by name: an exact name wins over a wildcard, a wildcard over the default;
 * several identities for one name (say RSA and ECDSA) stand in the order they were added. Immutable
 * and thread-safe.
 */
final class ServerCertificates implements IdentitySelector {
  private final Map<String, List<TlsIdentity>> exact;
  private final Map<String, List<TlsIdentity>> wildcard;
  private final List<TlsIdentity> fallback;

  /**
   * Builds the table from the certificates' own names.
   *
   * @param identities in order of preference
   * @param strict whether a name that no certificate is for is refused; without it the first
   *     identity, and those that share a name with it, answer for all others
   */
  ServerCertificates(List<TlsIdentity> identities, boolean strict) {
    Map<String, List<TlsIdentity>> exactNames = new HashMap<>();
    Map<String, List<TlsIdentity>> wildcardNames = new HashMap<>();
    for (TlsIdentity identity : identities) {
      for (String each : HostNameCheck.names(identity.leaf())) {
        String name = each.toLowerCase(Locale.ROOT);
        Map<String, List<TlsIdentity>> table = name.startsWith("*.") ? wildcardNames : exactNames;
        String key = name.startsWith("*.") ? name.substring(1) : name;
        table.computeIfAbsent(key, unused -> new ArrayList<>(1)).add(identity);
      }
    }
    exact = freeze(exactNames);
    wildcard = freeze(wildcardNames);
    fallback = strict ? List.of() : fallback(identities);
  }

  private static List<TlsIdentity> fallback(List<TlsIdentity> identities) {
    List<String> names = HostNameCheck.names(identities.get(0).leaf());
    List<TlsIdentity> siblings = new ArrayList<>();
    for (TlsIdentity identity : identities) {
      boolean shares = !Collections.disjoint(HostNameCheck.names(identity.leaf()), names);
      if (identity == identities.get(0) || shares) {
        siblings.add(identity);
      }
    }
    return List.copyOf(siblings);
  }

  private static Map<String, List<TlsIdentity>> freeze(Map<String, List<TlsIdentity>> table) {
    table.replaceAll((name, identities) -> List.copyOf(identities));
    return Map.copyOf(table);
  }

  @Override
  public List<TlsIdentity> select(@Nullable String serverName) {
    if (serverName == null) {
      return fallback;
    }
    List<TlsIdentity> found = exact.get(serverName);
    if (found == null) {
      int dot = serverName.indexOf('.');
      found = dot > 0 ? wildcard.get(serverName.substring(dot)) : null;
    }
    return found == null ? fallback : found;
  }
}
