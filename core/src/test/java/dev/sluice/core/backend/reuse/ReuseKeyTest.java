package dev.sluice.core.backend.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ProxyProtocolVersion;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import dev.sluice.core.transport.ProxyHeader;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * http_reuse_conn_hash and http_reuse_be_transparent: the name that is asked for, the destination
 * and the PROXY header each tell connections apart, whoever asks.
 */
class ReuseKeyTest extends EngineTest {
  private static final InetSocketAddress PROXIED = new InetSocketAddress("192.0.2.11", 80);

  /** What is asked for is written in the number of the request: hundreds of the same want it. */
  private static long part(OriginRequest request) {
    return request.seed() / 100;
  }

  private static long part(String path) {
    return Long.parseLong(path.split("/", -1)[1]) / 100;
  }

  private void ask(TestClient client, long seed) {
    ClientExchange exchange = client.get(seed, 10);
    rig.await(exchange);
    settle();
    assertThat(exchange.status()).as("request " + seed).isEqualTo(200);
  }

  private static List<Long> seeds(TestOrigin origin, int connection) {
    return origin.connection(connection).requests().stream().map(OriginRequest::seed).toList();
  }

  /** Hundreds from 200 on go to the second of the origins, if there are two. */
  private ProxyEngine start(Reuse reuse, boolean names, TestOrigin... origins) {
    return rig.start(
        builder ->
            builder
                .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.FRONT))
                .backend(
                    BackendConfig.of("back", negotiating("a", origins[0]))
                        .withPool(PoolConfig.reuse(reuse)))
                .router(
                    call -> {
                      long part = part(Objects.requireNonNull(call.request().path()));
                      TestOrigin to = origins[part == 2 ? origins.length - 1 : 0];
                      call.forward("back");
                      call.destination(
                          to.address(), names ? "custom" + part + ".example" : "a.example");
                    }));
  }

  @Test
  void nameAskedForTellsConnectionsApart() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    start(Reuse.SAFE, true, origin);
    TestClient client = client();
    ask(client, 101);
    ask(client, 102);
    ask(client, 201);
    ask(client, 202);
    ask(client, 103);

    assertThat(seeds(origin, 0)).containsExactly(101L, 102L, 103L);
    assertThat(seeds(origin, 1)).containsExactly(201L, 202L);
    assertThat(origin.connections())
        .allSatisfy(
            c ->
                assertThat(c.wire().serverName())
                    .isEqualTo("custom" + part(c.requests().get(0)) + ".example"));
  }

  @Test
  void destinationTellsConnectionsApart() {
    TestOrigin one = origin(1, OriginPlan.multi());
    TestOrigin two = origin(2, OriginPlan.multi());
    start(Reuse.SAFE, false, one, two);
    TestClient client = client();
    ask(client, 101);
    ask(client, 102);
    ask(client, 201);
    ask(client, 103);
    ask(client, 202);

    assertThat(seeds(one, 0)).containsExactly(101L, 102L, 103L);
    assertThat(seeds(two, 0)).containsExactly(201L, 202L);
  }

  @Test
  void destinationOfTheClientsChoiceIsUsedAgainByThatClientAloneWithReuseNever() {
    TestOrigin one = origin(1, OriginPlan.single());
    TestOrigin two = origin(2, OriginPlan.single());
    start(Reuse.NEVER, false, one, two);
    TestClient first = client();
    ask(first, 101);
    ask(first, 102);
    ask(first, 103);
    TestClient second = client();
    ask(second, 211);
    ask(second, 111);
    ask(second, 212);
    TestClient third = client();
    ask(third, 121);
    ask(third, 122);
    ask(third, 221);

    assertThat(seeds(one, 0)).containsExactly(101L, 102L, 103L);
    assertThat(seeds(one, 1)).containsExactly(111L);
    assertThat(seeds(one, 2)).containsExactly(121L, 122L);
    assertThat(seeds(two, 0)).containsExactly(211L, 212L);
    assertThat(seeds(two, 1)).containsExactly(221L);
  }

  @Test
  void destinationOfTheClientsChoiceIsSharedByAllWithReuseAlways() {
    TestOrigin one = origin(1, OriginPlan.single());
    TestOrigin two = origin(2, OriginPlan.single());
    start(Reuse.ALWAYS, false, one, two);
    TestClient first = client();
    ask(first, 101);
    ask(first, 102);
    TestClient second = client();
    ask(second, 211);
    ask(second, 111);
    ask(second, 212);
    TestClient third = client();
    ask(third, 121);
    ask(third, 221);

    assertThat(seeds(one, 0)).containsExactly(101L, 102L, 111L, 121L);
    assertThat(seeds(two, 0)).containsExactly(211L, 212L, 221L);
  }

  @Test
  void proxyHeaderTellsConnectionsApartAndTheSameOneIsSharedByConnectionsOfItsClient() {
    TestOrigin origin =
        origin(
            1, OriginPlan.multi().with(PeerScript.agreeing(TestMuxProvider.MULTI).readingHeader()));
    rig.start(
        builder ->
            builder
                .frontend(
                    "front",
                    ProxyMode.HTTP,
                    "back",
                    ListenerConfig.clear(PROXIED).withProxyHeader())
                .backend(
                    BackendConfig.of(
                            "back",
                            negotiating("a", origin).withProxyHeader(ProxyProtocolVersion.V1))
                        .withPool(PoolConfig.reuse(Reuse.ALWAYS))));
    int[] ports = {40_000, 50_000, 40_000, 60_000, 50_000};
    for (int i = 0; i < ports.length; i++) {
      ProxyHeader header =
          ProxyHeader.of(
              ProxyProtocolVersion.V1, new InetSocketAddress("192.0.2.77", ports[i]), PROXIED);
      TestClient client =
          TestClient.connect(
              rig.simulation(),
              "proxied-" + i,
              PROXIED,
              PeerScript.clear().sendingHeader(header),
              false);
      ask(client, i + 1);
      ask(client, i + 101);
      client.close();
    }

    assertThat(seeds(origin, 0)).containsExactly(1L, 101L, 3L, 103L);
    assertThat(seeds(origin, 1)).containsExactly(2L, 102L, 5L, 105L);
    assertThat(seeds(origin, 2)).containsExactly(4L, 104L);
    assertThat(origin.connections()).hasSize(3);
  }
}
