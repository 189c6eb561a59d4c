package dev.sluice.tls;

import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsServerSettings.ClientAuthentication;
import dev.sluice.tls.engine.TlsVersion;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the sections {@code tls} of listeners and servers of a configuration file. */
final class TlsSections {
  private static final String LISTENER = "frontends.<name>.listeners[].tls";
  private static final String SERVER = "backends.<name>.tls";

  private static final ConfigKey<List<ConfigNode>> CERTIFICATES =
      ConfigKey.list("certificates", "sections").required();
  private static final ConfigKey<ConfigNode> IDENTITY = ConfigKey.section("identity");
  private static final ConfigKey<List<String>> ALPN =
      ConfigKey.texts("alpn", "protocols").otherwise("no ALPN");
  private static final ConfigKey<TlsVersion> MIN_VERSION =
      ConfigKey.choice("minVersion", versions()).withDefault(TlsVersion.TLS_1_2, "1.2");
  private static final ConfigKey<TlsVersion> MAX_VERSION =
      ConfigKey.choice("maxVersion", versions()).withDefault(TlsVersion.TLS_1_3, "1.3");
  private static final ConfigKey<List<TlsCipherSuite>> CIPHER_SUITES =
      constants("cipherSuites", TlsCipherSuite.values(), TlsCipherSuite::name);
  private static final ConfigKey<List<TlsGroup>> GROUPS =
      constants("groups", TlsGroup.values(), group -> group.name().toLowerCase(Locale.ROOT));
  private static final ConfigKey<Boolean> ALLOW_LEGACY_MASTER_SECRET =
      ConfigKey.flag("allowLegacyMasterSecret");
  private static final ConfigKey<Duration> SESSION_LIFETIME =
      ConfigKey.duration("sessionLifetime", Duration.ZERO, TlsProtocolParts.SESSION_LIFETIME_MAX)
          .withDefault(TlsProtocolParts.SESSION_LIFETIME, "2h");
  private static final ConfigKey<Boolean> STRICT_SERVER_NAMES = ConfigKey.flag("strictServerNames");
  private static final ConfigKey<Boolean> CONTINUE_WITHOUT_COMMON_PROTOCOL =
      ConfigKey.flag("continueWithoutCommonProtocol");
  private static final ConfigKey<ClientAuthentication> CLIENT_CERTIFICATES =
      ConfigKey.choice("clientCertificates", clientAuthentications())
          .withDefault(ClientAuthentication.NONE, "none");
  private static final ConfigKey<List<ConfigNode>> CLIENT_TRUST =
      ConfigKey.list("clientTrust", "files");
  private static final ConfigKey<List<ConfigNode>> TRUST =
      ConfigKey.list("trust", "files").otherwise("the JDK's trust store");
  private static final ConfigKey<Boolean> INSECURE =
      ConfigKey.flag("insecureTrustAnyServerCertificate");

  static final ConfigSchema SERVER_ROLE =
      ConfigSchema.of(
          LISTENER,
          CERTIFICATES,
          ALPN,
          CONTINUE_WITHOUT_COMMON_PROTOCOL,
          STRICT_SERVER_NAMES,
          MIN_VERSION,
          MAX_VERSION,
          CIPHER_SUITES,
          GROUPS,
          ALLOW_LEGACY_MASTER_SECRET,
          SESSION_LIFETIME,
          CLIENT_CERTIFICATES,
          CLIENT_TRUST);
  static final ConfigSchema CLIENT_ROLE =
      ConfigSchema.of(
          SERVER,
          TRUST,
          INSECURE,
          ALPN,
          IDENTITY,
          MIN_VERSION,
          MAX_VERSION,
          CIPHER_SUITES,
          GROUPS,
          ALLOW_LEGACY_MASTER_SECRET,
          SESSION_LIFETIME);

  private TlsSections() {}

  private static Map<String, TlsVersion> versions() {
    Map<String, TlsVersion> versions = new LinkedHashMap<>();
    for (TlsVersion version : TlsVersion.values()) {
      versions.put(version.text().substring("TLSv".length()), version);
    }
    return versions;
  }

  private static Map<String, ClientAuthentication> clientAuthentications() {
    Map<String, ClientAuthentication> all = new LinkedHashMap<>();
    for (ClientAuthentication each : ClientAuthentication.values()) {
      all.put(each.name().toLowerCase(Locale.ROOT), each);
    }
    return all;
  }

  private static <E extends Enum<E>> ConfigKey<List<E>> constants(
      String name, E[] values, Function<E, String> naming) {
    Map<String, E> byName = new LinkedHashMap<>();
    for (E value : values) {
      byName.put(naming.apply(value), value);
    }
    ConfigKey<E> one = ConfigKey.choice(name, byName);
    ConfigKey<List<ConfigNode>> list = ConfigKey.list(name, "names");
    ConfigKey<List<E>> key =
        ConfigKey.of(
            name,
            list.type(),
            (node, problems) -> {
              List<E> read = new ArrayList<>();
              List<ConfigNode> items = list.read(node, problems);
              for (ConfigNode item : items == null ? List.<ConfigNode>of() : items) {
                E value = one.read(item, problems);
                if (value != null) {
                  read.add(value);
                }
              }
              return read.isEmpty() ? null : read;
            });
    return key.otherwise("all that the engine speaks");
  }

  static @Nullable TlsServerConfig server(ConfigNode node, ConfigProblems problems, Clock clock) {
    int before = problems.errorCount();
    ConfigSection section = ConfigSection.open(node, SERVER_ROLE, problems);
    TlsServerConfig.Builder builder = TlsServerConfig.builder();
    List<ConfigNode> certificates = section.find(CERTIFICATES);
    if (certificates != null && certificates.isEmpty()) {
      section.problem(CERTIFICATES, "is empty: at least one certificate is needed");
    }
    for (ConfigNode each : certificates == null ? List.<ConfigNode>of() : certificates) {
      TlsIdentity identity = TlsIdentitySection.read(each, problems, clock);
      if (identity != null) {
        builder.identity(identity);
      }
    }
    builder.applicationProtocols(alpn(section));
    List<TlsVersion> versions = versions(section);
    builder.versions(versions.toArray(new TlsVersion[0]));
    List<TlsCipherSuite> suites = suites(section, versions);
    if (suites != null) {
      builder.cipherSuites(suites.toArray(new TlsCipherSuite[0]));
    }
    List<TlsGroup> groups = section.find(GROUPS);
    if (groups != null) {
      builder.groups(groups.toArray(new TlsGroup[0]));
    }
    if (section.get(ALLOW_LEGACY_MASTER_SECRET)) {
      builder.allowLegacyMasterSecret();
    }
    builder.sessionLifetime(section.get(SESSION_LIFETIME));
    if (section.get(STRICT_SERVER_NAMES)) {
      builder.strictServerNames();
    }
    if (section.get(CONTINUE_WITHOUT_COMMON_PROTOCOL)) {
      builder.continueWithoutCommonProtocol();
    }
    clientCertificates(section, builder);
    if (problems.errorCount() > before) {
      return null;
    }
    try {
      return builder.build();
    } catch (TlsConfigException e) {
      e.problems().forEach(problem -> problems.add(node, problem));
      return null;
    }
  }

  private static void clientCertificates(ConfigSection section, TlsServerConfig.Builder builder) {
    ClientAuthentication authentication = section.get(CLIENT_CERTIFICATES);
    TlsTrust trust = trust(section, CLIENT_TRUST);
    boolean asks = authentication != ClientAuthentication.NONE;
    if (asks && !section.has(CLIENT_TRUST)) {
      section.problem(
          CLIENT_CERTIFICATES, "are asked for, but from which authority? clientTrust is needed");
    }
    if (!asks && section.has(CLIENT_TRUST)) {
      section.problem(
          CLIENT_TRUST, "is given, but clientCertificates is none: another value is needed");
    }
    if (asks && trust != null) {
      builder.clientCertificates(authentication, trust);
    }
  }

  static @Nullable TlsClientConfig client(ConfigNode node, ConfigProblems problems, Clock clock) {
    int before = problems.errorCount();
    ConfigSection section = ConfigSection.open(node, CLIENT_ROLE, problems);
    TlsClientConfig.Builder builder = TlsClientConfig.builder();
    TlsTrust trust = trust(section, TRUST);
    if (trust != null) {
      builder.trust(trust);
    }
    if (section.get(INSECURE)) {
      problems.warn(
          section.at(INSECURE), "whoever sits on the wire can read along: only for tests");
      builder.insecureTrustAnyServerCertificate();
    }
    ConfigNode identityNode = section.find(IDENTITY);
    TlsIdentity identity =
        identityNode == null ? null : TlsIdentitySection.read(identityNode, problems, clock);
    if (identity != null) {
      builder.identity(identity);
    }
    builder.applicationProtocols(alpn(section));
    List<TlsVersion> versions = versions(section);
    builder.versions(versions.toArray(new TlsVersion[0]));
    List<TlsCipherSuite> suites = suites(section, versions);
    if (suites != null) {
      builder.cipherSuites(suites.toArray(new TlsCipherSuite[0]));
    }
    List<TlsGroup> groups = section.find(GROUPS);
    if (groups != null) {
      builder.groups(groups.toArray(new TlsGroup[0]));
    }
    if (section.get(ALLOW_LEGACY_MASTER_SECRET)) {
      builder.allowLegacyMasterSecret();
    }
    builder.sessionLifetime(section.get(SESSION_LIFETIME));
    if (problems.errorCount() > before) {
      return null;
    }
    try {
      return builder.build();
    } catch (TlsConfigException e) {
      e.problems().forEach(problem -> problems.add(node, problem));
      return null;
    }
  }

  private static String[] alpn(ConfigSection section) {
    List<String> protocols = section.find(ALPN);
    if (protocols == null) {
      return new String[0];
    }
    ConfigProblems wrong = section.problems();
    for (String protocol : protocols) {
      if (!protocol.matches("[!-~]{1,255}")) {
        wrong.add(
            section.at(ALPN),
            "\"" + protocol + "\" is no protocol (RFC 7301 3.1): a name such as h2 is valid");
      }
    }
    if (protocols.stream().distinct().count() != protocols.size()) {
      wrong.add(section.at(ALPN), protocols + " names one twice: each may stand there once");
    }
    return protocols.toArray(new String[0]);
  }

  private static List<TlsVersion> versions(ConfigSection section) {
    TlsVersion min = section.get(MIN_VERSION);
    TlsVersion max = section.get(MAX_VERSION);
    List<TlsVersion> versions =
        Arrays.stream(TlsVersion.values())
            .filter(version -> version.code() >= min.code() && version.code() <= max.code())
            .toList();
    if (versions.isEmpty()) {
      section.problem(MIN_VERSION, "is above maxVersion: no version is left");
      return List.of(TlsVersion.values());
    }
    return versions;
  }

  /** Those that are asked for; each must belong to a version that is spoken, and each version. */
  private static @Nullable List<TlsCipherSuite> suites(
      ConfigSection section, List<TlsVersion> versions) {
    List<TlsCipherSuite> suites = section.find(CIPHER_SUITES);
    if (suites == null) {
      return null;
    }
    for (TlsVersion version : versions) {
      if (suites.stream().noneMatch(suite -> suite.version() == version)) {
        section.problem(
            CIPHER_SUITES,
            "has none of "
                + version.text()
                + ", which is spoken: "
                + Arrays.stream(TlsCipherSuite.values())
                    .filter(suite -> suite.version() == version)
                    .map(TlsCipherSuite::name)
                    .toList()
                + " are valid");
      }
    }
    return suites;
  }

  private static @Nullable TlsTrust trust(ConfigSection section, ConfigKey<List<ConfigNode>> key) {
    List<ConfigNode> files = section.find(key);
    if (files == null) {
      return null;
    }
    List<X509Certificate> certificates = new ArrayList<>();
    for (ConfigNode file : files) {
      certificates.addAll(PemFiles.certificates(file, section.problems()));
    }
    return certificates.isEmpty() ? null : TlsTrust.of(certificates);
  }
}
