package dev.sluice.core.loop;

import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a loop's sockets come from and are watched: a selector, or a simulated network.
 *
 * <p>Confined to its loop except for {@link #wakeup()} and {@link #openSockets()}.
 */
public interface Poller extends AutoCloseable {
  /** Called once, by the loop that is going to drive this poller. */
  void attach(PollerHost host);

  /**
   * Begins to connect. {@link TcpSocket#connected()} tells whether the connection was made at once;
   * otherwise {@link Interest#CONNECT} is reported to the handler once the outcome is known.
   *
   * @param local the address to connect from, null for any
   * @throws IOException if the attempt has failed at once; nothing is left open then
   */
  TcpSocket connect(SocketAddress remote, @Nullable SocketAddress local, IoHandler handler)
      throws IOException;

  /**
   * Takes over a socket that no loop watches, with no interest set.
   *
   * @throws IOException if it can't be registered; it is closed then
   */
  TcpSocket adopt(LooseSocket accepted, IoHandler handler) throws IOException;

  /**
   * Gives up a connected socket of this poller, so that another one can {@link #adopt} it. Not from
   * within {@link #poll}. The handler is not called any more, and the given object is of no further
   * use.
   */
  LooseSocket release(TcpSocket socket);

  /**
   * Begins to listen.
   *
   * @throws IOException if the address can't be bound, naming it; nothing is left open then
   */
  TcpAcceptor listen(SocketAddress local, ListenOptions options, AcceptHandler handler)
      throws IOException;

  /**
   * Waits until a socket is ready, {@link #wakeup()} is called or the time is over, and calls the
   * handlers of the sockets that are ready, through {@link PollerHost#dispatch}.
   *
   * @param timeoutNanos how long to wait: 0 not at all, {@link Long#MAX_VALUE} without end
   * @return how many handlers were called
   */
  int poll(long timeoutNanos) throws IOException;

  /** Ends the present or the next {@link #poll}. Any thread. */
  void wakeup();

  /** Returns how many sockets are open on this poller, listening ones apart. Any thread. */
  int openSockets();

  /** Closes all sockets without calling their handlers. May be repeated. */
  @Override
  void close();
}
