package dev.sluice.tls;

import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsLimits;
import dev.sluice.tls.engine.TlsProtocolSettings;
import dev.sluice.tls.engine.TlsVersion;
import java.util.List;

/** The parts of a configuration that both roles have, while it is being built. */
final class TlsProtocolParts {
  List<TlsVersion> versions = TlsProtocolSettings.DEFAULT.versions();
  List<TlsCipherSuite> suites = TlsProtocolSettings.DEFAULT.suites();
  List<TlsGroup> groups = TlsProtocolSettings.DEFAULT.groups();
  boolean extendedMasterSecret = true;
  boolean growingRecords = true;
  TlsLimits limits = TlsLimits.DEFAULT;

  TlsProtocolSettings settings() {
    return new TlsProtocolSettings(versions, suites, groups, extendedMasterSecret, limits);
  }
}
