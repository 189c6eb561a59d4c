package dev.sluice.app;

import dev.sluice.core.config.Reuse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** Certificates and origins: what the demo's engines are put in front of. */
final class DemoStage implements AutoCloseable {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private final DemoCertificates certificates = new DemoCertificates();
  private final List<Origin> origins = new ArrayList<>();
  private final H2Origins h2Origins;
  private final Map<OriginKind, InetSocketAddress> addresses = new EnumMap<>(OriginKind.class);
  private final SSLContext clientTrust;
  private final InetAddress host;

  /** Makes the certificates and starts the origins. */
  DemoStage() throws CommandFailure {
    try {
      host = InetAddress.getByAddress(LOOPBACK);
      clientTrust = certificates.clientContext();
      SSLContext originTls = certificates.originContext();
      for (OriginKind kind : OriginKind.values()) {
        Origin origin = Origin.start(kind, host, originTls);
        origins.add(origin);
        addresses.put(kind, origin.address());
      }
      List<Origin> behind = origins.stream().filter(origin -> origin.kind().h2()).toList();
      h2Origins = H2Origins.start(host, certificates, behind);
      for (Origin origin : behind) {
        addresses.put(origin.kind(), h2Origins.address(origin.kind()));
      }
    } catch (GeneralSecurityException | IOException e) {
      origins.forEach(Origin::close);
      throw new CommandFailure("the embedded origins can't start: " + e.getMessage(), e);
    }
  }

  /** Everything is on this address. */
  InetAddress host() {
    return host;
  }

  DemoCertificates certificates() {
    return certificates;
  }

  /** An engine in front of the origins. */
  DemoProxy proxy(int clearPort, int tlsPort) throws CommandFailure {
    return new DemoProxy(host, clearPort, tlsPort, certificates, addresses, Reuse.SAFE);
  }

  /**
   * Sends requests through another engine, so that the JVM has compiled the most of it before
   * anything is measured; each makes its own connection, so that handshakes are among it.
   *
   * @return the number of requests
   */
  int warmUp(int rounds) throws CommandFailure, InterruptedException {
    int requests = 0;
    try (DemoProxy proxy = new DemoProxy(host, 0, 0, certificates, addresses, Reuse.NEVER)) {
      for (int round = 0; round < rounds; round++) {
        requests += run(proxy).size();
      }
    }
    return requests;
  }

  /** Sends requests through each pairing. */
  List<Outcome> run(DemoProxy proxy) throws CommandFailure, InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    try (DemoClient client = new DemoClient(proxy, clientTrust)) {
      for (Pairing pairing : Pairing.all()) {
        outcomes.addAll(client.through(pairing));
      }
    }
    return outcomes;
  }

  @Override
  public void close() {
    h2Origins.close();
    origins.forEach(Origin::close);
  }
}
