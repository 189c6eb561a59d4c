package dev.sluice.core.testkit.engine;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.handshake.SimHandshakePeer;
import dev.sluice.core.testkit.mux.TestMuxPeer;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One connection that an origin has accepted. */
public final class OriginConnection implements SimHandshakePeer.PlainHandler, TestMuxPeer.Events {
  private final Simulation simulation;
  private final TestOrigin origin;
  private final OriginPlan plan;
  private final int number;
  private final Map<Integer, OriginRequest> live = new LinkedHashMap<>();
  private final List<OriginRequest> requests = new ArrayList<>();
  private final SimHandshakePeer wire;
  private @Nullable TestMuxPeer peer;

  OriginConnection(
      Simulation simulation, TestOrigin origin, int number, ScriptedPeer socket, OriginPlan plan) {
    this.simulation = simulation;
    this.origin = origin;
    this.number = number;
    this.plan = plan;
    this.wire = SimHandshakePeer.server(simulation, socket, plan.script(), this);
  }

  Simulation simulation() {
    return simulation;
  }

  /** Its number among those of the origin, from 0. */
  public int number() {
    return number;
  }

  /** The handshake's end of it. */
  public SimHandshakePeer wire() {
    return wire;
  }

  /** The frames of it; there are none before the handshake is done. */
  public TestMuxPeer peer() {
    return Objects.requireNonNull(peer, "the handshake is not done");
  }

  /** Whether the handshake is done. */
  public boolean ready() {
    return peer != null;
  }

  /** Whether it is over. */
  public boolean over() {
    return wire.over();
  }

  /** The requests that came on it. */
  public List<OriginRequest> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void onReady(SimHandshakePeer ready) {
    String agreed = ready.protocol();
    boolean multiplexes =
        agreed == null ? plan.multiplexes() : agreed.equals(TestMuxProvider.MULTI);
    TestMuxPeer made =
        new TestMuxPeer(true, multiplexes, multiplexes ? plan.streamsMax() : 1, ready::send, this);
    peer = made;
    if (plan.settingsDelayNanos() == 0) {
      made.start();
    } else {
      simulation.network().schedule(plan.settingsDelayNanos(), made::start);
    }
  }

  @Override
  public void onPlain(SimHandshakePeer from, byte[] bytes) {
    peer().onBytes(bytes);
  }

  @Override
  public void onEnd(SimHandshakePeer over) {
    for (OriginRequest request : live.values()) {
      request.onCut();
    }
    live.clear();
  }

  @Override
  public void onRequest(int stream, RequestHead head, boolean end) {
    OriginRequest request =
        new OriginRequest(
            this, stream, head.methodName(), Objects.requireNonNullElse(head.path(), "/"));
    requests.add(request);
    origin.onRequest(request);
    live.put(stream, request);
    plan.answer().accept(request);
    if (end) {
      request.onComplete();
    }
  }

  @Override
  public void onResponse(int stream, ResponseHead head, boolean end) {
    throw new AssertionError("a server got a response");
  }

  @Override
  public void onData(int stream, byte[] data, boolean end) {
    OriginRequest request = live.get(stream);
    if (request != null) {
      request.onData(data, end);
    }
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    OriginRequest request = live.get(stream);
    if (request != null) {
      request.onComplete();
    }
  }

  @Override
  public void onReset(int stream, ResetCode code) {
    OriginRequest request = live.remove(stream);
    if (request != null) {
      request.onCut();
    }
  }

  @Override
  public void onDrain() {
    // A client never says so.
  }
}
