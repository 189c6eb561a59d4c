package dev.sluice.core.testkit;

import dev.sluice.core.time.Deadline;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A network of simulated TCP connections. Everything that happens in it happens at a simulated
 * time, in an order that the seed decides.
 *
 * <p>Connections have latency, bounded windows, cuts at random places, half-closes and resets; see
 * {@link SimOptions}. Faults come at random with the rates given there, or when a test asks for
 * them: {@link #refuse}, {@link #blackhole}, {@link SimLink#reset()}, {@link
 * SimLink#cutSilently()}, at a moment chosen with {@link #schedule}.
 */
public final class SimNetwork {
  private static final long SYN_RETRY_NANOS = 1_000_000_000L;
  private static final int SYN_RETRIES_MAX = 5;
  private static final int FIRST_EPHEMERAL_PORT = 20_000;

  /** 198.51.100.1, of a block for documentation (RFC 5737). */
  private static final byte[] CLIENT_HOST = {(byte) 198, 51, 100, 1};

  private enum Reach {
    NORMAL,
    REFUSING,
    SILENT
  }

  private final ManualClock clock;
  private final SimOptions options;
  private final SplittableRandom random;
  private final SimTrace trace;
  private final SimEventQueue events = new SimEventQueue();
  private final Map<SocketAddress, SimListener> listeners = new LinkedHashMap<>();
  private final Map<SocketAddress, Reach> reach = new LinkedHashMap<>();
  private final Map<SocketAddress, Long> connectDelayNanos = new LinkedHashMap<>();
  private final List<SimLink> links = new ArrayList<>();
  private int nextPort = FIRST_EPHEMERAL_PORT;
  private int nextName;
  private int openEndpoints;
  private int faults;

  SimNetwork(ManualClock clock, SimOptions options, SplittableRandom random, SimTrace trace) {
    this.clock = clock;
    this.options = options;
    this.random = random;
    this.trace = trace;
  }

  /** Has an action run at a time from now on, in its place among the network's events. */
  public void schedule(long delayNanos, Runnable action) {
    events.schedule(
        new SimEvent() {
          @Override
          void fire() {
            action.run();
          }
        },
        Deadline.after(clock.nanoTime(), delayNanos));
  }

  /** Refuses all connection attempts to an address until {@link #restore}. */
  public void refuse(SocketAddress address) {
    reach.put(address, Reach.REFUSING);
  }

  /** Leaves all connection attempts to an address unanswered until {@link #restore}. */
  public void blackhole(SocketAddress address) {
    reach.put(address, Reach.SILENT);
  }

  /** Makes all connection attempts to an address take longer by a while from now on. */
  public void delayConnects(SocketAddress address, long nanos) {
    connectDelayNanos.put(address, nanos);
  }

  /** Ends {@link #refuse} or {@link #blackhole}. */
  public void restore(SocketAddress address) {
    reach.remove(address);
  }

  /** Returns the connections that were made and aren't closed at both ends, oldest first. */
  public List<SimLink> links() {
    links.removeIf(SimLink::closed);
    return List.copyOf(links);
  }

  /** Returns the connections whose server has this address. */
  public List<SimLink> linksTo(SocketAddress server) {
    List<SimLink> found = new ArrayList<>();
    for (SimLink link : links()) {
      if (link.client().remoteAddress().equals(server)) {
        found.add(link);
      }
    }
    return found;
  }

  /** Returns how many ends of connections are open. */
  public int openEndpoints() {
    return openEndpoints;
  }

  /** Returns how many addresses are listened on. */
  public int openListeners() {
    return listeners.size();
  }

  /** Returns how many random faults have happened. */
  public int faults() {
    return faults;
  }

  /** Returns how the network behaves. */
  public SimOptions options() {
    return options;
  }

  /**
   * Begins to connect, or has connected at once.
   *
   * @param from the address to connect from, null for one that the network makes up
   * @throws IOException if the name isn't resolved, or the attempt is refused within the call
   */
  SimEndpoint connect(SocketAddress to, @Nullable SocketAddress from) throws IOException {
    if (to instanceof InetSocketAddress address && address.isUnresolved()) {
      throw new UnknownHostException("unresolved address " + address.getHostString());
    }
    SocketAddress local = from == null ? ephemeral() : from;
    SimEndpoint client = new SimEndpoint(this, "c" + nextName++, local, to);
    openEndpoints++;
    trace.add("connect", client.name(), 0);
    if (chance(options.syncConnectRate())) {
      SimListener listener = reachable(to);
      if (listener == null || listener.full()) {
        client.close();
        throw new ConnectException("Connection refused");
      }
      establish(client, listener, clock.nanoTime());
      client.onEstablished();
      return client;
    }
    if (!fault(options.blackholeRate())) {
      boolean refused = fault(options.refuseRate());
      schedule(latency() + connectDelayNanos.getOrDefault(to, 0L), () -> onSyn(client, refused, 0));
    }
    return client;
  }

  /** Begins to listen; port 0 is replaced by a free one. */
  SimListener listen(SocketAddress address, int backlogMax, Runnable onConnection)
      throws IOException {
    SocketAddress local = address;
    if (address instanceof InetSocketAddress inet && inet.getPort() == 0) {
      local = new InetSocketAddress(inet.getAddress(), port());
    }
    if (listeners.containsKey(local)) {
      throw new BindException("cannot listen on " + local + ": Address already in use");
    }
    SimListener listener = new SimListener(this, local, backlogMax, onConnection);
    listeners.put(local, listener);
    return listener;
  }

  ManualClock clock() {
    return clock;
  }

  SimTrace trace() {
    return trace;
  }

  SimEventQueue events() {
    return events;
  }

  void onEndpointClosed(SimEndpoint endpoint) {
    openEndpoints--;
    if (links.size() > 1024) {
      links.removeIf(SimLink::closed);
    }
  }

  void onListenerClosed(SimListener listener) {
    listeners.remove(listener.localAddress());
  }

  /** Returns how long something takes from one end to the other. */
  long latency() {
    return random.nextLong(options.latencyNanosMin(), options.latencyNanosMax() + 1);
  }

  /** Returns how much longer it takes this time, which is a fault if it is at all. */
  long delay() {
    return fault(options.delayRate()) ? random.nextLong(1, options.delayNanosMax() + 1) : 0;
  }

  /** Returns the time between two pieces of what was one delivery. */
  long gap() {
    return random.nextLong(1, 50_000);
  }

  /** Returns how much of {@code n} bytes arrives at once. */
  int fragment(int n) {
    if (n <= 1 || !chance(options.fragmentRate())) {
      return n;
    }
    // Half of the cuts leave a few bytes only: decoders break at the first ones.
    int most = random.nextBoolean() ? n : Math.min(n, 16);
    return 1 + random.nextInt(most);
  }

  /** Returns how much of {@code n} bytes one call moves. */
  int shorten(int n) {
    return n <= 1 || !chance(options.shortIoRate()) ? n : 1 + random.nextInt(n);
  }

  boolean joins() {
    return chance(options.coalesceRate());
  }

  boolean resets() {
    return fault(options.resetRate());
  }

  boolean spurious() {
    return chance(options.spuriousReadyRate());
  }

  boolean keepsUnread() {
    return chance(options.keepUnreadRate());
  }

  /** Whether a reset by the sender overtakes what it has sent before. */
  boolean dropsInFlight() {
    return options.fragmentRate() > 0 && random.nextBoolean();
  }

  private void onSyn(SimEndpoint client, boolean refused, int attempt) {
    if (client.closed()) {
      return;
    }
    SocketAddress to = client.remoteAddress();
    if (reach.get(to) == Reach.SILENT) {
      return;
    }
    SimListener listener = refused ? null : reachable(to);
    if (listener == null) {
      schedule(latency(), client::onRefused);
      return;
    }
    if (listener.full()) {
      if (attempt < SYN_RETRIES_MAX) {
        schedule(SYN_RETRY_NANOS << attempt, () -> onSyn(client, false, attempt + 1));
      }
      return;
    }
    long establishedNanos = clock.nanoTime() + latency();
    establish(client, listener, establishedNanos);
    schedule(establishedNanos - clock.nanoTime(), client::onEstablished);
  }

  private void establish(SimEndpoint client, SimListener listener, long clientReadyNanos) {
    SimEndpoint server =
        new SimEndpoint(
            this, "s" + client.name().substring(1), client.remoteAddress(), client.localAddress());
    openEndpoints++;
    SimLink link = new SimLink(this, client, server);
    links.add(link);
    SimPipe up = new SimPipe(link, client, server, clock.nanoTime());
    // What the server sends at once must not overtake the news that there is a connection.
    SimPipe down = new SimPipe(link, server, client, clientReadyNanos);
    client.join(link, down, up);
    server.join(link, up, down);
    server.onEstablished();
    trace.add("accept", server.name(), 0);
    listener.add(server);
  }

  private @Nullable SimListener reachable(SocketAddress to) {
    if (reach.getOrDefault(to, Reach.NORMAL) != Reach.NORMAL) {
      return null;
    }
    SimListener exact = listeners.get(to);
    if (exact != null || !(to instanceof InetSocketAddress inet)) {
      return exact;
    }
    for (Map.Entry<SocketAddress, SimListener> entry : listeners.entrySet()) {
      if (entry.getKey() instanceof InetSocketAddress bound
          && bound.getPort() == inet.getPort()
          && bound.getAddress() != null
          && bound.getAddress().isAnyLocalAddress()) {
        return entry.getValue();
      }
    }
    return null;
  }

  private SocketAddress ephemeral() {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(CLIENT_HOST), port());
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  private int port() {
    int port = nextPort++;
    if (nextPort > 65_535) {
      nextPort = FIRST_EPHEMERAL_PORT;
    }
    return port;
  }

  boolean chance(double rate) {
    return rate > 0 && random.nextDouble() < rate;
  }

  private boolean fault(double rate) {
    if (faults >= options.faultsMax() || !chance(rate)) {
      return false;
    }
    faults++;
    trace.add("fault", "network", faults);
    return true;
  }
}
