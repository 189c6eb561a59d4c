package dev.sluice.simulation;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.handshake.SimHandshakePeer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A clear wire, or one with the simulated handshake. */
final class SimWire implements Wire, SimHandshakePeer.PlainHandler {
  private final Handler handler;
  private @Nullable SimHandshakePeer peer;

  private SimWire(Handler handler) {
    this.handler = handler;
  }

  static SimWire server(
      Simulation simulation, ScriptedPeer socket, PeerScript script, Handler handler) {
    SimWire wire = new SimWire(handler);
    wire.peer = SimHandshakePeer.server(simulation, socket, script, wire);
    return wire;
  }

  static SimWire client(
      Simulation simulation,
      ScriptedPeer socket,
      PeerScript script,
      List<String> offers,
      Handler handler) {
    SimWire wire = new SimWire(handler);
    wire.peer = SimHandshakePeer.client(simulation, socket, script, offers, Kind.HOST, wire);
    return wire;
  }

  private SimHandshakePeer peer() {
    return Objects.requireNonNull(peer);
  }

  @Override
  public void onReady(SimHandshakePeer ready) {
    peer = ready;
    handler.onReady(this);
  }

  @Override
  public void onPlain(SimHandshakePeer from, byte[] bytes) {
    handler.onPlain(bytes);
  }

  @Override
  public void onEnd(SimHandshakePeer over) {
    peer = over;
    handler.onEnd(!over.wire().wasReset() && !over.wire().refused());
  }

  @Override
  public void send(byte[] plain) {
    peer().send(plain);
  }

  @Override
  public void endOutput() {
    peer().wire().shutdownOutput();
  }

  @Override
  public void close() {
    peer().close();
  }

  @Override
  public void closeNow() {
    peer().closeNow();
  }

  @Override
  public void resetWhenSent() {
    if (!over()) {
      peer().wire().reset();
    }
  }

  @Override
  public void stopReading() {
    peer().wire().stopReading();
  }

  @Override
  public boolean connected() {
    return peer().wire().connected();
  }

  @Override
  public boolean over() {
    return peer().over();
  }

  @Override
  public @Nullable String protocol() {
    return peer().protocol();
  }
}
