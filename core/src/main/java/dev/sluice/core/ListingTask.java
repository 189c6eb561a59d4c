package dev.sluice.core;

import dev.sluice.core.backend.Backend;
import dev.sluice.core.backend.Server;
import dev.sluice.core.connection.Connection;
import dev.sluice.core.frontend.Frontend;
import dev.sluice.core.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a {@link ConnectionListing}: a task on each loop notes who is there, and then describes a
 * bounded number of them in each turn, so that no exchange waits for long.
 */
final class ListingTask {
  /** How many connections a loop describes in one turn. */
  private static final int PER_TURN = 256;

  private final List<Frontend> frontends;
  private final List<Backend> backends;
  private final int max;
  private final Consumer<ListingTask> over;
  private final CompletableFuture<ConnectionListing> done = new CompletableFuture<>();
  private final List<List<ConnectionInfo>> byLoop = new ArrayList<>();
  private int loopsLeft;
  private int seen;

  /**
   * A listing that was not begun.
   *
   * @param over called once all loops have told; by any of them
   */
  ListingTask(
      List<Frontend> frontends, List<Backend> backends, int max, Consumer<ListingTask> over) {
    this.over = over;
    this.frontends = frontends;
    this.backends = backends;
    this.max = max;
  }

  /** Asks the loops. Any thread. */
  CompletionStage<ConnectionListing> begin(List<EventLoop> loops) {
    loopsLeft = loops.size();
    for (int i = 0; i < loops.size(); i++) {
      byLoop.add(List.of());
    }
    for (EventLoop loop : loops) {
      LoopPart part = new LoopPart(loop);
      if (!loop.tryExecute(part::begin)) {
        loopDone(loop, List.of(), 0);
      }
    }
    return done.minimalCompletionStage();
  }

  /** The engine was stopped: whoever has not told yet never will. */
  void abandon() {
    done.completeExceptionally(
        new IllegalStateException("the engine was stopped before its connections were listed"));
  }

  private void loopDone(EventLoop loop, List<ConnectionInfo> told, int there) {
    ConnectionListing all = add(loop, told, there);
    if (all != null) {
      over.accept(this);
      done.complete(all);
    }
  }

  /** Adds what a loop has told; the whole if it was the last one. */
  private synchronized @Nullable ConnectionListing add(
      EventLoop loop, List<ConnectionInfo> told, int there) {
    byLoop.set(loop.index(), told);
    seen += there;
    if (--loopsLeft > 0) {
      return null;
    }
    List<ConnectionInfo> list = new ArrayList<>();
    for (List<ConnectionInfo> each : byLoop) {
      list.addAll(each.subList(0, Math.min(each.size(), max - list.size())));
    }
    return new ConnectionListing(list, Math.max(0, seen - list.size()));
  }

  /** What one loop has to do. Confined to it. */
  private final class LoopPart {
    private final EventLoop loop;
    private final List<Entry> entries = new ArrayList<>();
    private final List<ConnectionInfo> told = new ArrayList<>();
    private int there;
    private int next;

    LoopPart(EventLoop loop) {
      this.loop = loop;
    }

    void begin() {
      for (Frontend frontend : frontends) {
        frontend.forEachConnection(
            loop, (connection, exchanges) -> note(frontend.name(), connection, exchanges));
      }
      for (Backend backend : backends) {
        for (Server server : backend.servers()) {
          String name = backend.name() + '/' + server.name();
          server
              .pool(loop)
              .forEachConnection((connection, exchanges) -> note(name, connection, exchanges));
        }
      }
      describe();
    }

    private void note(String name, Connection connection, long exchanges) {
      there++;
      if (entries.size() < max) {
        entries.add(new Entry(name, connection, exchanges));
      }
    }

    private void describe() {
      for (int i = 0; i < PER_TURN && next < entries.size(); i++) {
        Entry entry = entries.get(next++);
        Connection connection = entry.connection();
        // Others have closed meanwhile, or moved to another loop.
        if (!connection.closed() && connection.loop() == loop) {
          told.add(ConnectionInfo.of(entry.name(), connection, entry.exchanges()));
        } else {
          there--;
        }
      }
      if (next == entries.size() || !loop.tryExecute(this::describe)) {
        loopDone(loop, told, there);
      }
    }
  }

  /** A connection that is to be described. */
  private record Entry(String name, Connection connection, long exchanges) {}
}
