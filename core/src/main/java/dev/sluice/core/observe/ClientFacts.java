package dev.sluice.core.observe;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client's connection; one for all its exchanges. Immutable but for a text that
 * is made when it is first asked for; any thread.
 */
public final class ClientFacts {
  /** Of a client of whom nothing is known. */
  public static final ClientFacts NONE = new ClientFacts(null, SessionFacts.NONE);

  private final @Nullable SocketAddress address;
  private final @Nullable SocketAddress reachedAt;
  private final SessionFacts session;

  /** Made late; strings may be published by a race. */
  private @Nullable String addressText;

  /**
   * Facts.
   *
   * @param address the client's address, or null
   * @param session what the handshake told
   */
  public ClientFacts(@Nullable SocketAddress address, SessionFacts session) {
    this(address, null, session);
  }

  /**
   * Facts of a client whose way in is known.
   *
   * @param address the client's address, or null
   * @param reachedAt the address that the client connected to, or null
   * @param session what the handshake told
   */
  public ClientFacts(
      @Nullable SocketAddress address, @Nullable SocketAddress reachedAt, SessionFacts session) {
    this.address = address;
    this.reachedAt = reachedAt;
    this.session = session;
  }

  /** The client's address, as a PROXY header tells it if there was one; or null. */
  public @Nullable SocketAddress address() {
    return address;
  }

  /** The address that the client connected to, or null. */
  public @Nullable SocketAddress reachedAt() {
    return reachedAt;
  }

  /** The host name that it asked for in its handshake (SNI), or null. */
  public @Nullable String serverName() {
    return session.serverName();
  }

  /** What the handshake told; {@link SessionFacts#NONE} if there was none. */
  public SessionFacts session() {
    return session;
  }

  /** The address as {@code 192.0.2.1:5123} or {@code [2001:db8::1]:5123}; empty if unknown. */
  public String addressText() {
    String text = addressText;
    if (text == null) {
      text = text(address);
      addressText = text;
    }
    return text;
  }

  static String text(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      InetAddress host = inet.getAddress();
      String name = host == null ? inet.getHostString() : host.getHostAddress();
      return (name.indexOf(':') < 0 ? name : '[' + name + ']') + ':' + inet.getPort();
    }
    return address == null ? "" : address.toString();
  }

  @Override
  public String toString() {
    return "client " + addressText() + (session.isNone() ? "" : ", " + session);
  }
}
