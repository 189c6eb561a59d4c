package dev.sluice.bench;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.TlsTrust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one exchange costs, from the client's request to the last byte of its response: a GET
 * answered with 1 KiB, on kept connections, over the simulated network, in one thread without a
 * system call. Client, network and origin are in the figures, in time and in bytes allocated, the
 * same for a protocol in each pairing; what the engine's loop alone allocates is what {@code
 * AllocationGateTest} tells.
 *
 * <p>The baseline is the pairing {@code TCP}: the same bytes of h1, relayed without being read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExchangeBenchmark {
  private static final InetSocketAddress FRONT = new InetSocketAddress("192.0.2.10", 80);
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.20", 8080);
  private static final String HOST = "origin.example";
  private static final int CONTENT_BYTES = 1 << 10;

  /** The protocols on both sides. */
  public enum Pairing {
    TCP(false, false, false, false),
    H1_TO_H1(false, false, false, false),
    H1_TO_H2(false, false, true, false),
    H2_TO_H1(true, false, false, false),
    H2_TO_H2(true, false, true, false),
    H1_TLS_TO_H1(false, true, false, false),
    H2_TLS_TO_H1(true, true, false, false),
    H1_TLS_TO_H1_TLS(false, true, false, true),
    H2_TLS_TO_H2_TLS(true, true, true, true);

    final boolean frontH2;
    final boolean frontTls;
    final boolean backH2;
    final boolean backTls;

    Pairing(boolean frontH2, boolean frontTls, boolean backH2, boolean backTls) {
      this.frontH2 = frontH2;
      this.frontTls = frontTls;
      this.backH2 = backH2;
      this.backTls = backTls;
    }
  }

  @Param public Pairing pairing = Pairing.H1_TO_H1;

  private final Simulation simulation = new Simulation(1);
  private @Nullable ProxyEngine engine;
  private BenchPeer.Client client = H1BenchPeer.client(new byte[0], 0);
  private long asked;

  /** Starts the engine and opens both connections. */
  @Setup
  public void open() throws IOException {
    DevelopmentCertificates certificates = DevelopmentCertificates.create();
    TlsServerConfig listener = server(certificates, pairing.frontH2);
    TlsServerConfig origin = server(certificates, pairing.backH2);
    TlsClientConfig dialler = client(certificates, pairing.backH2);
    ServerConfig server =
        pairing.backTls
            ? ServerConfig.with("a", SERVER, dialler, HOST)
            : ServerConfig.clear("a", SERVER);
    if (pairing.backH2 && !pairing.backTls) {
      server = server.withMux("h2");
    }
    boolean tcp = pairing == Pairing.TCP;
    engine =
        ProxyEngine.builder()
            .frontend(
                "front",
                tcp ? ProxyMode.TCP : ProxyMode.HTTP,
                "back",
                pairing.frontTls
                    ? ListenerConfig.with(FRONT, listener)
                    : ListenerConfig.clear(FRONT))
            .backend(tcp ? BackendConfig.tcp("back", server) : BackendConfig.of("back", server))
            .drivenLoops(
                EngineLoops.driven(
                    simulation.addLoops(1, LoopLimits.defaults()), simulation.executor()))
            .build();
    engine.start();
    SimServer.listen(
        simulation,
        SERVER,
        socket -> new BenchWire(socket, pairing.backTls ? origin.newEngine() : null, originPeer()));
    client =
        pairing.frontH2
            ? H2BenchPeer.client(BenchHeads.requestBlock())
            : H1BenchPeer.client(BenchHeads.request(), CONTENT_BYTES);
    new BenchWire(
        ScriptedPeer.connect(simulation, "client", FRONT),
        pairing.frontTls ? client(certificates, pairing.frontH2).newEngine(HOST) : null,
        client);
    simulation.runUntil(client::ready);
  }

  private BenchPeer originPeer() {
    return pairing.backH2
        ? H2BenchPeer.origin(BenchHeads.responseBlock(CONTENT_BYTES), CONTENT_BYTES)
        : H1BenchPeer.origin(BenchHeads.response(CONTENT_BYTES), 0);
  }

  private static TlsServerConfig server(DevelopmentCertificates certificates, boolean h2) {
    return TlsServerConfig.builder()
        .identity(certificates.server(KeyType.ECDSA_P256, HOST))
        .applicationProtocols(h2 ? "h2" : "http/1.1")
        .build();
  }

  private static TlsClientConfig client(DevelopmentCertificates certificates, boolean h2) {
    return TlsClientConfig.builder()
        .trust(TlsTrust.of(certificates.certificate()))
        .applicationProtocols(h2 ? "h2" : "http/1.1")
        .build();
  }

  /** Closes everything. */
  @TearDown
  public void close() {
    ProxyEngine started = engine;
    if (started != null) {
      started.stop();
    }
  }

  @Benchmark
  public long exchange() {
    client.request();
    asked++;
    simulation.runUntil(() -> client.responses() == asked);
    return asked;
  }
}
