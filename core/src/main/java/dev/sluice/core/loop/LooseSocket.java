package dev.sluice.core.loop;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connected socket that no loop watches: it was just accepted, or is on its way from one loop to
 * another. Belongs to whoever it was handed to, who passes it to {@link Poller#adopt} on the loop
 * that is to serve it, or closes it. May be handed from one thread to another by a task.
 */
public interface LooseSocket {
  /** Returns the address of this end. */
  @Nullable SocketAddress localAddress();

  /** Returns the address of the other end. */
  @Nullable SocketAddress remoteAddress();

  /** Closes the connection unless it was adopted. May be repeated. */
  void close();

  /** Closes the connection with a RST unless it was adopted. May be repeated. */
  void closeWithReset();
}
