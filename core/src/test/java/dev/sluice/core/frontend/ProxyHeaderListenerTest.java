package dev.sluice.core.frontend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ProxyProtocolVersion;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.transport.ProxyHeader;
import dev.sluice.core.transport.ProxyHeaderEncoder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners whose connections begin with a PROXY header. */
class ProxyHeaderListenerTest extends EngineTest {
  private static final InetSocketAddress CLIENT = new InetSocketAddress("203.0.113.7", 5123);
  private static final InetSocketAddress REACHED = new InetSocketAddress("203.0.113.1", 443);
  private static final InetSocketAddress SECURE = new InetSocketAddress("192.0.2.10", 443);

  private final AtomicReference<@Nullable SocketAddress> routedFor = new AtomicReference<>();

  private static ProxyHeader header(ProxyProtocolVersion version) {
    return new ProxyHeader(version, CLIENT, REACHED);
  }

  private TestOrigin start() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    rig.start(
        builder ->
            builder
                .frontend(
                    "front",
                    ProxyMode.HTTP,
                    "back",
                    ListenerConfig.clear(EngineRig.FRONT).withProxyHeader(),
                    ListenerConfig.with(SECURE, BOTH).withProxyHeader())
                .router(
                    call -> {
                      routedFor.set(call.clientAddress());
                      call.forward("back");
                    })
                .backend(BackendConfig.of("back", ServerConfig.clear("a", origin.address()))));
    return origin;
  }

  private ClientExchange get(InetSocketAddress listener, PeerScript script) {
    TestClient client =
        TestClient.connect(rig.simulation(), "client", listener, script, script.negotiates());
    ClientExchange exchange = client.get(1, 100);
    rig.await(exchange);
    client.close();
    settle();
    return exchange;
  }

  private ScriptedPeer raw() {
    return ScriptedPeer.connect(rig.simulation(), "raw", EngineRig.FRONT).toleratesLoss();
  }

  @ParameterizedTest
  @EnumSource
  void clientIsTheOneThatTheHeaderNames(ProxyProtocolVersion version) {
    start();

    ClientExchange exchange =
        get(EngineRig.FRONT, PeerScript.clear().sendingHeader(header(version)));

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(rig.onlyRecord().client().address()).isEqualTo(CLIENT);
    assertThat(rig.onlyRecord().client().reachedAt()).isEqualTo(REACHED);
    assertThat(routedFor).hasValue(CLIENT);
  }

  @ParameterizedTest
  @EnumSource
  void headerStandsInFrontOfTheHandshake(ProxyProtocolVersion version) {
    start();

    ClientExchange exchange = get(SECURE, PeerScript.agreeing().sendingHeader(header(version)));

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(rig.onlyRecord().client().address()).isEqualTo(CLIENT);
  }

  @ParameterizedTest
  @EnumSource
  void headerThatNamesNobodyLeavesTheSocketsAddress(ProxyProtocolVersion version) {
    start();

    get(EngineRig.FRONT, PeerScript.clear().sendingHeader(ProxyHeader.local(version)));

    assertThat(rig.onlyRecord().client().address()).isNotNull().isNotEqualTo(CLIENT);
    assertThat(rig.onlyRecord().client().reachedAt()).isEqualTo(EngineRig.FRONT);
  }

  @Test
  void clientWithoutAHeaderIsClosedAndCounted() {
    start();
    ScriptedPeer client = raw();
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").expectClosed().close();

    settle();

    assertThat(rig.clientFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.BAD_PROXY_HEADER);
    assertThat(rig.clientFailures().get(0).detail()).isEqualTo("no PROXY header");
    assertThat(rig.records()).isEmpty();
    assertThat(rig.engine().snapshot().clientConnections()).isZero();
  }

  @Test
  void connectionThatEndsWithinTheHeaderIsCounted() {
    start();
    raw().send("PROXY TCP4 1.2").close();

    settle();

    assertThat(rig.clientFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.BAD_PROXY_HEADER);
  }

  @Test
  void connectionWithoutAByteIsNobodysFault() {
    start();
    raw().close();

    settle();

    assertThat(rig.clientFailures()).isEmpty();
    assertThat(rig.engine().snapshot().clientConnections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 14, 20, 27})
  void deadlineOfTheHandshakeHoldsForTheHeader(int bytes) {
    start();
    byte[] whole = ProxyHeaderEncoder.encode(header(ProxyProtocolVersion.V2));
    ScriptedPeer client = raw();
    client.send(Arrays.copyOf(whole, bytes)).expectClosed().close();

    runFor(1990);
    assertThat(rig.engine().snapshot().clientConnections()).isEqualTo(1);
    runFor(20);

    assertThat(rig.clientFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.HANDSHAKE_TIMEOUT);
    assertThat(rig.engine().snapshot().clientConnections()).isZero();
  }

  @Test
  void listenerThatIsNotConfiguredForItTakesAHeaderForWhatItIs() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    rig.startHttp(clear("a", origin));
    raw().send("PROXY UNKNOWN\r\n".getBytes(US_ASCII)).expectClosed().close();

    settle();

    assertThat(origin.requests()).isEmpty();
  }
}
