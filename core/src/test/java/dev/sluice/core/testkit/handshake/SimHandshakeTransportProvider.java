package dev.sluice.core.testkit.handshake;

import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.transport.ApplicationProtocol;
import dev.sluice.core.transport.Transport;
import dev.sluice.core.transport.TransportFactory;
import dev.sluice.core.transport.TransportHost;
import dev.sluice.core.transport.TransportProvider;
import dev.sluice.core.transport.TransportRole;
import dev.sluice.core.transport.TransportTarget;
import java.util.List;

/** Makes transports of the simulated handshake. */
public final class SimHandshakeTransportProvider implements TransportProvider {
  /** The name by which a configuration refers to it. */
  public static final String NAME = "sim-handshake";

  /** Stateless. */
  public SimHandshakeTransportProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public TransportFactory open(TransportConfig config, TransportRole role, List<String> problems) {
    return factory((SimHandshakeConfig) config, role);
  }

  /** What makes transports of these settings, for tests below the engine. */
  public static TransportFactory factory(SimHandshakeConfig config, TransportRole role) {
    return new Factory(config, role, ApplicationProtocol.listOf(config.applicationProtocols()));
  }

  private record Factory(
      SimHandshakeConfig config, TransportRole role, List<ApplicationProtocol> offered)
      implements TransportFactory {
    @Override
    public Transport create(TransportHost host, TransportTarget target) {
      return new SimHandshakeTransport(host, config, role, target);
    }

    @Override
    public boolean handshakes() {
      return true;
    }
  }
}
