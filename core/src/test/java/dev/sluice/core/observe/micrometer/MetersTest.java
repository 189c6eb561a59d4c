package dev.sluice.core.observe.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.observe.ClientFacts;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.SessionFacts;
import dev.sluice.core.testkit.ThreadAllocations;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetersTest extends EngineTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /** An engine that has answered two requests over one connection to its server. */
  private ProxyEngine engineWithTwoExchanges() {
    TestOrigin origin = origin(1, OriginPlan.single());
    ProxyEngine engine =
        rig.start(
            builder ->
                builder
                    .frontend(
                        "front", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.FRONT))
                    .backend(BackendConfig.of("back", negotiating("a", origin)))
                    .observer(new ExchangeTimers(registry)));
    new EngineMeters(engine).bindTo(registry);
    TestClient client = client();
    rig.await(client.get(1, 100));
    rig.await(client.get(2, 100));
    settle();
    return engine;
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  @Test
  void gaugesAndCountersAreTheSnapshots() {
    engineWithTwoExchanges();

    assertThat(counter("sluice.exchanges.ended", "cause", "COMPLETE")).isEqualTo(2);
    assertThat(counter("sluice.exchanges.ended", "cause", "CLIENT_ABORT")).isZero();
    assertThat(counter("sluice.exchanges.answered", "status", "2xx")).isEqualTo(2);
    assertThat(counter("sluice.exchanges.sent")).isEqualTo(200);
    assertThat(gauge("sluice.exchanges.active")).isZero();
    assertThat(gauge("sluice.client.connections")).isEqualTo(1);
    assertThat(gauge("sluice.server.connections", "backend", "back", "server", "a")).isEqualTo(1);
    assertThat(gauge("sluice.server.connections.idle", "server", "a")).isEqualTo(1);
    assertThat(gauge("sluice.server.connections.busy", "server", "a")).isZero();
    assertThat(gauge("sluice.server.connections.connecting", "server", "a")).isZero();
    assertThat(counter("sluice.server.refused", "server", "a", "cause", "QUEUE_FULL")).isZero();
    assertThat(counter("sluice.handshakes", "side", "server", "result", "full")).isEqualTo(1);
    assertThat(counter("sluice.handshakes", "side", "client", "result", "full")).isZero();
    assertThat(counter("sluice.server.dials", "server", "a")).isEqualTo(1);
    assertThat(counter("sluice.server.reuses", "server", "a")).isEqualTo(1);
    assertThat(counter("sluice.loop.turns", "loop", "0")).isPositive();
  }

  @Test
  void exchangesAreTimedByTheLoopsClock() {
    engineWithTwoExchanges();

    Timer total =
        registry
            .get("sluice.exchange")
            .tags("frontend", "front", "backend", "back", "status", "2xx")
            .tags("front.protocol", "single", "back.protocol", "single")
            .timer();
    assertThat(total.count()).isEqualTo(2);
    assertThat(total.totalTime(TimeUnit.NANOSECONDS))
        .isEqualTo((double) rig.records().stream().mapToLong(ExchangeRecord::totalNanos).sum());
    assertThat(registry.get("sluice.exchange.first.byte").timer().count()).isEqualTo(2);
    assertThat(registry.get("sluice.exchange.connect").timer().count())
        .as("the second exchange reused the connection")
        .isEqualTo(1);
    assertThat(registry.get("sluice.exchange.handshake").timer().count()).isEqualTo(1);
    assertThat(registry.get("sluice.exchange.queue").timer().count()).isZero();
  }

  @Test
  void namesAreLowerCaseWordsWithDotsAsMicrometerHasThem() {
    engineWithTwoExchanges();

    for (Meter meter : registry.getMeters()) {
      assertThat(meter.getId().getName()).matches("sluice(\\.[a-z]+)+");
      assertThat(meter.getId().getDescription()).isNotBlank();
    }
  }

  @Test
  void stoppedEngineReadsAsZero() {
    engineWithTwoExchanges();

    rig.stopNow();

    assertThat(gauge("sluice.client.connections")).isZero();
    assertThat(gauge("sluice.server.connections", "server", "a")).isZero();
    assertThat(counter("sluice.loop.turns", "loop", "0")).isNotNegative();
  }

  @Test
  void engineThatDoesNotRunCannotBeBound() {
    ProxyEngine engine = engineWithTwoExchanges();
    rig.stopNow();

    assertThatThrownBy(() -> new EngineMeters(engine).bindTo(registry))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not run");
  }

  @Test
  void combinationThatHasBeenSeenMakesNoObject() {
    rig.startHttp(clear("a", origin(1, OriginPlan.clear())));
    ExchangeTimers timers = new ExchangeTimers(registry);
    ExchangeRecord first = record(200);
    ExchangeRecord second = record(503);

    assertThat(
            ThreadAllocations.leastDuring(
                10,
                () -> {
                  for (int i = 0; i < 10_000; i++) {
                    timers.onExchange(first);
                    timers.onExchange(second);
                  }
                }))
        .isZero();
    assertThat(registry.get("sluice.exchange").tags("status", "5xx").timer().count())
        .isEqualTo(100_000);
  }

  private static ExchangeRecord record(int status) {
    ExchangeRecord record = new ExchangeRecord();
    SessionFacts session = new SessionFacts("TLSv1.3", "X", "", null, "h2", false);
    record.begin("front", "h2", new ClientFacts(new InetSocketAddress("192.0.2.1", 1), session), 0);
    record.routed("back", 1);
    record.attempt("a");
    record.queued(1);
    record.connected("h1", session, true, 5, 6, 20);
    record.firstByte(30);
    record.status(status);
    record.end(CloseCause.COMPLETE, CloseCause.Origin.NOBODY, "", 40);
    return record;
  }
}
