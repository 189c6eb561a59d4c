package dev.sluice.tls.engine;

import java.util.List;

/**
 * What both roles have to agree on with the peer.
 *
 * @param versions the versions to offer or accept, in any order
 * @param suites the suites, the preferred first
 * @param groups the key exchange groups, the preferred first
 * @param requireExtendedMasterSecret whether a TLS 1.2 peer without RFC 7627 is refused (it should
 *     be)
 * @param limits the bounds on the peer
 */
public record TlsProtocolSettings(
    List<TlsVersion> versions,
    List<TlsCipherSuite> suites,
    List<TlsGroup> groups,
    boolean requireExtendedMasterSecret,
    TlsLimits limits) {
  /** Both versions, all suites and groups, extended master secret required. */
  public static final TlsProtocolSettings DEFAULT =
      new TlsProtocolSettings(
          List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2),
          List.of(TlsCipherSuite.values()),
          List.of(TlsGroup.values()),
          true,
          TlsLimits.DEFAULT);

  public TlsProtocolSettings {
    versions = List.copyOf(versions);
    suites = List.copyOf(suites);
    groups = List.copyOf(groups);
    if (versions.isEmpty() || groups.isEmpty()) {
      throw new IllegalArgumentException("at least one TLS version and one group must be enabled");
    }
    if (versions.contains(TlsVersion.TLS_1_2) && groups.stream().allMatch(TlsGroup::postQuantum)) {
      throw new IllegalArgumentException(
          "TLSv1.2 is enabled, but no group that it knows is among " + groups);
    }
    for (TlsVersion version : versions) {
      if (suites.stream().noneMatch(suite -> suite.version() == version)) {
        throw new IllegalArgumentException(
            version.text() + " is enabled, but none of its cipher suites is");
      }
    }
  }
}
