package dev.sluice.core.stream;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.RequestHead;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Router} is asked about. On the loop of the exchange, within {@link Router#route}.
 * Of {@link #forward}, {@link #answer} and {@link #suspend} exactly one may be called.
 */
public interface RoutingCall {
  /**
   * The head of the request as the filters have left it, to be read and rewritten. Hop-by-hop
   * fields are gone already. Lent for the call.
   */
  RequestHead request();

  /** The name of the frontend. */
  String frontend();

  /** The client's address, as a PROXY header tells it if there was one. */
  @Nullable SocketAddress clientAddress();

  /** The host name that the client asked for in its handshake, or null. */
  @Nullable String serverName();

  /** Forwards to a backend. */
  void forward(String backend);

  /**
   * Sends the request to another address than its server's own. The server's other settings and its
   * limits hold; connections to different destinations are never mixed.
   *
   * @param serverName the host name to ask for and to verify in the handshake, or null
   */
  void destination(SocketAddress address, @Nullable String serverName);

  /** Answers without a backend. */
  void answer(FixedResponse response);

  /**
   * The decision comes later, from any thread.
   *
   * @param deadline when the exchange ends with a 500 if it has not come
   */
  Suspension suspend(Duration deadline);
}
