package dev.sluice.core.loop;

import java.net.SocketAddress;

/** A listening socket. Confined to its loop. */
public interface TcpAcceptor {
  /** Returns the address that is listened on, with the port that was chosen if 0 was asked for. */
  SocketAddress localAddress();

  /** Stops accepting until {@link #resume()}; clients wait in the backlog meanwhile. */
  void pause();

  /** Accepts again. Doesn't shorten a pause for want of descriptors. */
  void resume();

  /** Tells whether {@link #pause()} is in force. */
  boolean paused();

  /**
   * Accepts what waits in the backlog, up to its size, without waiting for the poller: the last
   * thing before {@link #close()}, which resets those that wait. Does nothing while {@link
   * #paused()}.
   */
  void acceptWaiting();

  /** Stops listening. May be repeated. */
  void close();
}
