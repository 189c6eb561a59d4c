package dev.sluice.tls;

import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.transport.ApplicationProtocol;
import dev.sluice.core.transport.PlainTransport;
import dev.sluice.core.transport.Transport;
import dev.sluice.core.transport.TransportFactory;
import dev.sluice.core.transport.TransportHost;
import dev.sluice.core.transport.TransportProvider;
import dev.sluice.core.transport.TransportRole;
import dev.sluice.core.transport.TransportTarget;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transport "tls": takes a {@link TlsServerConfig} for listeners and a {@link TlsClientConfig}
 * for servers.
 */
public final class TlsTransportProvider implements TransportProvider {
  /** The name that both configurations give. */
  public static final String NAME = "tls";

  /** For the service loader. */
  public TlsTransportProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public TransportFactory open(TransportConfig config, TransportRole role, List<String> problems) {
    if (role == TransportRole.SERVER && config instanceof TlsServerConfig server) {
      return new Listeners(server);
    }
    if (role == TransportRole.CLIENT && config instanceof TlsClientConfig client) {
      return new Outgoing(client);
    }
    String right =
        role == TransportRole.SERVER
            ? "listeners need a TlsServerConfig"
            : "servers need a TlsClientConfig";
    problems.add("transport tls: " + right + ", not a " + config.getClass().getSimpleName());
    return PlainTransport.factory();
  }

  @Override
  public List<ConfigSchema> schemas(TransportRole role) {
    return role == TransportRole.SERVER
        ? List.of(TlsSections.SERVER_ROLE, TlsIdentitySection.SCHEMA)
        : List.of(TlsSections.CLIENT_ROLE);
  }

  @Override
  public @Nullable TransportConfig configure(
      ConfigNode section, TransportRole role, ConfigProblems problems) {
    Clock clock = Clock.systemUTC();
    return role == TransportRole.SERVER
        ? TlsSections.server(section, problems, clock)
        : TlsSections.client(section, problems, clock);
  }

  @Override
  public String warmUp(Duration budget) {
    TlsWarmUp.Report report = TlsWarmUp.run(budget);
    return "%d handshakes and %d records in %d ms%s"
        .formatted(
            report.handshakes(),
            report.records(),
            report.took().toMillis(),
            report.steady() ? "" : ", not steady yet");
  }

  /** What both roles have in common: settings that another thread may replace at any time. */
  private abstract static class Renewable<C extends TransportConfig> implements TransportFactory {
    private final Class<C> kind;
    private volatile C config;
    private volatile int generation;

    Renewable(Class<C> kind, C config) {
      this.kind = kind;
      this.config = config;
    }

    /** For a whole handshake the same. */
    final C config() {
      return config;
    }

    @Override
    public final List<ApplicationProtocol> offered() {
      return ApplicationProtocol.listOf(config.applicationProtocols());
    }

    @Override
    public final boolean handshakes() {
      return true;
    }

    @Override
    public final int generation() {
      return generation;
    }

    @Override
    public final Runnable renewal(TransportConfig next, List<String> problems) {
      if (!kind.isInstance(next)) {
        problems.add("transport tls: a " + kind.getSimpleName() + " is needed");
        return () -> {};
      }
      C renewed = kind.cast(next);
      List<String> protocols = config.applicationProtocols();
      if (!renewed.applicationProtocols().equals(protocols)) {
        problems.add(
            "transport tls: the application protocols are %s, and can't become %s"
                .formatted(protocols, renewed.applicationProtocols()));
      }
      return () -> putInForce(renewed);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one renewal at a time
    private void putInForce(C renewed) {
      // The number last: who has seen it sees the settings too.
      config = renewed;
      generation++;
    }
  }

  private static final class Listeners extends Renewable<TlsServerConfig> {
    Listeners(TlsServerConfig config) {
      super(TlsServerConfig.class, config);
    }

    @Override
    public Transport create(TransportHost host, TransportTarget target) {
      TlsServerConfig config = config();
      return new TlsTransport(host, config.newEngine(), config.newRecordSizing());
    }
  }

  private static final class Outgoing extends Renewable<TlsClientConfig> {
    Outgoing(TlsClientConfig config) {
      super(TlsClientConfig.class, config);
    }

    @Override
    public Transport create(TransportHost host, TransportTarget target) {
      TlsClientConfig config = config();
      String name = target.serverName();
      return new TlsTransport(
          host,
          config.newEngine(
              name != null ? name : addressOf(target.address()),
              config.applicationProtocols(),
              String.valueOf(target.address())),
          config.newRecordSizing());
    }

    /** Without a name the certificate must be for the address (RFC 9525 1.2: iPAddress entries). */
    private static String addressOf(SocketAddress address) {
      if (address instanceof InetSocketAddress inet) {
        if (inet.getAddress() == null) {
          return inet.getHostString();
        }
        // Certificates know nothing of the zone that a link-local address has here.
        String text = inet.getAddress().getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
      }
      return address.toString();
    }
  }
}
