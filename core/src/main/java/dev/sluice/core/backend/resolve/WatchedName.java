package dev.sluice.core.backend.resolve;

import dev.sluice.core.config.ResolveConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One host and the servers that it stands for. Confined to one loop once it is followed, and before
 * that to the thread that starts the engine; the lookups themselves run elsewhere, one at a time.
 */
final class WatchedName extends Timer {
  /** Addresses of an answer that are taken; more of them make a server no better. */
  static final int ADDRESSES_MAX = 64;

  private static final Logger LOGGER = System.getLogger(WatchedName.class.getName());

  private enum State {
    /** Not followed yet. */
    NEW,
    /** The answer holds, or the next attempt has to wait. */
    WAITING,
    /** A lookup is under way. */
    ASKING,
    CLOSED
  }

  private final String host;
  private final EventLoop loop;
  private final NameResolver resolver;
  private final Executor executor;
  private final ResolveConfig config;
  private final RandomGenerator random;
  private final List<ServerAddresses> servers = new ArrayList<>();
  private final LongAdder lookups = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder leftOut = new LongAdder();

  private State state = State.NEW;
  private @Nullable Lookup last;
  private int failuresInRow;
  private long nextDelayNanos;

  /**
   * A name that was not looked up yet.
   *
   * @param executor where lookups run
   * @param random of this name alone
   */
  WatchedName(
      String host,
      EventLoop loop,
      NameResolver resolver,
      Executor executor,
      ResolveConfig config,
      RandomGenerator random) {
    this.host = host;
    this.loop = loop;
    this.resolver = resolver;
    this.executor = executor;
    this.config = config;
    this.random = random;
  }

  void add(ServerAddresses server) {
    servers.add(server);
  }

  List<ServerAddresses> servers() {
    return servers;
  }

  String host() {
    return host;
  }

  EventLoop loop() {
    return loop;
  }

  /** Follows the name from now on, whether it was resolved yet or not. On the loop. */
  void follow() {
    if (state == State.NEW) {
      waitFor(nextDelayNanos);
    }
  }

  /** Lets go of the name. On the loop. */
  void close() {
    state = State.CLOSED;
    loop.timers().cancel(this);
  }

  private void waitFor(long nanos) {
    state = State.WAITING;
    loop.timers().arm(this, Deadline.after(loop.nowNanos(), nanos));
  }

  @Override
  protected void onTimer(long nowNanos) {
    if (state == State.WAITING) {
      ask();
    } else if (state == State.ASKING) {
      failedNow(new TimeoutException("no answer within " + config.timeout()));
    }
  }

  private void ask() {
    Lookup before = last;
    if (before != null && !before.returned) {
      failedNow(new TimeoutException("the lookup before still blocks its thread"));
      return;
    }
    Lookup lookup = new Lookup();
    last = lookup;
    onLookup();
    state = State.ASKING;
    loop.timers().arm(this, Deadline.after(loop.nowNanos(), config.timeout().toNanos()));
    try {
      executor.execute(lookup);
    } catch (RejectedExecutionException e) {
      lookup.returned = true;
      failedNow(e);
    }
  }

  private void onAnswer(Lookup from, @Nullable NameAnswer answer, @Nullable Throwable problem) {
    if (state == State.CLOSED || from != last) {
      return;
    }
    boolean late = state != State.ASKING;
    List<InetAddress> addresses = answer == null ? List.of() : taken(answer);
    if (answer != null && !addresses.isEmpty()) {
      succeeded(answer, addresses);
      waitFor(nextDelayNanos);
    } else if (!late) {
      failedNow(problem != null ? problem : noAddresses());
    }
  }

  private UnknownHostException noAddresses() {
    return new UnknownHostException("no address in the answer for " + host);
  }

  private void failedNow(Throwable problem) {
    failed();
    loop.logLimiter()
        .warn(LOGGER, loop.nowNanos(), "the host " + host + " can't be looked up", problem);
    waitFor(nextDelayNanos);
  }

  // ---- also while the engine starts, on its thread ----

  /** A lookup begins. */
  void onLookup() {
    lookups.increment();
  }

  /**
   * Takes the answer to the first lookup, or what went wrong with it.
   *
   * @return what went wrong, or null
   */
  @Nullable String onFirst(@Nullable NameAnswer answer, @Nullable Throwable problem) {
    List<InetAddress> addresses = answer == null ? List.of() : taken(answer);
    if (answer == null || addresses.isEmpty()) {
      failed();
      return words(problem != null ? problem : noAddresses());
    }
    succeeded(answer, addresses);
    return null;
  }

  private List<InetAddress> taken(NameAnswer answer) {
    List<InetAddress> different = new ArrayList<>(new LinkedHashSet<>(answer.addresses()));
    if (different.size() <= ADDRESSES_MAX) {
      return different;
    }
    leftOut.add(different.size() - ADDRESSES_MAX);
    return different.subList(0, ADDRESSES_MAX);
  }

  private void succeeded(NameAnswer answer, List<InetAddress> addresses) {
    failuresInRow = 0;
    Duration ttl = answer.ttl();
    nextDelayNanos =
        ttl == null
            ? config.refresh().toNanos()
            : Math.max(
                config.ttlMin().toNanos(), Math.min(config.ttlMax().toNanos(), nanosOf(ttl)));
    for (ServerAddresses server : servers) {
      server.set(addresses);
    }
  }

  /** A TTL may be as large as it likes. */
  private long nanosOf(Duration ttl) {
    return ttl.compareTo(config.ttlMax()) > 0 ? Long.MAX_VALUE : ttl.toNanos();
  }

  private void failed() {
    failures.increment();
    long wait = config.retryMin().toNanos();
    long max = config.retryMax().toNanos();
    for (int i = 0; i < failuresInRow && wait < max; i++) {
      wait *= 2;
    }
    wait = Math.min(wait, max);
    failuresInRow++;
    nextDelayNanos = wait - random.nextLong(wait / 2 + 1);
  }

  private static String words(Throwable problem) {
    Throwable cause = problem.getCause();
    Throwable told = problem instanceof CompletionException && cause != null ? cause : problem;
    String message = told.getMessage();
    return told.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  // ---- any thread ----

  long lookups() {
    return lookups.sum();
  }

  long failures() {
    return failures.sum();
  }

  long leftOut() {
    return leftOut.sum();
  }

  /** One lookup, on a thread for them. */
  private final class Lookup implements Runnable {
    /** Whether its thread is free again. */
    volatile boolean returned;

    @Override
    public void run() {
      try {
        resolver.resolve(host).whenComplete(this::post);
      } catch (IOException | RuntimeException e) {
        post(null, e);
      } finally {
        returned = true;
      }
    }

    /** If the loop has no room for the answer, the deadline of the lookup ends it. */
    private void post(@Nullable NameAnswer answer, @Nullable Throwable problem) {
      loop.tryExecute(() -> onAnswer(this, answer, problem));
    }
  }
}
