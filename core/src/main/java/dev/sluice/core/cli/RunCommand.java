package dev.sluice.core.cli;

import dev.sluice.core.DrainReport;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.FrontendConfig;
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

/**
 * {@code run}: runs what a configuration file describes until it is told to stop. {@link #run} is
 * for one thread; {@link #stop} for any.
 */
public final class RunCommand {
  /** The drain itself ends at its deadline; this is for a loop that does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path file;
  private final PrintWriter out;
  private final PrintWriter err;
  private final CompletableFuture<List<InetSocketAddress>> started = new CompletableFuture<>();
  private final CompletableFuture<Void> toDrain = new CompletableFuture<>();
  private final CompletableFuture<Void> toEnd = new CompletableFuture<>();

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
   * @return whether it could start
   */
  public boolean run() throws InterruptedException {
    ProxyFile read = ProxyFile.read(file);
    CheckCommand.tell(read, err);
    if (!read.errors().isEmpty()) {
      return false;
    }
    try (ProxyEngine engine = read.engine()) {
      try {
        engine.start();
      } catch (IOException e) {
        err.println(read.startFailure(e));
        err.flush();
        return false;
      }
      started.complete(announce(read.plan(), engine));
      await(toDrain);
      drain(engine, read.drainDeadline());
    } finally {
      started.cancel(false);
    }
    return true;
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

  private void drain(ProxyEngine engine, Duration deadline) throws InterruptedException {
    out.println("Draining for up to " + Words.duration(deadline) + ".");
    out.flush();
    CompletableFuture<DrainReport> drained = engine.drain(deadline).toCompletableFuture();
    try {
      CompletableFuture.anyOf(drained, toEnd)
          .get(deadline.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      err.println("The drain failed; what is left is cut: " + e);
      err.flush();
    }
    if (drained.isDone() && !drained.isCompletedExceptionally()) {
      DrainReport report = drained.join();
      out.println(
          "Drained: "
              + Words.count(report.finished(), "client connection")
              + " finished, "
              + report.cut()
              + " cut.");
    } else if (toEnd.isDone()) {
      out.println("Not drained: told to end at once.");
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
