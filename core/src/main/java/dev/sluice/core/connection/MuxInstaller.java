package dev.sluice.core.connection;

import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxOpenException;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Selection;
import dev.sluice.core.mux.Side;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import org.jspecify.annotations.Nullable;

/**
 * The only class that writes the mux slot of a connection. Everybody who finishes a handshake comes
 * to {@link #complete}, everything that goes wrong before there is a mux comes to {@link #fail},
 * and each happens once. Confined to the connection's loop.
 */
final class MuxInstaller {
  private MuxInstaller() {}

  /** The owner waits for the new connection from now on. */
  static void own(Connection connection, ConnectionOwner owner) {
    assert owner.pending() == null : "an owner waits for one connection at a time";
    connection.owner = owner;
    owner.pending(connection);
  }

  /**
   * The transport is ready: selects the mux by what this connection negotiated, makes it, attaches
   * the owner's stream if there is one, and only when that has succeeded sets the slot and lets go
   * of the owner.
   *
   * @param recognized the mux that the first bytes told, or null
   * @param tellOwner false within the owner's own call of dial, which returns the result
   */
  static void complete(Connection connection, @Nullable MuxProvider recognized, boolean tellOwner) {
    assert connection.state() == ConnectionState.HANDSHAKING : connection;
    ConnectionSettings settings = connection.settings();
    MuxProvider provider = recognized;
    if (provider == null) {
      Selection selection =
          settings
              .registry()
              .select(
                  settings.side(),
                  settings.mode(),
                  settings.forced(),
                  connection.applicationProtocol(),
                  settings.transport().offered());
      provider = selection.provider();
      if (provider == null) {
        Failure failure = selection.failure();
        assert failure != null;
        fail(connection, failure, tellOwner);
        return;
      }
    }
    Mux mux;
    try {
      mux =
          settings.side() == Side.FRONT
              ? provider.openFront(connection, connection.acceptor())
              : provider.openBack(connection);
    } catch (MuxOpenException | RuntimeException e) {
      connection.reportProblem("mux \"" + provider.name() + "\" could not be opened", e);
      fail(
          connection,
          new Failure(
              CloseCause.MUX_OPEN_FAILED,
              "mux \"" + provider.name() + "\" could not be opened: " + e.getMessage()),
          tellOwner);
      return;
    }
    ConnectionOwner owner = waiting(connection);
    if (owner != null && !attach(connection, mux, owner)) {
      // The mux was never in the slot, so nobody else can tell it that it is over.
      mux.onClosed(ResetCode.CONNECTION_CLOSED, CloseCause.ATTACH_REFUSED);
      fail(
          connection,
          new Failure(
              CloseCause.ATTACH_REFUSED,
              "the new mux \"" + mux.name() + "\" refused the stream it was made for"),
          tellOwner);
      return;
    }
    connection.mux = mux;
    connection.owner = null;
    if (owner != null) {
      owner.pending(null);
    }
    connection.enter(ConnectionState.ACTIVE);
    if (!start(connection, mux, owner)) {
      if (owner != null && tellOwner) {
        owner.onConnectionFailed(connection, startFailure(mux));
      }
      return;
    }
    connection.afterInstall();
    ConnectionEvents.ready(connection);
    if (owner != null && tellOwner) {
      owner.onConnectionReady(connection);
    }
  }

  /**
   * The owner that still waits for this connection. One that has come to wait for another is none
   * of ours any more, even if it has not said so.
   */
  private static @Nullable ConnectionOwner waiting(Connection connection) {
    ConnectionOwner owner = connection.owner();
    return owner != null && owner.pending() == connection ? owner : null;
  }

  private static boolean start(Connection connection, Mux mux, @Nullable ConnectionOwner owner) {
    try {
      mux.start();
      return true;
    } catch (RuntimeException e) {
      connection.reportProblem("mux \"" + mux.name() + "\" failed to start", e);
      if (owner != null) {
        // It hears of a failed connection, not of a stream that was cut.
        owner.endpoint().drop(ResetCode.INTERNAL_ERROR);
      }
      connection.die(ResetCode.INTERNAL_ERROR, startFailure(mux));
      return false;
    }
  }

  private static Failure startFailure(Mux mux) {
    return new Failure(
        CloseCause.MUX_OPEN_FAILED, "mux \"" + mux.name() + "\" could not be started");
  }

  private static boolean attach(Connection connection, Mux mux, ConnectionOwner owner) {
    try {
      return mux.attach(owner.endpoint());
    } catch (RuntimeException e) {
      connection.reportProblem("mux \"" + mux.name() + "\" failed to attach a stream", e);
      // Whatever the mux did with the endpoint, nothing of it reaches the owner.
      owner.endpoint().drop(ResetCode.INTERNAL_ERROR);
      return false;
    }
  }

  /**
   * There will be no mux: tells the owner if it still waits for this connection, and closes
   * everything. All paths that fail before there is a mux meet here.
   */
  static void fail(Connection connection, Failure failure, boolean tellOwner) {
    assert connection.mux == null : connection;
    if (connection.state() == ConnectionState.CLOSED) {
      return;
    }
    ConnectionOwner owner = waiting(connection);
    connection.owner = null;
    if (owner != null) {
      owner.pending(null);
    }
    ConnectionEvents.failed(connection, failure);
    connection.shut(failure);
    connection.enter(ConnectionState.CLOSED);
    // The keeper first: what this connection held is free when the owner makes another attempt.
    connection.keeper().onClosed(connection, failure);
    if (owner != null && tellOwner) {
      owner.onConnectionFailed(connection, failure);
    }
  }

  /** The connection dies with a mux: empties the slot, so that the mux can be told. */
  static Mux remove(Connection connection) {
    Mux mux = connection.mux;
    assert mux != null : connection;
    ConnectionEvents.closed(connection, mux.name());
    connection.mux = null;
    connection.enter(ConnectionState.CLOSED);
    return mux;
  }
}
