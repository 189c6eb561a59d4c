package dev.sluice.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.DrainConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.HandshakeConfig;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ProxyProtocolVersion;
import dev.sluice.core.config.ResolveConfig;
import dev.sluice.core.config.RetirementConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.SpareConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.stream.ExchangeFilter;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong with an engine is told all at once: what, where, and what would be right. */
class ConfigurationProblemsTest {
  private static final InetSocketAddress HERE = new InetSocketAddress("192.0.2.1", 80);
  private static final InetSocketAddress THERE = new InetSocketAddress("192.0.2.2", 8080);

  private static List<String> problems(ProxyEngineBuilder builder) {
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, builder::build);
    assertThat(thrown).isNotNull();
    return thrown.problems();
  }

  @Test
  void everythingThatIsWrongIsTold() {
    ServerConfig server = ServerConfig.clear("a", THERE);
    ExchangeFilter filter = new ExchangeFilter() {};
    ProxyEngineBuilder builder =
        ProxyEngine.builder()
            .timeouts(TimeoutConfig.defaults().withConnect(Duration.ZERO))
            .limits(new LimitConfig(1, 100, 100, 65536, 16384, 65536, 100, 100, 64))
            .loops(0)
            .backend(BackendConfig.tcp("raw", server, server))
            .backend(BackendConfig.tcp("raw", server.withLimits(0, 1, 1)))
            .backend(BackendConfig.tcp("none"))
            .backend(BackendConfig.of("web", server.withMux("h2").withLimits(1, 1, 1)))
            .backend(BackendConfig.of("lines", server.withMux("line")))
            .backend(
                BackendConfig.of(
                    "secure",
                    ServerConfig.with("a", THERE, SimHandshakeConfig.offering("x"), null)))
            .backend(
                BackendConfig.tcp(
                    "far", ServerConfig.clear("a", InetSocketAddress.createUnresolved("a", 1))))
            .frontend("in", ProxyMode.TCP, "raw", ListenerConfig.clear(HERE))
            .frontend("in", ProxyMode.TCP, "web", ListenerConfig.clear(HERE))
            .frontend("lost", ProxyMode.TCP, "nowhere")
            .frontend(
                new FrontendConfig(
                    "fixed",
                    ProxyMode.TCP,
                    List.of(ListenerConfig.clear(new InetSocketAddress("192.0.2.1", 0))),
                    FixedResponse.text(99, "")))
            .filter("in", () -> filter);

    assertThat(problems(builder))
        .satisfiesOnlyOnce(line -> assertThat(line).startsWith("timeouts.connect is PT0S"))
        .satisfiesOnlyOnce(line -> assertThat(line).startsWith("limits.headBytesMax is 1: 256 to"))
        .contains("loops is 0: 1 to 1024 is valid")
        .contains("backends.raw stands twice: names of backends are unique")
        .contains(
            "backends.raw.servers.a stands twice: names of servers are unique within a backend")
        .satisfiesOnlyOnce(
            line -> assertThat(line).startsWith("backends.raw.servers.a has a limit that nothing"))
        .contains("backends.none.servers is empty: at least one is needed")
        .satisfiesOnlyOnce(
            line ->
                assertThat(line)
                    .contains("backends.web.servers.a forces the mux \"h2\"")
                    .endsWith("add dev.sluice:sluice-mux-h2 to the path"))
        .satisfiesOnlyOnce(
            line ->
                assertThat(line)
                    .contains("backends.lines.servers.a forces the mux \"line\"")
                    .endsWith("or give its provider to the builder"))
        .satisfiesOnlyOnce(
            line ->
                assertThat(line)
                    .startsWith("backends.secure.servers.a needs the transport")
                    .contains("which nobody provides"))
        .contains("frontends.in stands twice: names of frontends are unique")
        .satisfiesOnlyOnce(
            line -> assertThat(line).contains("frontends.in.listeners", "stands twice"))
        .satisfiesOnlyOnce(
            line -> assertThat(line).contains("frontends.in has mode TCP", "the same"))
        .contains("frontends.lost.listeners is empty: at least one is needed")
        .satisfiesOnlyOnce(
            line ->
                assertThat(line)
                    .startsWith("frontends.lost.action names the backend \"nowhere\": valid are"))
        .contains("frontends.fixed.action is a response: in TCP mode only a backend is valid")
        .contains("frontends.fixed.action.status is 99: 200 to 599 is valid")
        .satisfiesOnlyOnce(
            line -> assertThat(line).startsWith("a filter is given for the frontend \"in\""));
  }

  @Test
  void poolThatCannotBeKeptAsAskedIsTold() {
    ServerConfig server = ServerConfig.clear("a", THERE);
    SpareConfig warm = SpareConfig.none().withWarmMin(3);
    RetirementConfig retirement =
        RetirementConfig.defaults()
            .withIdlePerLoopMax(-1)
            .withIdleMax(-1)
            .withRequestsMax(0)
            .withIdleTimeout(Duration.ofSeconds(-1))
            .withPurgeInterval(Duration.ofDays(366))
            .withMaxAge(Duration.ofDays(366));
    ProxyConfig config =
        config(
            BackendConfig.of("few", server.withLimits(2, 1, 1))
                .withPool(PoolConfig.defaults().withSpares(warm)),
            BackendConfig.of("named", server.withProxyHeader(ProxyProtocolVersion.V2))
                .withPool(PoolConfig.defaults().withSpares(warm)),
            BackendConfig.of("own", server)
                .withPool(PoolConfig.reuse(Reuse.NEVER).withSpares(warm)),
            BackendConfig.tcp("raw", server).withPool(PoolConfig.defaults().withSpares(warm)),
            BackendConfig.of("odd", server)
                .withPool(
                    PoolConfig.defaults()
                        .withHandshakesMax(0)
                        .withPrivateIdleMax(-1)
                        .withSpares(SpareConfig.none().withWarmMin(-1).withSpread(-1, 0, 0))
                        .withRetirement(retirement)));

    assertThat(config.problems())
        .contains(
            "backends.few.servers.a.maxConnections is 2 and warmMin 3: they could not all be kept")
        .contains(
            "backends.named.servers.a.proxyHeader makes each connection that of one client:"
                + " warmMin is of no use")
        .contains("backends.own.pool.warmMin is of no use with reuse NEVER: nobody may take them")
        .contains("backends.raw.pool.warmMin is of no use in TCP mode: connections are not shared")
        .contains("backends.odd.pool.handshakesMax is 0: 1 or more is valid")
        .contains("backends.odd.pool.privateIdleMax is -1: 0 or more is valid")
        .contains("backends.odd.pool.warmMin is -1: 0 or more is valid")
        .contains("backends.odd.pool.spreadMin is -1: 0 or more is valid")
        .contains("backends.odd.pool.spreadStreams is 0: 1 or more is valid")
        .contains("backends.odd.pool.spreadMax is 0: 1, and spreadMin, or more is valid")
        .contains("backends.odd.pool.idlePerLoopMax is -1: 0 or more is valid")
        .contains("backends.odd.pool.idleMax is -1: 0 or more is valid")
        .contains("backends.odd.pool.requestsMax is 0: 1 or more is valid")
        .contains(
            "backends.odd.pool.idleTimeout is negative or more than a year: 0 stands for the idle"
                + " of the timeouts")
        .contains(
            "backends.odd.pool.purgeInterval is negative or more than a year: 0 stands for never")
        .contains("backends.odd.pool.maxAge is negative or more than a year: 0 stands for no limit")
        .hasSize(16);
  }

  private static ProxyConfig config(BackendConfig... backends) {
    return new ProxyConfig(
        List.of(
            new FrontendConfig(
                "in",
                ProxyMode.HTTP,
                List.of(ListenerConfig.clear(HERE)),
                FixedResponse.text(200, ""))),
        List.of(backends),
        TimeoutConfig.defaults(),
        LimitConfig.defaults(),
        1,
        HandshakeConfig.defaults(),
        DrainConfig.defaults(),
        Duration.ZERO,
        ResolveConfig.defaults());
  }

  @Test
  void missingFrontendsAreTold() {
    assertThat(problems(ProxyEngine.builder()))
        .containsExactly("frontends is empty: at least one is needed");
  }

  @Test
  void missingMuxOfTheModeNamesItsArtifact() {
    ProxyEngineBuilder builder =
        ProxyEngine.builder()
            .frontend("in", ProxyMode.HTTP, "web", ListenerConfig.clear(HERE))
            .backend(BackendConfig.of("web", ServerConfig.clear("a", THERE)));

    assertThat(problems(builder))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).endsWith("add dev.sluice:sluice-mux-h1 to the path"));
  }

  @Test
  @SuppressWarnings({"DataFlowIssue", "NullAway"}) // What callers without a checker may do.
  void nullIsRejectedAtTheDoor() {
    ProxyEngineBuilder builder = ProxyEngine.builder();

    assertThatNullPointerException().isThrownBy(() -> builder.timeouts(null));
    assertThatNullPointerException().isThrownBy(() -> builder.limits(null));
    assertThatNullPointerException().isThrownBy(() -> builder.router(null));
    assertThatNullPointerException().isThrownBy(() -> builder.observer(null));
    assertThatNullPointerException().isThrownBy(() -> builder.filter(null));
    assertThatNullPointerException()
        .isThrownBy(() -> TimeoutConfig.defaults().withConnect(null))
        .withMessage("connect");
  }
}
