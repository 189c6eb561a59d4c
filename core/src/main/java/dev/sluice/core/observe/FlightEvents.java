package dev.sluice.core.observe;

import java.net.SocketAddress;

/**
 * Events of the JDK's flight recorder: {@code dev.sluice.Connection}, {@code dev.sluice.Handshake}
 * and {@code dev.sluice.Exchange}. Called on the loops. While nobody records an event, nothing is
 * made for it: the question costs a field that the recorder rewrites. Without the module {@code
 * jdk.jfr} there are none.
 *
 * <p>An event is made when what it tells of is over. Its times are fields, in nanoseconds of the
 * loop's clock; the recorder's own duration is empty.
 */
public final class FlightEvents {
  private static final boolean AVAILABLE = available();

  /** Loaded only where the recorder is. */
  private static final class Probes {
    static final ConnectionEvent CONNECTION = new ConnectionEvent();
    static final HandshakeEvent HANDSHAKE = new HandshakeEvent();
    static final ExchangeEvent EXCHANGE = new ExchangeEvent();
  }

  private FlightEvents() {}

  private static boolean available() {
    try {
      Class.forName("jdk.jfr.Event", false, FlightEvents.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Whether somebody records connections. */
  public static boolean connectionsAreRecorded() {
    return AVAILABLE && Probes.CONNECTION.isEnabled();
  }

  /** Whether somebody records handshakes. */
  public static boolean handshakesAreRecorded() {
    return AVAILABLE && Probes.HANDSHAKE.isEnabled();
  }

  /** Whether somebody records exchanges. */
  public static boolean exchangesAreRecorded() {
    return AVAILABLE && Probes.EXCHANGE.isEnabled();
  }

  /**
   * A connection is over. Allocates; ask {@link #connectionsAreRecorded()} first.
   *
   * @param side FRONT or BACK
   * @param peer whom it was with
   * @param protocol the name of its mux; empty if it never had one
   * @param lifeNanos from the dial or the accept to the end
   * @param bytesRead what came from the socket
   * @param bytesWritten what went to the socket
   * @param cause why it ended
   */
  public static void connection(
      String side,
      SocketAddress peer,
      String protocol,
      long lifeNanos,
      long bytesRead,
      long bytesWritten,
      CloseCause cause) {
    if (connectionsAreRecorded()) {
      ConnectionEvent event = new ConnectionEvent();
      event.side = side;
      event.peer = ClientFacts.text(peer);
      event.protocol = protocol;
      event.life = lifeNanos;
      event.bytesRead = bytesRead;
      event.bytesWritten = bytesWritten;
      event.cause = cause.name();
      event.commit();
    }
  }

  /**
   * A handshake is over. Allocates; ask {@link #handshakesAreRecorded()} first.
   *
   * @param side FRONT or BACK
   * @param peer whom it was with
   * @param tookNanos from TCP's connect to the end of the handshake
   * @param facts what it agreed on
   * @param result {@link CloseCause#COMPLETE}, or why it failed
   */
  public static void handshake(
      String side, SocketAddress peer, long tookNanos, SessionFacts facts, CloseCause result) {
    if (handshakesAreRecorded()) {
      HandshakeEvent event = new HandshakeEvent();
      event.side = side;
      event.peer = ClientFacts.text(peer);
      event.took = tookNanos;
      event.version = facts.version();
      event.suite = facts.suite();
      event.serverName = facts.serverName();
      event.applicationProtocol = facts.applicationProtocol();
      event.resumed = facts.resumed();
      event.result = result.name();
      event.commit();
    }
  }

  /** An exchange is over. Allocates only if somebody records exchanges. */
  public static void exchange(ExchangeRecord record) {
    if (exchangesAreRecorded()) {
      ExchangeEvent event = new ExchangeEvent();
      event.fill(record);
      event.commit();
    }
  }
}
