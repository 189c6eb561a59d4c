package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyProtocolVersion;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginConnection;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import dev.sluice.core.transport.ProxyHeader;
import java.net.SocketAddress;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers whose connections begin with a PROXY header. */
class ProxyHeaderServerTest extends EngineTest {
  private static final PeerScript AGREEING =
      PeerScript.agreeing(TestMuxProvider.MULTI).readingHeader();

  private static ProxyHeader header(OriginConnection connection) {
    return Objects.requireNonNull(connection.wire().header(), "no header came");
  }

  private SocketAddress clientOf(int record) {
    return Objects.requireNonNull(rig.records().get(record).client().address());
  }

  private void start(ServerConfig server) {
    rig.startHttp(back -> back.withPool(PoolConfig.reuse(Reuse.ALWAYS)), server);
  }

  @ParameterizedTest
  @EnumSource
  void clearServerIsToldTheClientAheadOfTheRequest(ProxyProtocolVersion version) {
    TestOrigin origin = origin(1, OriginPlan.clear().with(PeerScript.clear().readingHeader()));
    start(clear("a", origin).withProxyHeader(version));

    assertThat(getDone().status()).isEqualTo(200);
    settle();

    assertThat(header(origin.connection(0)))
        .isEqualTo(ProxyHeader.of(version, clientOf(0), EngineRig.FRONT));
  }

  @ParameterizedTest
  @EnumSource
  void headerGoesAheadOfTheHandshakeWhichThenChoosesTheMux(ProxyProtocolVersion version) {
    TestOrigin origin = origin(1, OriginPlan.multi().with(AGREEING));
    start(negotiating("a", origin).withProxyHeader(version));

    assertThat(getDone().status()).isEqualTo(200);
    settle();

    assertThat(header(origin.connection(0)).source()).isEqualTo(clientOf(0));
    assertThat(origin.connection(0).wire().protocol()).isEqualTo(TestMuxProvider.MULTI);
  }

  @ParameterizedTest
  @EnumSource
  void everyAttemptBeginsWithTheHeader(ProxyProtocolVersion version) {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number ->
                OriginPlan.multi()
                    .with(
                        number == 0
                            ? AGREEING.dying(PeerScript.Moment.AFTER_HELLO, true)
                            : AGREEING));
    start(negotiating("a", origin).withProxyHeader(version));

    assertThat(getDone().status()).isEqualTo(200);
    settle();

    assertThat(origin.connections()).hasSize(2);
    assertThat(rig.onlyRecord().retries()).isEqualTo(1);
    assertThat(header(origin.connection(1)))
        .isEqualTo(header(origin.connection(0)))
        .isEqualTo(ProxyHeader.of(version, clientOf(0), EngineRig.FRONT));
  }

  @ParameterizedTest
  @EnumSource
  void connectionServesTheClientThatItsHeaderNamesAndNoOther(ProxyProtocolVersion version) {
    TestOrigin origin = origin(1, OriginPlan.multi().with(AGREEING));
    start(negotiating("a", origin).withProxyHeader(version));
    TestClient first = client();
    TestClient second = client();

    for (int round = 1; round <= 2; round++) {
      for (TestClient client : new TestClient[] {first, second}) {
        ClientExchange exchange = client.get(round, 100);
        rig.await(exchange);
        assertThat(exchange.status()).isEqualTo(200);
      }
    }
    settle();

    assertThat(origin.connections()).hasSize(2);
    assertThat(origin.connections()).allMatch(connection -> connection.requests().size() == 2);
    assertThat(header(origin.connection(0)).source())
        .isNotEqualTo(header(origin.connection(1)).source());
  }
}
