package dev.sluice.core.connection;

import dev.sluice.core.observe.NameCounts;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** A book with these addresses, in this order. */
final class TestAddressBook implements AddressBook {
  final InetSocketAddress name = InetSocketAddress.createUnresolved("a.example", 443);
  final List<InetSocketAddress> addresses;
  int races;
  int fallbacks;

  /** Whether the name stands for something else by now. */
  boolean gone;

  TestAddressBook(InetSocketAddress... addresses) {
    this.addresses = List.of(addresses);
  }

  @Override
  public InetSocketAddress name() {
    return name;
  }

  @Override
  public List<InetSocketAddress> order() {
    return addresses;
  }

  @Override
  public boolean known() {
    return !addresses.isEmpty();
  }

  @Override
  public boolean holds(SocketAddress address) {
    return !gone && address instanceof InetSocketAddress inet && addresses.contains(inet);
  }

  @Override
  public long attemptDelayNanos() {
    return 250 * ConnectionRig.MILLI;
  }

  @Override
  public void onRace() {
    races++;
  }

  @Override
  public void onFallback() {
    fallbacks++;
  }

  @Override
  public NameCounts counts() {
    return NameCounts.none();
  }
}
