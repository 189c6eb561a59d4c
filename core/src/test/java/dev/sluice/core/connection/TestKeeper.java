package dev.sluice.core.connection;

import dev.sluice.core.mux.Mux;
import dev.sluice.core.observe.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A keeper that takes connections idle, and notes what it is told. */
final class TestKeeper implements ConnectionKeeper {
  final List<String> heard = new ArrayList<>();
  @Nullable Failure closed;

  /** Called at the end, to see what the owner has been told by then. */
  Runnable onClosed = () -> {};

  @Override
  public void onReady(Connection connection) {
    heard.add("ready");
    settle(connection);
  }

  @Override
  public void onCapacityChanged(Connection connection) {
    heard.add("capacity");
    settle(connection);
  }

  @Override
  public void onClosed(Connection connection, Failure failure) {
    assert closed == null : "closed twice";
    heard.add("closed");
    closed = failure;
    onClosed.run();
  }

  private static void settle(Connection connection) {
    Mux mux = connection.mux();
    if (mux != null && mux.openStreams() == 0 && connection.usable()) {
      connection.becomeIdle();
    }
  }
}
