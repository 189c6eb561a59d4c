package dev.sluice.core.testkittests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import org.junit.jupiter.api.Test;

class EngineRigTest {
  @Test
  void requestsPassBetweenClearPeers() {
    EngineRig rig = new EngineRig();
    TestOrigin origin =
        TestOrigin.listen(rig.simulation(), EngineRig.origin(1), OriginPlan.clear());
    rig.startHttp(ServerConfig.clear("a", origin.address()));
    TestClient client = rig.client("client");
    ClientExchange small = client.get(1, 100);
    ClientExchange large = client.post(2, 200_000, 300_000);

    rig.simulation().runUntil(large::over);
    client.close();

    assertThat(small.complete()).isTrue();
    assertThat(large.complete()).isTrue();
    assertThat(small.contentSound() && large.contentSound()).isTrue();
    assertThat(origin.requests().get(1).received()).isEqualTo(200_000);
    assertThat(origin.requests().get(1).contentSound()).isTrue();
    assertThat(origin.connections()).hasSize(1);
    rig.finish();
    assertThat(rig.records()).hasSize(2);
  }

  @Test
  void requestsPassBetweenNegotiatingPeersThatMultiplex() {
    EngineRig rig = new EngineRig();
    TestOrigin origin =
        TestOrigin.listen(rig.simulation(), EngineRig.origin(1), OriginPlan.multi());
    SimHandshakeConfig handshake =
        SimHandshakeConfig.offering(TestMuxProvider.MULTI, TestMuxProvider.SINGLE).withLentSteps(3);
    rig.start(
        builder ->
            builder
                .frontend(
                    "front",
                    ProxyMode.HTTP,
                    "back",
                    ListenerConfig.with(EngineRig.FRONT, handshake))
                .backend(
                    BackendConfig.of(
                        "back", ServerConfig.with("a", origin.address(), handshake, "a.example"))));
    TestClient client =
        TestClient.connect(
            rig.simulation(), "client", EngineRig.FRONT, PeerScript.agreeing(), true);
    for (int i = 1; i <= 20; i++) {
      client.post(i, i * 5000, i * 7000);
    }

    rig.simulation().runUntil(() -> client.exchanges().stream().allMatch(ClientExchange::over));
    client.close();

    assertThat(client.exchanges()).allMatch(e -> e.complete() && e.contentSound());
    assertThat(origin.requests()).hasSize(20).allMatch(r -> r.contentSound());
    assertThat(origin.connection(0).wire().serverName()).isEqualTo("a.example");
    rig.finish();
    assertThat(rig.records()).allMatch(r -> r.backProtocol().equals("multi"));
  }
}
