package dev.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.DrainReport;
import dev.sluice.core.EngineSnapshot;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopCounters;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.ProxyObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Scenario LC1, what of it concerns whole engines, over real sockets: something throws in one
 * connection while fifty clients go on, and a start fails midway. What befalls channels and
 * selectors is tested with the loop.
 */
class LoopSurvivesTest {
  private static final int CLIENTS = 50;
  private static final int REQUESTS = 40;
  private static final int BAD = 200;
  private static final int LOOPS = 2;
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** What throws. */
  enum Fault {
    ROUTER,
    OBSERVER,
    MUX,
    BAD_BYTES
  }

  /** Keeps what is logged meanwhile. */
  private static final class LogWatch extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("dev.sluice");
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    LogWatch() {
      logger.addHandler(this);
      logger.setUseParentHandlers(false);
    }

    @Override
    public void publish(LogRecord line) {
      lines.add(line.getLoggerName() + ": " + line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
      logger.setUseParentHandlers(true);
    }
  }

  private static final class ThrowingObserver implements ProxyObserver {
    @Override
    public void onExchange(ExchangeRecord record) {
      if (record.path().equals("/observed")) {
        throw new IllegalStateException("the observer throws");
      }
    }
  }

  private static ProxyEngine engine(SocketOrigin origin, InetSocketAddress second) {
    return ProxyEngine.builder()
        .frontend(
            "front",
            ProxyMode.HTTP,
            "b",
            ListenerConfig.clear(ANY),
            new ListenerConfig(second, null, ThrowingMux.NAME, 128, false, false))
        .backend(
            BackendConfig.of("b", ServerConfig.clear("s", origin.address()))
                .withPool(PoolConfig.reuse(Reuse.ALWAYS)))
        .mux(new ThrowingMux.Provider())
        .observer(new ThrowingObserver())
        .router(
            call -> {
              if ("/thrown".equals(call.request().path())) {
                throw new IllegalStateException("the router throws");
              }
            })
        .loops(LOOPS)
        .build();
  }

  private static List<Integer> statuses(InetSocketAddress address, int client) throws IOException {
    List<Integer> statuses = new ArrayList<>();
    try (SocketClient connection = new SocketClient(address)) {
      for (int i = 0; i < REQUESTS; i++) {
        String path = "/" + client + "/" + i;
        Message response = connection.get(path);
        boolean right = response != null && response.bodyText().equals(path);
        statuses.add(right ? response.status() : 0);
      }
    }
    return statuses;
  }

  /** One bad connection; returns the status that it got, or 0. */
  private static int bad(ProxyEngine engine, Fault fault) throws IOException {
    InetSocketAddress address = engine.address("front", fault == Fault.MUX ? 1 : 0);
    try (SocketClient client = new SocketClient(address)) {
      Message response =
          client.get(
              switch (fault) {
                case ROUTER -> "/thrown";
                case OBSERVER -> "/observed";
                case MUX -> "/";
                case BAD_BYTES -> "/a b c";
              });
      return response == null ? 0 : response.status();
    }
  }

  /** The hook "a handler throws", for each place where somebody else's code may. */
  @ParameterizedTest
  @EnumSource
  void onlyTheConnectionConcernedIsLost(Fault fault) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    long begun = System.nanoTime();
    try (SocketOrigin origin = new SocketOrigin();
        LogWatch log = new LogWatch();
        ProxyEngine engine = engine(origin, ANY)) {
      engine.start();
      List<Future<List<Integer>>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        clients.add(threads.submit(() -> statuses(engine.address("front", 0), number)));
      }
      List<Integer> lost = new ArrayList<>();
      for (int i = 0; i < BAD; i++) {
        lost.add(bad(engine, fault));
      }
      for (Future<List<Integer>> client : clients) {
        assertThat(client.get(60, TimeUnit.SECONDS)).hasSize(REQUESTS).containsOnly(200);
      }

      assertThat(lost)
          .containsOnly(
              switch (fault) {
                case ROUTER -> 500;
                case OBSERVER -> 200;
                case MUX -> 0;
                case BAD_BYTES -> 400;
              });
      long seconds = (System.nanoTime() - begun) / 1_000_000_000L + 1;
      // One line a second for each loop and one for all; an observer's become ever rarer.
      assertThat((long) log.lines.size())
          .as(() -> String.join("\n", log.lines))
          .isLessThanOrEqualTo(Math.max((LOOPS + 1) * (seconds + 1), LOOPS * 8));
      verifyCounted(engine.snapshot(), fault);
      DrainReport report =
          engine.drain(Duration.ofSeconds(30)).toCompletableFuture().get(60, TimeUnit.SECONDS);
      assertThat(report.cut()).isZero();
      EngineSnapshot quiet = engine.snapshot();
      assertThat(quiet.clientConnections()).isZero();
      assertThat(quiet.servers().get(0).requests()).isZero();
      assertThat(quiet.servers().get(0).waiting()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  private static void verifyCounted(EngineSnapshot snapshot, Fault fault) {
    long failures =
        switch (fault) {
          case ROUTER -> snapshot.exchanges().byCause(CloseCause.ROUTER_FAILED);
          case OBSERVER -> snapshot.exchanges().observerFailures();
          case MUX ->
              snapshot.loops().stream().mapToLong(LoopCounters.Snapshot::handlerFailures).sum();
          case BAD_BYTES -> snapshot.exchanges().byCause(CloseCause.BAD_REQUEST);
        };
    assertThat(failures).isEqualTo(BAD);
    assertThat(snapshot.loops()).hasSize(LOOPS).allMatch(loop -> loop.turns() > 0);
  }

  /** The last sentence of the outcome. */
  @Test
  void startThatFailsMidwayLeavesNothingAndMayBeCalledAgain() throws Exception {
    try (SocketOrigin origin = new SocketOrigin()) {
      ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      InetSocketAddress second =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
      try (taken;
          ProxyEngine never = engine(origin, second)) {
        for (int i = 0; i < 20; i++) {
          assertThatThrownBy(never::start)
              .isInstanceOf(IOException.class)
              .hasMessageContaining(String.valueOf(second.getPort()));
          assertThat(loopThreads()).as("threads after a failed start").isEmpty();
        }
        assertThat(never.snapshot().loops()).isEmpty();

        taken.close();
        never.start();

        assertThat(loopThreads()).hasSize(LOOPS);
        assertThat(statuses(never.address("front", 0), 1)).containsOnly(200);
        assertThat(bad(never, Fault.MUX)).isZero();
        assertThat(statuses(never.address("front", 0), 2)).containsOnly(200);
      }
      assertThat(loopThreads()).isEmpty();
    }
  }

  /** The threads of loops that are alive. A thread that was joined is not. */
  private static List<Thread> loopThreads() {
    List<Thread> found = new ArrayList<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.isAlive() && thread.getName().startsWith("sluice-loop")) {
        found.add(thread);
      }
    }
    return found;
  }
}
