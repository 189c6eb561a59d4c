package dev.sluice.core.connection;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.transport.Transport;

/**
 * The graceful end of a connection: what was taken goes out, our direction ends, and on the front
 * side the connection lingers, so that a reset for input nobody read does not destroy the answer on
 * its way (RFC 9112 9.6). Confined to its loop.
 */
final class ConnectionClosing {
  private final Connection connection;
  private final ConnectionInput input;
  private final Transport transport;
  private Stage stage = Stage.OPEN;
  private ResetCode resetCode = ResetCode.CONNECTION_CLOSED;
  private int droppable;

  /** How far it is. */
  private enum Stage {
    /** Not closing. */
    OPEN,
    /** The last bytes and the end wait for the socket. */
    FLUSHING,
    /** The end is out; what still comes is read and dropped. */
    LINGERING
  }

  ConnectionClosing(Connection connection, ConnectionInput input, Transport transport) {
    this.connection = connection;
    this.input = input;
    this.transport = transport;
  }

  boolean underWay() {
    return stage != Stage.OPEN;
  }

  ResetCode resetCode() {
    return resetCode;
  }

  void resetCode(ResetCode code) {
    resetCode = code;
  }

  void begin() {
    stage = Stage.FLUSHING;
    droppable = connection.limits().drainBytesMax();
    transport.endOutput();
    // A client may read slowly as long as its timeout allows, not longer.
    connection.armStage(CloseCause.CLIENT_TIMEOUT, connection.timeouts().client().toNanos());
  }

  /** The transport was flushed. */
  void onFlushed(boolean everything) {
    if (stage == Stage.FLUSHING && everything) {
      if (connection.side() == Side.BACK || input.ended()) {
        finish();
        return;
      }
      stage = Stage.LINGERING;
      connection.armStage(CloseCause.CLIENT_TIMEOUT, connection.timeouts().linger().toNanos());
      onReadable();
    }
  }

  /** Whether input is still read, to be dropped. */
  boolean wantsRead() {
    return droppable > 0 && !input.ended();
  }

  /** There is something to drop. */
  void onReadable() {
    if (droppable > 0) {
      int dropped = input.discard(droppable);
      if (dropped < 0) {
        if (stage == Stage.LINGERING || transport.failure() != null) {
          finish();
        } else {
          // The end stays readable for as long as the flush takes: it must not be looked at again.
          connection.updateInterest();
        }
        return;
      }
      droppable -= dropped;
    }
    connection.updateInterest();
  }

  private void finish() {
    Failure cause = connection.failure();
    connection.dieLater(
        ResetCode.CONNECTION_CLOSED, cause != null ? cause : Failure.of(CloseCause.COMPLETE));
  }
}
