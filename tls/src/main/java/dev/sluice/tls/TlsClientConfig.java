package dev.sluice.tls;

import dev.sluice.core.config.TransportConfig;
import dev.sluice.tls.engine.IpLiteral;
import dev.sluice.tls.engine.PeerVerifier;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsClientSettings;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsLimits;
import dev.sluice.tls.engine.TlsPrimitives;
import dev.sluice.tls.engine.TlsProfile;
import dev.sluice.tls.engine.TlsProtocolSettings;
import dev.sluice.tls.engine.TlsVersion;
import dev.sluice.tls.engine.bc.BcTlsEngineFactory;
import java.net.IDN;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How outgoing connections speak TLS. Immutable and thread-safe; one serves any number of
 * connections.
 *
 * <p>The server's certificate is verified against the trusted authorities and must be for the
 * server's name (RFC 9525), unless that was switched off by {@link
 * Builder#insecureTrustAnyServerCertificate()}.
 */
public final class TlsClientConfig implements TransportConfig {
  private static final Pattern DNS_NAME =
      Pattern.compile("(?=.{1,253}$)[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");

  private final BcTlsEngineFactory.Clients engines;
  private final List<String> applicationProtocols;
  private final boolean growingRecords;
  private final boolean verifies;

  private TlsClientConfig(
      TlsClientSettings settings,
      List<String> applicationProtocols,
      boolean verifies,
      boolean growingRecords) {
    this(new BcTlsEngineFactory.Clients(settings), applicationProtocols, verifies, growingRecords);
  }

  private TlsClientConfig(
      BcTlsEngineFactory.Clients engines,
      List<String> applicationProtocols,
      boolean verifies,
      boolean growingRecords) {
    this.engines = engines;
    this.applicationProtocols = applicationProtocols;
    this.verifies = verifies;
    this.growingRecords = growingRecords;
  }

  /**
   * A builder with the defaults: TLS 1.2 and 1.3, the system's trust, no ALPN, no client
   * certificate.
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * A new engine for one connection, which offers the configured protocols.
   *
   * @param serverName the server's DNS name or address: sent as SNI if it is a name, and what the
   *     certificate must be for; null sends no SNI, and fails the handshake where certificates are
   *     verified
   */
  public TlsEngine newEngine(@Nullable String serverName) {
    return newEngine(serverName, applicationProtocols);
  }

  /** As {@link #newEngine(String)}, with another ALPN offer; empty for no ALPN. */
  public TlsEngine newEngine(@Nullable String serverName, List<String> offeredProtocols) {
    return newEngine(serverName, offeredProtocols, "");
  }

  /**
   * As {@link #newEngine(String, List)}, for one of several servers of that name.
   *
   * @param address where it is: a session is resumed only with the server that it was made with;
   *     empty if that is all the same
   */
  TlsEngine newEngine(@Nullable String serverName, List<String> offeredProtocols, String address) {
    if (serverName == null) {
      // Nothing is for no name, so a verified connection without one fails with a clear cause.
      return engines.engine(null, verifies ? "(no name given)" : null, offeredProtocols, address);
    }
    // RFC 6066 3: literal addresses are not permitted as server names, nor is what is no DNS name.
    String dnsName = IpLiteral.parse(serverName) == null ? dnsName(serverName) : null;
    String expected = dnsName == null ? serverName : dnsName;
    return engines.engine(dnsName, verifies ? expected : null, offeredProtocols, address);
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

  /** The ALPN protocols that are offered, the preferred first. */
  @Override
  public List<String> applicationProtocols() {
    return applicationProtocols;
  }

  @Override
  public TlsClientConfig offering(List<String> protocols) {
    return new TlsClientConfig(engines, List.copyOf(protocols), verifies, growingRecords);
  }

  /** Whether the server's certificate is verified. */
  public boolean verifiesServerCertificates() {
    return verifies;
  }

  /**
   * The form that goes into SNI and that certificates hold: A-labels, lower case, no dot at the
   * end. Null if the text is no DNS name.
   */
  private static @Nullable String dnsName(String text) {
    String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    try {
      String ascii = IDN.toASCII(bare, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
      return DNS_NAME.matcher(ascii).matches() ? ascii : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Collects settings; {@link #build()} checks them all. Not thread-safe. */
  public static final class Builder {
    private final TlsProtocolParts parts = new TlsProtocolParts();
    private @Nullable Supplier<TlsIdentity> identity;
    private @Nullable Supplier<TlsTrust> trust;
    private boolean insecure;
    private List<String> applicationProtocols = List.of();
    private SecureRandom random = new SecureRandom();
    private Clock clock = Clock.systemUTC();

    private Builder() {}

    /** The authorities to trust, instead of the system's. */
    public Builder trust(TlsTrust trusted) {
      trust = () -> trusted;
      return this;
    }

    /** The authorities to trust, read by {@link #build()}, where their problems join the others. */
    public Builder trust(Supplier<TlsTrust> trusted) {
      trust = trusted;
      return this;
    }

    /**
     * Accepts every server certificate, for any name and from anyone: whoever sits on the wire can
     * read along.
     */
    public Builder insecureTrustAnyServerCertificate() {
      insecure = true;
      return this;
    }

    /** The certificate to show to servers that ask for one. */
    public Builder identity(TlsIdentity own) {
      identity = () -> own;
      return this;
    }

    /** The certificate to show, read by {@link #build()}. */
    public Builder identity(Supplier<TlsIdentity> own) {
      identity = own;
      return this;
    }

    /** The ALPN protocols to offer, the preferred first. */
    public Builder applicationProtocols(String... protocols) {
      applicationProtocols = List.of(protocols);
      return this;
    }

    /** The versions to offer. */
    public Builder versions(TlsVersion... versions) {
      parts.versions = List.of(versions);
      return this;
    }

    /** The suites to offer, the preferred first. */
    public Builder cipherSuites(TlsCipherSuite... suites) {
      parts.suites = List.of(suites);
      return this;
    }

    /** The key exchange groups to offer, the preferred first. */
    public Builder groups(TlsGroup... groups) {
      parts.groups = List.of(groups);
      return this;
    }

    /**
     * Accepts TLS 1.2 servers without extended master secret (RFC 7627): only for very old ones.
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
     * How long after a full handshake its session may be resumed by tickets or, in TLS 1.2, its id.
     * A change of this configuration ends all sessions at once.
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
    public TlsClientConfig build() {
      ConfigProblems problems = new ConfigProblems();
      problems.checkProtocols(applicationProtocols);
      problems.checkSessionLifetime(parts);
      Supplier<TlsTrust> source = trust;
      if (insecure && source != null) {
        problems.add(
            "trusted authorities are given, and at the same time every certificate is accepted;"
                + " choose one");
      }
      PeerVerifier verifier = insecure ? (chain, name) -> null : verifier(problems, source);
      Supplier<TlsIdentity> own = identity;
      TlsIdentity shown = own == null ? null : problems.attempt("client certificate", own);
      TlsProtocolSettings protocol = problems.protocol(parts);
      problems.throwIfAny("TLS client configuration");
      return new TlsClientConfig(
          new TlsClientSettings(
              Objects.requireNonNull(protocol),
              Objects.requireNonNull(verifier),
              shown,
              parts.resumes() ? new ClientSessions(parts.sessionLifetime, clock) : null,
              random),
          applicationProtocols,
          !insecure,
          parts.growingRecords);
    }

    private @Nullable PeerVerifier verifier(
        ConfigProblems problems, @Nullable Supplier<TlsTrust> source) {
      TlsTrust trusted = problems.attempt("trust", source == null ? TlsTrust::system : source);
      return trusted == null
          ? null
          : new CertificatePathVerifier(
              trusted.certificates(), CertificatePathVerifier.SERVER_USE, clock);
    }
  }
}
