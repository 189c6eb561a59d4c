package dev.sluice.core;

import dev.sluice.core.config.HandshakeConfig;
import dev.sluice.core.connection.HandshakeExecutor;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.EventLoopGroup;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.HandshakeCounts;
import dev.sluice.core.time.NanoClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The seams under an engine: its loops, where steps of handshakes run, and chance. Either the
 * engine makes loops over selectors, with a thread each, for every start; or it is given loops that
 * somebody else drives, as a simulation does.
 */
public final class EngineLoops {
  private final EventLoopGroup group;
  private final Executor handshakeExecutor;
  private final boolean driven;

  private final SplittableRandom random;

  private EngineLoops(
      EventLoopGroup group, Executor handshakeExecutor, SplittableRandom random, boolean driven) {
    this.group = group;
    this.handshakeExecutor = handshakeExecutor;
    this.random = random;
    this.driven = driven;
  }

  /**
   * Loops over selectors, started.
   *
   * @param limits the bounds of each
   * @param handshakes where steps of handshakes run
   * @throws IOException if a selector can't be opened
   */
  static EngineLoops nio(int count, LoopLimits limits, HandshakeConfig handshakes)
      throws IOException {
    EventLoopGroup group = EventLoopGroup.nio("sluice-loop", count, NanoClock.system(), limits);
    group.start();
    Executor executor =
        handshakes.threads() == 0
            ? Runnable::run
            : HandshakeExecutor.start(handshakes, NanoClock.system());
    return new EngineLoops(group, executor, new SplittableRandom(), false);
  }

  /**
   * Loops that the caller drives by {@link EventLoop#runOnce}, all on one thread.
   *
   * @param handshakeExecutor where steps of handshakes, and lookups of names, run
   */
  public static EngineLoops driven(EventLoopGroup group, Executor handshakeExecutor) {
    return driven(group, handshakeExecutor, new SplittableRandom(0));
  }

  /**
   * The same with randomness of the caller's, so that a run can be repeated.
   *
   * @param random split for whoever needs chance when the engine is built
   */
  public static EngineLoops driven(
      EventLoopGroup group, Executor handshakeExecutor, SplittableRandom random) {
    return new EngineLoops(group, handshakeExecutor, random, true);
  }

  /** New randomness, for one loop. While the engine is built. */
  SplittableRandom random() {
    return random.split();
  }

  EventLoopGroup group() {
    return group;
  }

  Executor handshakeExecutor() {
    return handshakeExecutor;
  }

  /** Where lookups of names run, or null for threads of their own. */
  @Nullable Executor lookupExecutor() {
    return driven ? handshakeExecutor : null;
  }

  HandshakeCounts handshakeCounts() {
    return handshakeExecutor instanceof HandshakeExecutor threads
        ? threads.counts()
        : HandshakeCounts.none();
  }

  List<EventLoop> loops() {
    List<EventLoop> loops = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      loops.add(group.loop(i));
    }
    return loops;
  }

  /** A task that may fail with an I/O error. */
  interface IoTask {
    void run() throws IOException;
  }

  /** Runs a task on a loop, and returns when it is done. Not from a loop of the engine. */
  void callOn(EventLoop loop, IoTask task) throws IOException {
    if (driven) {
      IOException[] thrown = new IOException[1];
      loop.runInTurn(
          () -> {
            try {
              task.run();
            } catch (IOException e) {
              thrown[0] = e;
            }
          });
      if (thrown[0] != null) {
        throw thrown[0];
      }
      return;
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            task.run();
            done.complete(null);
          } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    try {
      done.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw new IOException(io.getMessage(), io);
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for an event loop", e);
    }
  }

  void stop() {
    if (!driven) {
      if (handshakeExecutor instanceof HandshakeExecutor threads) {
        threads.close();
      }
      group.stop();
    }
  }
}
