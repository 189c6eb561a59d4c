package dev.sluice.pairings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that answers before it has the whole request, and resets the connection behind that. */
@DisplayName("RFC 9112 9.6: answers ahead of a reset")
class EarlyAnswerTest {
  private static final InetSocketAddress FRONT = new InetSocketAddress("192.0.2.10", 80);
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.20", 8080);
  private static final String ENDS = "\r\n\r\n";
  private static final long MILLI = 1_000_000L;
  private static final int UPLOAD_BYTES = 4 << 20;

  private final List<ExchangeRecord> records = new ArrayList<>();

  private void run(Simulation simulation) throws IOException {
    try (ProxyEngine engine =
        ProxyEngine.builder()
            .frontend("web", ProxyMode.HTTP, "app", ListenerConfig.clear(FRONT))
            .backend(BackendConfig.of("app", ServerConfig.clear("a", SERVER)))
            .observer(record -> records.add(record.snapshot()))
            .drivenLoops(
                EngineLoops.driven(
                    simulation.addLoops(1, LoopLimits.defaults()), simulation.executor()))
            .build()) {
      engine.start();
      simulation.runFor(120_000 * MILLI);
    }
  }

  /** Whether the reset is met by a read or by a write is for the seed to decide. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, 12);
  }

  /** What Linux does: a reset leaves readable what has arrived before it. */
  private static Simulation keepingWhatHasArrived(long seed) {
    return new Simulation(seed, SimOptions.calm().withKeptUnread(1));
  }

  private static ScriptedPeer uploading(Simulation simulation) {
    return ScriptedPeer.connect(simulation, "client", FRONT)
        .send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + UPLOAD_BYTES + ENDS)
        .sendPattern(1, UPLOAD_BYTES);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void answerBeforeAResetReachesTheClientThatIsStillSending(long seed) throws IOException {
    Simulation simulation = keepingWhatHasArrived(seed);
    SimServer.listen(
        simulation,
        SERVER,
        peer ->
            // Output is full by then, so that the proxy meets the reset with a write.
            peer.expectUntil(ENDS)
                .stopReading()
                .pause(100 * MILLI)
                .send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 9" + ENDS + "too large")
                .reset());
    ScriptedPeer client = uploading(simulation).expectUntil("too large").close();

    run(simulation);

    assertThat(client.lastMatch()).startsWith("HTTP/1.1 413 ");
    assertThat(records).hasSize(1);
    assertThat(records.get(0).status()).isEqualTo(413);
    assertThat(records.get(0).termination().cause()).isEqualTo(CloseCause.COMPLETE);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void answerThatAResetCutsIsNotTakenForAWholeOne(long seed) throws IOException {
    Simulation simulation = keepingWhatHasArrived(seed);
    SimServer.listen(
        simulation,
        SERVER,
        peer ->
            peer.expectUntil(ENDS)
                .stopReading()
                .pause(100 * MILLI)
                // Ended by the end of the connection, which never comes.
                .send("HTTP/1.1 413 Content Too Large" + ENDS + "too la")
                .reset());
    uploading(simulation).toleratesLoss().expectUntil("too la").expectClosed();

    run(simulation);

    assertThat(records).hasSize(1);
    assertThat(records.get(0).status()).isEqualTo(413);
    assertThat(records.get(0).termination().cause()).isEqualTo(CloseCause.SERVER_ABORT);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void resetWithoutAnAnswerIsABadGateway(long seed) throws IOException {
    Simulation simulation = keepingWhatHasArrived(seed);
    SimServer.listen(
        simulation,
        SERVER,
        peer -> peer.expectUntil(ENDS).stopReading().pause(100 * MILLI).reset());
    ScriptedPeer client = uploading(simulation).expectUntil(ENDS).close();

    run(simulation);

    assertThat(client.lastMatch()).startsWith("HTTP/1.1 502 ");
    assertThat(records).hasSize(1);
    assertThat(records.get(0).termination().cause()).isEqualTo(CloseCause.SERVER_ABORT);
  }
}
