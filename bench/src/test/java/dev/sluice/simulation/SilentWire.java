package dev.sluice.simulation;

import dev.sluice.core.testkit.ScriptedPeer;
import org.jspecify.annotations.Nullable;

/** An end that takes everything and says nothing. */
final class SilentWire implements Wire {
  private final ScriptedPeer socket;

  SilentWire(ScriptedPeer socket, Handler handler) {
    this.socket = socket;
    socket.onBytes((from, bytes) -> {});
    socket.onEnd(
        from -> {
          handler.onEnd(!from.wasReset());
          from.close();
        });
  }

  @Override
  public void send(byte[] plain) {
    throw new UnsupportedOperationException("it never was ready");
  }

  @Override
  public void endOutput() {
    socket.shutdownOutput();
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public void closeNow() {
    socket.closeNow();
  }

  @Override
  public void resetWhenSent() {
    socket.reset();
  }

  @Override
  public void stopReading() {
    socket.stopReading();
  }

  @Override
  public boolean connected() {
    return socket.connected();
  }

  @Override
  public boolean over() {
    return socket.closed();
  }

  @Override
  public @Nullable String protocol() {
    return null;
  }
}
