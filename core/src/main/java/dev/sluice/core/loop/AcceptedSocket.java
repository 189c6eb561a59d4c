package dev.sluice.core.loop;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection that was accepted and isn't registered with a loop yet. Belongs to whoever it was
 * handed to, who passes it to {@link Poller#adopt} on the loop that is to serve it, or closes it.
 * May be handed from one thread to another by a task.
 */
public interface AcceptedSocket {
  /** Returns the address that the client connected to. */
  @Nullable SocketAddress localAddress();

  /** Returns the address of the client. */
  @Nullable SocketAddress remoteAddress();

  /** Closes the connection unless it was adopted. May be repeated. */
  void close();

  /** Closes the connection with a RST unless it was adopted. May be repeated. */
  void closeWithReset();
}
