package dev.sluice.core.loop;

import dev.sluice.core.time.NanoClock;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The poller over a {@link Selector}. At steady state a turn allocates nothing.
 *
 * <p>It outlives what selectors and channels are known to do: a key that was cancelled by somebody
 * else costs that connection only; a channel closed between selecting and handling is skipped; a
 * selector that keeps returning early with nothing ready is replaced by a new one with the same
 * keys.
 */
public final class NioPoller implements Poller {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final NioSystem system;
  private final NanoClock clock;
  private final int spinsMax;

  /** One object for all selects, since a lambda in the call would be made anew each turn. */
  private final Consumer<SelectionKey> onSelected = this::onSelected;

  private final NioEntry entries = new NioEntry.Head();

  /** Volatile for {@link #wakeup()}; written by the loop alone. */
  private volatile Selector selector;

  private @Nullable PollerHost host;

  /** Entries on the list, listening ones included. */
  private int registered;

  private int dispatched;
  private int spins;
  private boolean broken;
  private boolean closed;

  private int sockets;

  /** What others see of {@link #sockets}. */
  private volatile int openSockets;

  private volatile boolean woken;

  private NioPoller(NanoClock clock, int spinsMax, NioSystem system) throws IOException {
    this.clock = clock;
    this.spinsMax = spinsMax;
    this.system = system;
    this.selector = system.openSelector();
  }

  /**
   * Opens a selector.
   *
   * @param spinsMax after how many waits in a row that ended early for no reason it is replaced
   */
  public static NioPoller open(NanoClock clock, int spinsMax) throws IOException {
    return open(clock, spinsMax, NioSystem.DEFAULT);
  }

  /** Opens a selector over other system calls. For tests. */
  public static NioPoller open(NanoClock clock, int spinsMax, NioSystem system) throws IOException {
    return new NioPoller(clock, spinsMax, system);
  }

  @Override
  public void attach(PollerHost host) {
    assert this.host == null : "attached before";
    this.host = host;
  }

  @Override
  public TcpSocket connect(SocketAddress remote, @Nullable SocketAddress local, IoHandler handler)
      throws IOException {
    boolean unix = remote instanceof UnixDomainSocketAddress;
    if (remote instanceof InetSocketAddress address && address.isUnresolved()) {
      throw new UnknownHostException("unresolved address " + address.getHostString());
    }
    SocketChannel channel =
        unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      configure(channel, unix);
      if (local != null) {
        channel.bind(local);
      }
      boolean connected = channel.connect(remote);
      NioSocket socket = new NioSocket(this, channel, handler, remote, connected);
      register(socket, connected ? Interest.NONE : Interest.CONNECT);
      countSockets(1);
      return socket;
    } catch (UnsupportedAddressTypeException e) {
      closeQuietly(channel);
      // IPv6 where there is none; no fault of the caller's.
      throw new IOException("address family not supported: " + remote, e);
    } catch (IOException | RuntimeException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  @Override
  public TcpSocket adopt(LooseSocket accepted, IoHandler handler) throws IOException {
    if (!(accepted instanceof NioLooseSocket nio)) {
      throw new IllegalArgumentException("not accepted by a NIO poller: " + accepted);
    }
    SocketChannel channel = nio.take();
    try {
      NioSocket socket = new NioSocket(this, channel, handler, nio.remoteAddress(), true);
      register(socket, Interest.NONE);
      countSockets(1);
      return socket;
    } catch (IOException | RuntimeException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  @Override
  public LooseSocket release(TcpSocket socket) {
    if (!(socket instanceof NioSocket nio) || nio.closed) {
      throw new IllegalArgumentException("not an open socket of a NIO poller: " + socket);
    }
    LooseSocket released = nio.loosen();
    try {
      // A cancelled key leaves its selector with the next select; till then closing the channel
      // would not close its descriptor.
      system.flushCancelled(selector);
    } catch (IOException | ClosedSelectorException e) {
      // The next poll meets the same failure and replaces the selector, and its keys go with it.
      host().report("cancelled keys stay with their selector", e);
    }
    return released;
  }

  @Override
  public TcpAcceptor listen(SocketAddress local, ListenOptions options, AcceptHandler handler)
      throws IOException {
    if (options.reusePort() && options.exclusiveProbe()) {
      bind(local, 1, false).close();
    }
    ServerSocketChannel channel = bind(local, options.backlog(), options.reusePort());
    try {
      channel.configureBlocking(false);
      NioAcceptor acceptor = new NioAcceptor(this, channel, options, handler);
      register(acceptor, SelectionKey.OP_ACCEPT);
      return acceptor;
    } catch (IOException | RuntimeException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  @Override
  public int poll(long timeoutNanos) throws IOException {
    dispatched = 0;
    if (closed) {
      throw new ClosedSelectorException();
    }
    if (broken) {
      loseBroken();
    }
    boolean waits = timeoutNanos > 0 && dispatched == 0;
    long startNanos = waits ? clock.nanoTime() : 0;
    int selected;
    try {
      selected = system.select(selector, onSelected, waits ? timeoutMillis(timeoutNanos) : 0);
    } catch (IOException | ClosedSelectorException e) {
      host().report("selector failed and is replaced", e);
      rebuild();
      return dispatched;
    }
    if (waits) {
      watchForSpinning(selected, startNanos);
    }
    // Fewer keys than entries: somebody else has cancelled some, and select never shows them again.
    if (selector.keys().size() < registered) {
      broken = true;
      loseBroken();
    }
    return dispatched;
  }

  @Override
  public void wakeup() {
    woken = true;
    selector.wakeup();
  }

  @Override
  public int openSockets() {
    return openSockets;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    while (entries.next != entries) {
      entries.next.close();
    }
    closeSelector(selector);
  }

  PollerHost host() {
    PollerHost attached = host;
    if (attached == null) {
      throw new IllegalStateException("no loop drives this poller");
    }
    return attached;
  }

  NioSystem system() {
    return system;
  }

  /** Has the entry's owner told in the next poll that its key is gone. */
  void onBrokenKey() {
    broken = true;
  }

  /** Takes a closed entry off the list. */
  void onClosed(NioEntry entry) {
    entry.unlink();
    registered--;
    if (entry instanceof NioSocket) {
      countSockets(-1);
    }
  }

  /** Prepares a channel of a connection. */
  static void configure(SocketChannel channel, boolean unix) throws IOException {
    channel.configureBlocking(false);
    if (!unix) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
  }

  /** Closes a channel of which nothing more is expected. */
  void closeQuietly(Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is released all the same; there is nothing left to be done about it.
      reportQuietly("close failed", e);
    }
  }

  private void onSelected(SelectionKey key) {
    Object attachment = key.attachment();
    if (!(attachment instanceof NioEntry entry) || entry.closed) {
      return;
    }
    int ready;
    try {
      ready = key.readyOps();
    } catch (CancelledKeyException e) {
      broken = true;
      return;
    }
    dispatched++;
    entry.onReady(ready);
  }

  private void countSockets(int delta) {
    sockets += delta;
    openSockets = sockets;
  }

  private void watchForSpinning(int selected, long startNanos) throws IOException {
    boolean excused = woken;
    if (excused) {
      woken = false;
    }
    if (selected > 0 || excused || broken || clock.nanoTime() - startNanos >= NANOS_PER_MILLI / 2) {
      spins = 0;
      return;
    }
    if (Thread.interrupted()) {
      // An interrupt status makes every select return at once. Loops are stopped, not interrupted.
      host().report("interrupt of a loop thread ignored", new InterruptedException());
    }
    host().counters().onSpin();
    if (++spins >= spinsMax) {
      spins = 0;
      host().counters().onSelectorRebuild();
      host()
          .report(
              "selector replaced",
              new IOException(spinsMax + " selects in a row returned early with nothing ready"));
      rebuild();
    }
  }

  private void rebuild() throws IOException {
    Selector fresh = system.openSelector();
    for (NioEntry e = entries.next; e != entries; e = e.next) {
      try {
        e.key = e.channel().register(fresh, e.interest, e);
      } catch (IOException | RuntimeException failure) {
        // The old key goes with its selector; then this entry counts among those without a key.
        broken = true;
      }
    }
    Selector old = selector;
    selector = fresh;
    closeSelector(old);
  }

  private void loseBroken() {
    broken = false;
    NioEntry e = entries.next;
    while (e != entries) {
      SelectionKey key = e.key;
      if (key != null && !key.isValid()) {
        dispatched++;
        // Losing an entry may close others, so the walk begins anew.
        e.onLost(new CancelledKeyException());
        e = entries.next;
      } else {
        e = e.next;
      }
    }
  }

  private void register(NioEntry entry, int ops) throws IOException {
    entry.key = entry.channel().register(selector, ops, entry);
    entry.interest = ops;
    entry.linkBefore(entries);
    registered++;
  }

  private void closeSelector(Selector selector) {
    try {
      selector.close();
    } catch (IOException e) {
      reportQuietly("close of a selector failed", e);
    }
  }

  private void reportQuietly(String what, Throwable failure) {
    PollerHost attached = host;
    if (attached != null) {
      attached.report(what, failure);
    }
  }

  private static long timeoutMillis(long timeoutNanos) {
    if (timeoutNanos > Long.MAX_VALUE - NANOS_PER_MILLI) {
      return -1;
    }
    // Rounded up: a timer that isn't due yet would make the loop spin until it is.
    return (timeoutNanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
  }

  private ServerSocketChannel bind(SocketAddress local, int backlog, boolean reusePort)
      throws IOException {
    ServerSocketChannel channel =
        local instanceof UnixDomainSocketAddress
            ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            : ServerSocketChannel.open();
    try {
      if (reusePort) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      channel.bind(local, backlog);
      return channel;
    } catch (IOException | RuntimeException e) {
      closeQuietly(channel);
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      BindException named = new BindException("cannot listen on " + local + ": " + reason);
      named.initCause(e);
      throw named;
    }
  }
}
