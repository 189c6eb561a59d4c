package dev.sluice.simulation;

import dev.sluice.core.testkit.mux.TestMuxProvider;
import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.TlsTrust;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsIdentity;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The TLS configurations of the runs of one thread. The certificates are made once; the
 * configurations, which remember sessions, are made anew for every run, over one source of
 * randomness that it seeds. So a run is the same whatever ran before it.
 */
final class TlsMaterial {
  private static final Instant NOW = Instant.parse("2026-01-15T00:00:00Z");

  private final Source source = new Source();
  private final SecureRandom random = new Seeded(source);
  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final TlsIdentity identity;
  private final TlsTrust trust;
  private final Map<Kind, TlsServerConfig> origins = new EnumMap<>(Kind.class);
  TlsServerConfig listener;
  TlsClientConfig toServers;
  TlsClientConfig clients;
  TlsClientConfig h2Clients;
  TlsClientConfig clientsWithoutAlpn;

  TlsMaterial() {
    source.random = new SplittableRandom(1);
    DevelopmentCertificates authority =
        DevelopmentCertificates.create(NOW, random, KeyType.ECDSA_P256);
    identity = authority.server(KeyType.ECDSA_P256, Kind.HOST);
    trust = TlsTrust.of(authority.certificate());
    listener = server("h2", "http/1.1");
    toServers = client(TestMuxProvider.MULTI, "h2", "http/1.1");
    h2Clients = client("h2");
    clients = client("http/1.1");
    clientsWithoutAlpn = client();
  }

  /** Begins a run: everything as new. */
  void seed(long seed) {
    source.random = new SplittableRandom(seed);
    listener = server("h2", "http/1.1");
    origins.put(Kind.ALPN, server("http/1.1"));
    origins.put(Kind.NO_ALPN, server());
    origins.put(Kind.UNKNOWN, server("acme/1"));
    origins.put(Kind.MULTI, server(TestMuxProvider.MULTI, "http/1.1"));
    origins.put(Kind.H2, server("h2"));
    toServers = client(TestMuxProvider.MULTI, "h2", "http/1.1");
    h2Clients = client("h2");
    clients = client("http/1.1");
    clientsWithoutAlpn = client();
  }

  private TlsServerConfig server(String... protocols) {
    return TlsServerConfig.builder()
        .identity(identity)
        .applicationProtocols(protocols)
        .groups(TlsGroup.SECP256R1)
        .random(random)
        .clock(clock)
        .build();
  }

  private TlsClientConfig client(String... protocols) {
    return TlsClientConfig.builder()
        .trust(trust)
        // A session of one run would make another of the next.
        .sessionLifetime(Duration.ZERO)
        .applicationProtocols(protocols)
        .groups(TlsGroup.SECP256R1)
        .random(random)
        .clock(clock)
        .build();
  }

  TlsServerConfig origin(Kind kind) {
    TlsServerConfig config = origins.get(kind);
    if (config == null) {
      throw new IllegalArgumentException(kind + " has no handshake");
    }
    return config;
  }

  private static final class Seeded extends SecureRandom {
    private static final long serialVersionUID = 1L;

    Seeded(Source source) {
      super(source, null);
    }
  }

  private static final class Source extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;

    private transient SplittableRandom random = new SplittableRandom(1);

    @Override
    protected void engineSetSeed(byte[] seed) {
      // The run's seed alone decides.
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) random.nextInt();
      }
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      byte[] seed = new byte[count];
      engineNextBytes(seed);
      return seed;
    }
  }
}
