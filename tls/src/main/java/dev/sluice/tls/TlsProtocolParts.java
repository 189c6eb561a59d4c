package dev.sluice.tls;

import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsLimits;
import dev.sluice.tls.engine.TlsPrimitives;
import dev.sluice.tls.engine.TlsProtocolSettings;
import dev.sluice.tls.engine.TlsVersion;
import java.time.Duration;
import java.util.List;

/** The parts of a configuration that both roles have, while it is being built. */
final class TlsProtocolParts {
  /** How long a session may be resumed after its full handshake, unless told otherwise. */
  static final Duration SESSION_LIFETIME = Duration.ofHours(2);

  /** RFC 8446 4.6.1. */
  static final Duration SESSION_LIFETIME_MAX = Duration.ofDays(7);

  List<TlsVersion> versions = TlsProtocolSettings.DEFAULT.versions();
  List<TlsCipherSuite> suites = TlsProtocolSettings.DEFAULT.suites();
  List<TlsGroup> groups = TlsProtocolSettings.DEFAULT.groups();
  boolean extendedMasterSecret = true;
  boolean growingRecords = true;
  TlsPrimitives primitives = TlsPrimitives.DEFAULT;
  TlsLimits limits = TlsLimits.DEFAULT;
  Duration sessionLifetime = SESSION_LIFETIME;

  boolean resumes() {
    return !sessionLifetime.isZero();
  }

  TlsProtocolSettings settings() {
    return new TlsProtocolSettings(
        versions, suites, groups, extendedMasterSecret, limits, primitives);
  }
}
