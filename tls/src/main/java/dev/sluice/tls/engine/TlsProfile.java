package dev.sluice.tls.engine;

import java.util.List;
import java.util.stream.Stream;

/**
 * Mozilla's recommended configurations (Server Side TLS 5.7), as far as the engine speaks them: it
 * has no suites with finite-field Diffie-Hellman.
 */
public enum TlsProfile {
  /** TLS 1.3 only. */
  MODERN,
  /** TLS 1.3 and 1.2, for everything but the oldest clients. */
  INTERMEDIATE;

  /** The versions, the newest first. */
  public List<TlsVersion> versions() {
    return switch (this) {
      case MODERN -> List.of(TlsVersion.TLS_1_3);
      case INTERMEDIATE -> List.of(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2);
    };
  }

  /** The suites, the preferred first. */
  public List<TlsCipherSuite> suites() {
    List<TlsVersion> versions = versions();
    return Stream.of(TlsCipherSuite.values())
        .filter(suite -> versions.contains(suite.version()))
        .toList();
  }
}
