package dev.sluice.core.frontend;

import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.connection.ConnectionSettings;
import dev.sluice.core.loop.AcceptHandler;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.ListenOptions;
import dev.sluice.core.loop.LooseSocket;
import dev.sluice.core.loop.TcpAcceptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket. One loop accepts, and hands each connection to the less loaded of two. At the
 * most connections that it may have it pauses, and clients wait in the kernel's backlog. Confined
 * to the accepting loop, but for what is said of a method.
 */
public final class Listener implements AcceptHandler {
  private static final long DESCRIPTOR_PAUSE_NANOS = 100_000_000L;

  private final Frontend frontend;
  private final ListenerConfig config;
  private final ConnectionSettings settings;
  private final EventLoop loop;
  private final AtomicInteger connections = new AtomicInteger();
  private @Nullable TcpAcceptor acceptor;
  private volatile @Nullable SocketAddress boundTo;
  private volatile long accepted;

  Listener(Frontend frontend, ListenerConfig config, ConnectionSettings settings, EventLoop loop) {
    this.frontend = frontend;
    this.config = config;
    this.settings = settings;
    this.loop = loop;
  }

  /** The loop that accepts. Any thread. */
  public EventLoop loop() {
    return loop;
  }

  /**
   * The address that it listens on, with the port that was taken; null unless it is open. Any
   * thread.
   */
  public @Nullable SocketAddress boundTo() {
    return boundTo;
  }

  /** What it was configured with. Any thread. */
  public ListenerConfig config() {
    return config;
  }

  /** How many connections it has accepted since it was opened. Any thread. */
  public long acceptedCount() {
    return accepted;
  }

  /** How many connections it has accepted that are not closed. Any thread. */
  public int connectionCount() {
    return connections.get();
  }

  /**
   * Begins to listen.
   *
   * @throws IOException if the address can't be bound, naming it
   */
  public void open() throws IOException {
    ListenOptions options =
        new ListenOptions(
            config.backlog(),
            settings.limits().acceptsPerTurnMax(),
            config.reusePort(),
            true,
            DESCRIPTOR_PAUSE_NANOS);
    TcpAcceptor opened = loop.poller().listen(config.address(), options, this);
    acceptor = opened;
    boundTo = opened.localAddress();
  }

  /** Accepts what waits already, and stops listening. May be repeated. */
  public void closeAfterWaiting() {
    TcpAcceptor open = acceptor;
    if (open != null) {
      open.acceptWaiting();
    }
    close();
  }

  /** Stops listening. May be repeated. */
  public void close() {
    TcpAcceptor open = acceptor;
    if (open != null) {
      acceptor = null;
      boundTo = null;
      open.close();
    }
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the loop alone, read by any thread
  public void onAccepted(LooseSocket socket) {
    accepted++;
    if (connections.incrementAndGet() >= settings.limits().connectionsMax()) {
      TcpAcceptor open = acceptor;
      if (open != null) {
        open.pause();
      }
    }
    LoopFrontend home = frontend.next();
    if (home.loop() == loop) {
      home.take(socket, this, settings);
    } else if (!home.loop().tryExecute(() -> home.take(socket, this, settings))) {
      socket.close();
      onConnectionClosed();
    }
  }

  @Override
  public void onAcceptFailure(Throwable failure) {
    loop.report("accepting on " + config.address() + " failed", failure);
  }

  /** A connection that it accepted is closed. Any thread. */
  void onConnectionClosed() {
    int left = connections.decrementAndGet();
    assert left >= 0 : "a connection closes once";
    if (left == settings.limits().connectionsMax() - 1) {
      loop.execute(this::resumeAccepting);
    }
  }

  private void resumeAccepting() {
    TcpAcceptor open = acceptor;
    if (open != null && connections.get() < settings.limits().connectionsMax()) {
      open.resume();
    }
  }
}
