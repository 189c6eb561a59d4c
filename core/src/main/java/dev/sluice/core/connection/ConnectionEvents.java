package dev.sluice.core.connection;

import dev.sluice.core.mux.Side;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.FlightEvents;
import dev.sluice.core.observe.SessionFacts;
import dev.sluice.core.observe.WireEvent;

/**
 * Counts what becomes of connections and their handshakes, and tells the flight recorder of it, if
 * somebody records.
 */
final class ConnectionEvents {
  private ConnectionEvents() {}

  /** There is a mux. */
  static void ready(Connection connection) {
    if (connection.secure()) {
      connection.count(
          connection.sessionFacts().resumed()
              ? WireEvent.HANDSHAKE_RESUMED
              : WireEvent.HANDSHAKE_FULL);
    }
    if (connection.secure() && FlightEvents.handshakesAreRecorded()) {
      handshake(connection, connection.sessionFacts(), CloseCause.COMPLETE);
    }
  }

  /** There will be no mux; the state is still the one in which it failed. */
  static void failed(Connection connection, Failure failure) {
    if (connection.secure() && connection.state() == ConnectionState.HANDSHAKING) {
      if (connection.side() == Side.BACK || connection.bytesRead() > 0) {
        connection.count(WireEvent.HANDSHAKE_FAILED);
      }
      if (FlightEvents.handshakesAreRecorded()) {
        handshake(connection, SessionFacts.NONE, failure.cause());
      }
    }
    if (connection.state() == ConnectionState.HANDSHAKING) {
      countReset(connection);
    }
    if (FlightEvents.connectionsAreRecorded()) {
      connection(connection, "", failure.cause());
    }
  }

  /** The connection dies with this mux. */
  static void closed(Connection connection, String protocol) {
    countReset(connection);
    if (FlightEvents.connectionsAreRecorded()) {
      Failure failure = connection.failure();
      connection(
          connection, protocol, failure == null ? CloseCause.INTERNAL_ERROR : failure.cause());
    }
  }

  private static void countReset(Connection connection) {
    if (connection.port().failure() != null) {
      connection.count(WireEvent.CONNECTION_RESET_RECEIVED);
    } else if (connection.port().closesByReset()) {
      connection.count(WireEvent.CONNECTION_RESET_SENT);
    }
  }

  private static void handshake(Connection connection, SessionFacts facts, CloseCause result) {
    FlightEvents.handshake(
        connection.side().name(),
        connection.target().address(),
        connection.nowNanos() - connection.times().connectedNanos(),
        facts,
        result);
  }

  private static void connection(Connection connection, String protocol, CloseCause cause) {
    FlightEvents.connection(
        connection.side().name(),
        connection.target().address(),
        protocol,
        connection.nowNanos() - connection.times().begunNanos(),
        connection.bytesRead(),
        connection.bytesWritten(),
        cause);
  }
}
