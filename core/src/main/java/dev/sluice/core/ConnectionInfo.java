package dev.sluice.core;

import dev.sluice.core.connection.Connection;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.Side;
import dev.sluice.core.observe.ClientFacts;
import dev.sluice.core.observe.SessionFacts;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection as it was when its loop was asked. Immutable; any thread.
 *
 * @param side FRONT for a client's, BACK for one with a server
 * @param name the frontend, or {@code backend/server}
 * @param loop the index of its loop
 * @param peer the other end, as a PROXY header tells it if there was one; null if not known yet
 * @param local our end, or the one that the client connected to; null if not known yet
 * @param state where it is in its life, such as {@code HANDSHAKING} or {@code IDLE}
 * @param protocol the name of its mux; empty if there is none yet
 * @param session what the handshake agreed on; {@link SessionFacts#NONE} if there was none
 * @param age since it was accepted or dialled
 * @param silence since the last byte was read from it
 * @param streams how many exchanges are on it now
 * @param exchanges how many it has carried, those on it now included
 * @param bytesRead from the socket
 * @param bytesWritten to the socket
 */
public record ConnectionInfo(
    Side side,
    String name,
    int loop,
    @Nullable SocketAddress peer,
    @Nullable SocketAddress local,
    String state,
    String protocol,
    SessionFacts session,
    Duration age,
    Duration silence,
    int streams,
    long exchanges,
    long bytesRead,
    long bytesWritten) {

  /** On the loop of the connection. */
  static ConnectionInfo of(String name, Connection connection, long exchanges) {
    Mux mux = connection.mux();
    long now = connection.nowNanos();
    return new ConnectionInfo(
        connection.side(),
        name,
        connection.loop().index(),
        peer(connection),
        connection.localAddress(),
        connection.state().name(),
        mux == null ? "" : mux.name(),
        connection.sessionFacts(),
        Duration.ofNanos(now - connection.times().begunNanos()),
        Duration.ofNanos(now - connection.times().lastReadNanos()),
        mux == null ? 0 : mux.openStreams(),
        exchanges,
        connection.bytesRead(),
        connection.bytesWritten());
  }

  /** A server by name has an address once one was chosen. */
  private static @Nullable SocketAddress peer(Connection connection) {
    SocketAddress address = connection.remoteAddress();
    return address != null || connection.side() == Side.FRONT
        ? address
        : connection.target().address();
  }

  /** In one line, as in the access log: {@code key=value}, all keys in this order. */
  @Override
  public String toString() {
    return "side="
        + side.name().toLowerCase(Locale.ROOT)
        + " name="
        + name
        + " loop="
        + loop
        + " peer="
        + text(peer)
        + " local="
        + text(local)
        + " state="
        + state
        + " protocol="
        + or(protocol)
        + " age="
        + millis(age)
        + " silence="
        + millis(silence)
        + " streams="
        + streams
        + " exchanges="
        + exchanges
        + " read="
        + bytesRead
        + " written="
        + bytesWritten
        + " tls="
        + or(session.text().replace(' ', ','));
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + "ms";
  }

  private static String or(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String text(@Nullable SocketAddress address) {
    return or(new ClientFacts(address, SessionFacts.NONE).addressText());
  }
}
