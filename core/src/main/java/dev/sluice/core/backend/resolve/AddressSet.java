package dev.sluice.core.backend.resolve;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The addresses that a name stands for at one time, with a port. Immutable.
 *
 * <p>The order in which a connection tries them: families in turn, beginning with that of the first
 * address (RFC 8305 4, with a First Address Family Count of 1); within a family each connection
 * begins one further than the connection before it, so that they are spread over its addresses.
 */
final class AddressSet {
  static final AddressSet EMPTY = new AddressSet(List.of(), List.of());

  private final List<InetSocketAddress> preferred;
  private final List<InetSocketAddress> others;

  private AddressSet(List<InetSocketAddress> preferred, List<InetSocketAddress> others) {
    this.preferred = List.copyOf(preferred);
    this.others = List.copyOf(others);
  }

  /** Of different addresses. */
  static AddressSet of(List<InetAddress> addresses, int port) {
    List<InetSocketAddress> preferred = new ArrayList<>();
    List<InetSocketAddress> others = new ArrayList<>();
    for (InetAddress address : addresses) {
      boolean ofFirstFamily = address.getClass() == addresses.get(0).getClass();
      (ofFirstFamily ? preferred : others).add(new InetSocketAddress(address, port));
    }
    return new AddressSet(preferred, others);
  }

  int size() {
    return preferred.size() + others.size();
  }

  boolean contains(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        && (preferred.contains(inet) || others.contains(inet));
  }

  /** Whether both have the same addresses, in whatever order. */
  boolean sameAs(AddressSet other) {
    return all().equals(other.all());
  }

  private Set<InetSocketAddress> all() {
    Set<InetSocketAddress> all = new HashSet<>(preferred);
    all.addAll(others);
    return all;
  }

  /** The order for the connection of that number. */
  List<InetSocketAddress> order(int number) {
    if (others.isEmpty() && preferred.size() <= 1) {
      return preferred;
    }
    List<InetSocketAddress> order = new ArrayList<>(size());
    for (int i = 0; i < Math.max(preferred.size(), others.size()); i++) {
      if (i < preferred.size()) {
        order.add(preferred.get(Math.floorMod(number + i, preferred.size())));
      }
      if (i < others.size()) {
        order.add(others.get(Math.floorMod(number + i, others.size())));
      }
    }
    return order;
  }

  @Override
  public String toString() {
    return order(0).toString();
  }
}
