package dev.sluice.core.cli;

import dev.sluice.core.ConfigurationException;
import dev.sluice.core.DrainReport;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.DrainConfig;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ProxyConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code run}: runs what a configuration file describes until it is told to stop. {@link #run} is
 * for one thread; {@link #stop} and {@link #renew} for any.
 */
public final class RunCommand {
  /** The drain itself ends at its deadline; this is for a loop that does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How a run came to its end. */
  public enum End {
    /** It could not start; why was told. */
    NOT_STARTED,
    /** It was drained; what was left at the deadline was cut, and told. */
    DRAINED,
    /** It was told to end before it was drained, and cut what was left. */
    CUT_SHORT
  }

  private final Path file;
  private final PrintWriter out;
  private final PrintWriter err;
  private final CompletableFuture<List<InetSocketAddress>> started = new CompletableFuture<>();
  private final CompletableFuture<Void> toDrain = new CompletableFuture<>();
  private final CompletableFuture<Void> toEnd = new CompletableFuture<>();
  private volatile @Nullable ProxyEngine running;

  /**
   * Prepares a run.
   *
   * @param out receives what it listens on, and how the drain went
   * @param err receives errors and warnings, one line each
   */
  public RunCommand(Path file, PrintWriter out, PrintWriter err) {
    this.file = file;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts the engine, waits for {@link #stop}, drains, and ends.
   *
   * @return how it ended
   */
  public End run() throws InterruptedException {
    ProxyFile read = ProxyFile.read(file);
    CheckCommand.tell(read, err);
    if (!read.errors().isEmpty()) {
      return End.NOT_STARTED;
    }
    try (ProxyEngine engine = read.engine()) {
      try {
        engine.start();
      } catch (IOException e) {
        err.println(read.startFailure(e));
        err.flush();
        return End.NOT_STARTED;
      }
      running = engine;
      started.complete(announce(read.plan(), engine));
      await(toDrain);
      drain(engine, read.drain());
      return toEnd.isDone() ? End.CUT_SHORT : End.DRAINED;
    } finally {
      running = null;
      started.cancel(false);
    }
  }

  /**
   * Reads the file again, and puts its certificates, keys and trust in force. With an error in it,
   * which is told, nothing changes. Does nothing unless it runs. Any thread; reads files.
   *
   * @return whether the new ones are in force
   */
  public boolean renew() {
    ProxyEngine engine = running;
    if (engine == null) {
      return false;
    }
    ProxyFile read = ProxyFile.read(file);
    CheckCommand.tell(read, err);
    if (read.errors().isEmpty()) {
      try {
        ProxyConfig next = read.plan().config();
        engine.renewTransports(next.frontends(), next.backends());
        out.println("Renewed certificates, keys and trust; anything else takes a restart.");
        out.flush();
        return true;
      } catch (ConfigurationException e) {
        e.problems().forEach(err::println);
      }
    }
    err.println("Nothing was renewed.");
    err.flush();
    return false;
  }

  /** The addresses that it listens on, in the order of the file; cancelled if it can't start. */
  public CompletableFuture<List<InetSocketAddress>> started() {
    return started.copy();
  }

  /** The first call lets what is under way finish, a second one ends it at once. */
  public void stop() {
    if (!toDrain.complete(null)) {
      toEnd.complete(null);
    }
  }

  private List<InetSocketAddress> announce(ProxyPlan plan, ProxyEngine engine) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (FrontendConfig frontend : plan.config().frontends()) {
      for (int i = 0; i < frontend.listeners().size(); i++) {
        InetSocketAddress address = engine.address(frontend.name(), i);
        addresses.add(address);
        out.println(frontend.name() + " listens on " + HostPort.text(address));
      }
    }
    out.flush();
    return addresses;
  }

  private void drain(ProxyEngine engine, DrainConfig how) throws InterruptedException {
    out.println("Draining for up to " + Words.duration(how.deadline()) + ".");
    out.flush();
    CompletableFuture<DrainReport> drained = engine.drain().toCompletableFuture();
    CompletableFuture<Void> hurry = toEnd.thenRun(engine::endDrain);
    try {
      DrainReport report =
          drained.get(how.deadline().plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
      out.println((toEnd.isDone() ? "Told to end at once: " : "Drained: ") + report + ".");
    } catch (ExecutionException | TimeoutException e) {
      err.println("The drain failed; what is left is cut: " + e);
      err.flush();
    } finally {
      hurry.cancel(false);
    }
    out.flush();
  }

  private static void await(CompletableFuture<Void> event) throws InterruptedException {
    try {
      event.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
