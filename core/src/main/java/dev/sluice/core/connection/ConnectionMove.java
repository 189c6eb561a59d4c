package dev.sluice.core.connection;

import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.LooseSocket;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An idle connection on its way from one loop to another. Begun on the loop that it leaves, handed
 * over by a task, and ended on the loop that it comes to; or on the one that it left, if the other
 * takes no tasks. In between nobody touches the connection, and what comes in stays in its socket.
 */
public final class ConnectionMove {
  private final Connection connection;
  private final LooseSocket socket;

  private ConnectionMove(Connection connection, LooseSocket socket) {
    this.connection = connection;
    this.socket = socket;
  }

  /**
   * Takes a connection off its loop. On that loop, not from within its poll.
   *
   * @return null if it can't go: something is still to be read, sent or told, or its transport or
   *     mux knows no other loop. It stays as it is then, or is closed if the mux has failed
   */
  public static @Nullable ConnectionMove begin(Connection connection) {
    assert connection.loop().inLoop();
    return movable(connection) && muxLeaves(connection)
        ? new ConnectionMove(connection, connection.port().release())
        : null;
  }

  private static boolean movable(Connection connection) {
    return connection.state() == ConnectionState.IDLE
        && connection.pending().none()
        && connection.input().movable()
        && connection.output().movable()
        && connection.transport().movable();
  }

  private static boolean muxLeaves(Connection connection) {
    Mux mux = connection.mux;
    assert mux != null : connection;
    try {
      return mux.onLeaving();
    } catch (RuntimeException e) {
      fail(connection, e);
      return false;
    }
  }

  /** The connection. */
  public Connection connection() {
    return connection;
  }

  /**
   * The connection goes on, on this loop. On this loop.
   *
   * @return false if this loop can't watch the socket: the connection has died, and its keeper was
   *     told
   */
  public boolean end(EventLoop at) {
    assert at.inLoop();
    connection.loop = at;
    try {
      connection.port().moveTo(at, socket, connection);
    } catch (IOException e) {
      connection.die(
          ResetCode.CONNECTION_RESET,
          new Failure(CloseCause.RESOURCE_LIMIT, "loop " + at.name() + " can't watch it: " + e));
      return false;
    }
    connection.transport().onMoved();
    Mux mux = connection.mux;
    assert mux != null : connection;
    try {
      mux.onMoved();
    } catch (RuntimeException e) {
      fail(connection, e);
    }
    // What came meanwhile, an end above all, is known before a request is put on it.
    connection.lookForInput();
    return true;
  }

  private static void fail(Connection connection, RuntimeException problem) {
    connection.reportProblem("a mux failed when its connection changed loops", problem);
    connection.closeNow(CloseCause.INTERNAL_ERROR);
  }
}
