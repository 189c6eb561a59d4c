package dev.sluice.core.backend.resolve;

import dev.sluice.core.config.InitialAddress;
import dev.sluice.core.config.ResolveConfig;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The names of an engine's servers. Used by the thread that starts and stops the engine. Each host
 * is looked up once, however many servers it stands for, and followed on one of the loops.
 */
public final class ServerNames implements AutoCloseable {
  private final ResolveConfig config;
  private final NameResolver resolver;
  private final List<EventLoop> loops;
  private final SplittableRandom random;
  private final @Nullable LookupThreads threads;
  private final Executor executor;
  private final Map<String, WatchedName> names = new LinkedHashMap<>();

  /**
   * Without a name.
   *
   * @param loops the engine's loops
   * @param lent where lookups run, or null for threads of their own; whoever lends has the first
   *     ones run on the starting thread
   * @param random split for each host
   */
  public ServerNames(
      ResolveConfig config,
      NameResolver resolver,
      List<EventLoop> loops,
      @Nullable Executor lent,
      SplittableRandom random) {
    this.config = config;
    this.resolver = resolver;
    this.loops = List.copyOf(loops);
    this.random = random;
    if (lent == null) {
      LookupThreads own = new LookupThreads(config.threads());
      this.threads = own;
      this.executor = own;
    } else {
      this.threads = null;
      this.executor = lent;
    }
  }

  /**
   * Adds a server; while the engine is built.
   *
   * @param where the server in the configuration
   * @return null if it is given by its address
   */
  public @Nullable ServerAddresses add(ServerConfig server, String where) {
    if (!server.named()) {
      return null;
    }
    EventLoop loop = loops.get(names.size() % loops.size());
    WatchedName name =
        names.computeIfAbsent(
            server.address().getHostString(),
            host -> new WatchedName(host, loop, resolver, executor, config, random.split()));
    ServerAddresses addresses =
        new ServerAddresses(
            name,
            server.address(),
            where,
            server.initialAddress() == InitialAddress.REQUIRED,
            config.attemptDelay().toNanos());
    name.add(addresses);
    return addresses;
  }

  /**
   * Looks all names up for the first time, and returns when that is done. Not on a loop.
   *
   * @throws IOException if a server that must have an address has none; the message names it
   */
  public void lookUpAll() throws IOException {
    Map<WatchedName, CompletableFuture<NameAnswer>> answers = new LinkedHashMap<>();
    for (WatchedName name : names.values()) {
      answers.put(name, begin(name));
    }
    if (threads != null) {
      await(CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new)));
    }
    List<String> problems = new ArrayList<>();
    answers.forEach(
        (name, future) -> {
          String problem = take(name, future);
          for (ServerAddresses server : name.servers()) {
            if (problem != null && server.required()) {
              problems.add(
                  "%s: host %s can't be looked up: %s"
                      .formatted(server.where(), name.host(), problem));
            }
          }
        });
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems));
    }
  }

  private CompletableFuture<NameAnswer> begin(WatchedName name) {
    CompletableFuture<NameAnswer> answer = new CompletableFuture<>();
    name.onLookup();
    Executor by = threads != null ? threads : Runnable::run;
    try {
      by.execute(() -> lookUp(name.host(), answer));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  private void lookUp(String host, CompletableFuture<NameAnswer> answer) {
    try {
      resolver
          .resolve(host)
          .whenComplete(
              (found, problem) -> {
                if (problem == null) {
                  answer.complete(found);
                } else {
                  answer.completeExceptionally(problem);
                }
              });
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /** Those that find all threads taken begin when others have timed out. */
  private void await(CompletableFuture<Void> all) throws IOException {
    long rounds = (names.size() + config.threads() - 1L) / config.threads();
    try {
      all.get(rounds * config.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Which of them, each tells itself.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the names of servers are looked up", e);
    }
  }

  private @Nullable String take(WatchedName name, CompletableFuture<NameAnswer> future) {
    if (!future.isDone()) {
      return name.onFirst(null, new TimeoutException("no answer within " + config.timeout()));
    }
    try {
      return name.onFirst(future.getNow(null), null);
    } catch (RuntimeException e) {
      return name.onFirst(null, e);
    }
  }

  /** Follows all names from now on. */
  public void follow() {
    for (WatchedName name : names.values()) {
      name.loop().execute(name::follow);
    }
  }

  /** Lets go of the names of a loop. On that loop. */
  public void close(EventLoop loop) {
    for (WatchedName name : names.values()) {
      if (name.loop() == loop) {
        name.close();
      }
    }
  }

  /** Ends the threads; a lookup that blocks is left behind. */
  @Override
  public void close() {
    if (threads != null) {
      threads.close();
    }
  }
}
