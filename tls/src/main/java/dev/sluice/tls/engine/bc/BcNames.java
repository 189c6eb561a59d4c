package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsProtocolSettings;
import dev.sluice.tls.engine.TlsSessionFacts;
import dev.sluice.tls.engine.TlsVersion;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/** The engine's words in BouncyCastle's, and back. */
final class BcNames {
  private BcNames() {}

  static ProtocolVersion[] versions(TlsProtocolSettings settings) {
    boolean tls13 = settings.versions().contains(TlsVersion.TLS_1_3);
    boolean tls12 = settings.versions().contains(TlsVersion.TLS_1_2);
    return (tls13 ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12)
        .downTo(tls12 ? ProtocolVersion.TLSv12 : ProtocolVersion.TLSv13);
  }

  static int[] suites(TlsProtocolSettings settings) {
    return settings.suites().stream()
        .filter(suite -> settings.versions().contains(suite.version()))
        .mapToInt(TlsCipherSuite::code)
        .toArray();
  }

  static int[] groups(TlsProtocolSettings settings) {
    boolean tls13 = settings.versions().contains(TlsVersion.TLS_1_3);
    return settings.groups().stream()
        .filter(group -> tls13 || !group.postQuantum())
        .mapToInt(TlsGroup::code)
        .toArray();
  }

  @SuppressWarnings("JdkObsolete") // BouncyCastle's interface
  static Vector<ProtocolName> protocolNames(List<String> names) {
    Vector<ProtocolName> result = new Vector<>(names.size());
    for (String name : names) {
      result.add(ProtocolName.asUtf8Encoding(name));
    }
    return result;
  }

  static TlsCipherSuite suite(SecurityParameters agreed) {
    TlsCipherSuite suite = TlsCipherSuite.byCode(agreed.getCipherSuite());
    if (suite == null) {
      throw new IllegalStateException("suite that was never enabled: " + agreed.getCipherSuite());
    }
    return suite;
  }

  static TlsSessionFacts facts(
      SecurityParameters agreed,
      @Nullable String serverName,
      List<X509Certificate> peerCertificates,
      boolean resumed) {
    TlsCipherSuite suite = suite(agreed);
    ProtocolName protocol = agreed.getApplicationProtocol();
    return new TlsSessionFacts(
        TlsUtils.isTLSv13(agreed.getNegotiatedVersion()) ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2,
        suite,
        TlsGroup.byCode(agreed.getNegotiatedGroup()),
        serverName,
        protocol == null ? null : new String(protocol.getBytes(), StandardCharsets.UTF_8),
        peerCertificates,
        resumed);
  }
}
