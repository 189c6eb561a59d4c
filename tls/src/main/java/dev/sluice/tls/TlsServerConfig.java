package dev.sluice.tls;

import dev.sluice.core.config.TransportConfig;
import dev.sluice.tls.engine.PeerVerifier;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsLimits;
import dev.sluice.tls.engine.TlsPrimitives;
import dev.sluice.tls.engine.TlsProfile;
import dev.sluice.tls.engine.TlsProtocolSettings;
import dev.sluice.tls.engine.TlsServerSettings;
import dev.sluice.tls.engine.TlsServerSettings.ClientAuthentication;
import dev.sluice.tls.engine.TlsVersion;
import dev.sluice.tls.engine.bc.BcTlsEngineFactory;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * How a listener speaks TLS. Immutable and thread-safe; one serves any number of connections.
 *
 * <pre>{@code
 * TlsServerConfig config = TlsServerConfig.builder()
 *     .identity(TlsIdentities.pemFiles(chain, key, null))
 *     .applicationProtocols("h2", "http/1.1")
 *     .build();
 * }</pre>
 */
public final class TlsServerConfig implements TransportConfig {
  /** Clients use a ticket once, and some open a second connection at the same time. */
  private static final int TICKETS_PER_HANDSHAKE = 2;

  private final BcTlsEngineFactory.Servers engines;
  private final List<String> applicationProtocols;
  private final boolean growingRecords;

  private TlsServerConfig(TlsServerSettings settings, boolean growingRecords) {
    this.engines = new BcTlsEngineFactory.Servers(settings);
    this.applicationProtocols = settings.applicationProtocols();
    this.growingRecords = growingRecords;
  }

  /** A builder with the defaults: TLS 1.2 and 1.3, no ALPN, no client certificates. */
  public static Builder builder() {
    return new Builder();
  }

  /** A new engine for one connection. */
  public TlsEngine newEngine() {
    return engines.engine();
  }

  /** How one connection sizes its records. */
  RecordSizing newRecordSizing() {
    return growingRecords
        ? RecordSizing.growing(TlsEngine.CONTENT_BYTES_MAX)
        : RecordSizing.constant(TlsEngine.CONTENT_BYTES_MAX);
  }

  @Override
  public String transport() {
    return TlsTransportProvider.NAME;
  }

  /** The ALPN protocols that this server speaks, the preferred first. */
  @Override
  public List<String> applicationProtocols() {
    return applicationProtocols;
  }

  /** Collects settings; {@link #build()} checks them all. Not thread-safe. */
  public static final class Builder {
    private final TlsProtocolParts parts = new TlsProtocolParts();
    private final List<Supplier<TlsIdentity>> identities = new ArrayList<>();
    private List<String> applicationProtocols = List.of();
    private boolean continueWithoutCommonProtocol;
    private boolean strictServerNames;
    private ClientAuthentication clientAuthentication = ClientAuthentication.NONE;
    private @Nullable TlsTrust clientTrust;
    private SecureRandom random = new SecureRandom();
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /** Adds a certificate with its key. The first one answers for names that none is for. */
    public Builder identity(TlsIdentity identity) {
      identities.add(() -> identity);
      return this;
    }

    /** Adds a certificate that is read by {@link #build()}, where its problems join the others. */
    public Builder identity(Supplier<TlsIdentity> identity) {
      identities.add(identity);
      return this;
    }

    /** The ALPN protocols, the preferred first. */
    public Builder applicationProtocols(String... protocols) {
      applicationProtocols = List.of(protocols);
      return this;
    }

    /**
     * Serves clients whose ALPN offer holds none of ours, without a protocol, instead of refusing
     * them with alert 120.
     */
    public Builder continueWithoutCommonProtocol() {
      continueWithoutCommonProtocol = true;
      return this;
    }

    /** Refuses names that no certificate is for with alert 112, and clients that send none. */
    public Builder strictServerNames() {
      strictServerNames = true;
      return this;
    }

    /** Asks clients for a certificate from one of these authorities. */
    public Builder clientCertificates(ClientAuthentication authentication, TlsTrust trust) {
      clientAuthentication = authentication;
      clientTrust = trust;
      return this;
    }

    /** The versions to accept. */
    public Builder versions(TlsVersion... versions) {
      parts.versions = List.of(versions);
      return this;
    }

    /** The suites to accept, the preferred first. */
    public Builder cipherSuites(TlsCipherSuite... suites) {
      parts.suites = List.of(suites);
      return this;
    }

    /** The key exchange groups to accept. */
    public Builder groups(TlsGroup... groups) {
      parts.groups = List.of(groups);
      return this;
    }

    /**
     * Accepts TLS 1.2 clients without extended master secret (RFC 7627): only for very old ones.
     */
    public Builder allowLegacyMasterSecret() {
      parts.extendedMasterSecret = false;
      return this;
    }

    /**
     * Sends full records from the start. Otherwise a connection begins with records of one segment,
     * which a receiver can read as they come, and goes over to full ones when it streams.
     */
    public Builder fullRecordsFromTheStart() {
      parts.growingRecords = false;
      return this;
    }

    /**
     * Which primitives are computed by the JDK instead of BouncyCastle; {@link TlsWarmUp#probe}
     * measures what is best on this machine.
     */
    public Builder primitives(TlsPrimitives primitives) {
      parts.primitives = primitives;
      return this;
    }

    /**
     * The versions and suites of a profile, instead of those given before.
     *
     * @param profile what to be compatible with
     */
    public Builder profile(TlsProfile profile) {
      parts.versions = profile.versions();
      parts.suites = profile.suites();
      return this;
    }

    /**
     * How long after a full handshake its session may be resumed by tickets, which cost this server
     * no memory. A change of this configuration ends all sessions at once.
     *
     * @param lifetime up to seven days; zero to resume none, two hours if not called
     */
    public Builder sessionLifetime(Duration lifetime) {
      parts.sessionLifetime = lifetime;
      return this;
    }

    /** The bounds on the peer. */
    public Builder limits(TlsLimits limits) {
      parts.limits = limits;
      return this;
    }

    /** The source of all randomness; must be thread-safe. */
    public Builder random(SecureRandom source) {
      random = source;
      return this;
    }

    /** The clock that tells whether certificates are valid. */
    public Builder clock(Clock source) {
      clock = source;
      return this;
    }

    /**
     * Checks everything and builds.
     *
     * @throws TlsConfigException with all problems at once
     */
    public TlsServerConfig build() {
      ConfigProblems problems = new ConfigProblems();
      List<TlsIdentity> usable = new ArrayList<>();
      for (int i = 0; i < identities.size(); i++) {
        TlsIdentity identity = problems.attempt("certificate " + (i + 1), identities.get(i));
        if (identity != null) {
          usable.add(identity);
        }
      }
      if (identities.isEmpty()) {
        problems.add("no certificate; a TLS server needs at least one");
      }
      problems.checkProtocols(applicationProtocols);
      problems.checkSessionLifetime(parts);
      TlsProtocolSettings protocol = problems.protocol(parts);
      problems.throwIfAny("TLS server configuration");
      TlsTrust trust = clientTrust;
      PeerVerifier verifier =
          trust == null
              ? null
              : new CertificatePathVerifier(
                  trust.certificates(), CertificatePathVerifier.CLIENT_USE, clock);
      List<X500Principal> authorities =
          trust == null
              ? List.of()
              : trust.certificates().stream().map(each -> each.getSubjectX500Principal()).toList();
      return new TlsServerConfig(
          new TlsServerSettings(
              Objects.requireNonNull(protocol),
              usable,
              new ServerCertificates(usable, strictServerNames),
              applicationProtocols,
              continueWithoutCommonProtocol,
              clientAuthentication,
              verifier,
              authorities,
              parts.resumes()
                  ? new TicketKeys(TICKETS_PER_HANDSHAKE, parts.sessionLifetime, random, clock)
                  : null,
              random),
          parts.growingRecords);
    }
  }
}
