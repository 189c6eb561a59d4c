package dev.sluice.core.backend.resolve;

import dev.sluice.core.connection.AddressBook;
import dev.sluice.core.observe.NameCounts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * The addresses of one server that is given by name. Written by the loop that follows the name,
 * read by every loop: always one whole set, never a part of two.
 */
public final class ServerAddresses implements AddressBook {
  private final WatchedName watched;
  private final InetSocketAddress name;
  private final String where;
  private final boolean required;
  private final long attemptDelayNanos;
  private final AtomicInteger dials = new AtomicInteger();
  private final LongAdder races = new LongAdder();
  private final LongAdder fallbacks = new LongAdder();
  private final LongAdder changes = new LongAdder();
  private volatile AddressSet current = AddressSet.EMPTY;
  private BooleanSupplier onChange = () -> true;
  private boolean untold;

  ServerAddresses(
      WatchedName watched,
      InetSocketAddress name,
      String where,
      boolean required,
      long attemptDelayNanos) {
    this.watched = watched;
    this.name = name;
    this.where = where;
    this.required = required;
    this.attemptDelayNanos = attemptDelayNanos;
  }

  /**
   * Sets what is done when the name stands for other addresses than before; while the engine is
   * built.
   *
   * @param action called on the loop that follows the name; returns false to be called once more
   *     with the next answer
   */
  public void whenChanged(BooleanSupplier action) {
    onChange = action;
  }

  /** The server in the configuration. */
  String where() {
    return where;
  }

  /** Whether the engine can't start without. */
  boolean required() {
    return required;
  }

  /** An answer has come: at the start on the starting thread, then on the loop of the name. */
  void set(List<InetAddress> addresses) {
    AddressSet before = current;
    AddressSet after = AddressSet.of(addresses, name.getPort());
    current = after;
    if (before.size() > 0 && !before.sameAs(after)) {
      changes.increment();
      untold = true;
    }
    if (untold) {
      untold = !onChange.getAsBoolean();
    }
  }

  @Override
  public InetSocketAddress name() {
    return name;
  }

  @Override
  public List<InetSocketAddress> order() {
    return current.order(dials.getAndIncrement());
  }

  @Override
  public boolean known() {
    return current.size() > 0;
  }

  @Override
  public boolean holds(SocketAddress address) {
    return current.contains(address);
  }

  @Override
  public long attemptDelayNanos() {
    return attemptDelayNanos;
  }

  @Override
  public void onRace() {
    races.increment();
  }

  @Override
  public void onFallback() {
    fallbacks.increment();
  }

  @Override
  public NameCounts counts() {
    return new NameCounts(
        current.size(),
        watched.lookups(),
        watched.failures(),
        changes.sum(),
        watched.leftOut(),
        races.sum(),
        fallbacks.sum());
  }
}
