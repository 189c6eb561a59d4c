package dev.sluice.core.testkit.engine;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.testkit.PatternBytes;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.handshake.SimHandshakePeer;
import dev.sluice.core.testkit.mux.TestMuxPeer;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A scripted client of the test protocol, with one connection. Requests are sent as soon as the
 * connection and the protocol allow it.
 */
public final class TestClient implements SimHandshakePeer.PlainHandler, TestMuxPeer.Events {
  private final ArrayDeque<ClientExchange> waiting = new ArrayDeque<>();
  private final Map<Integer, ClientExchange> live = new LinkedHashMap<>();
  private final List<ClientExchange> exchanges = new ArrayList<>();
  private final boolean multiplexes;
  private final SimHandshakePeer wire;
  private @Nullable TestMuxPeer peer;
  private boolean drained;

  private TestClient(
      Simulation simulation,
      String name,
      InetSocketAddress address,
      PeerScript script,
      boolean multiplexes) {
    this.multiplexes = multiplexes;
    String protocol = multiplexes ? TestMuxProvider.MULTI : TestMuxProvider.SINGLE;
    ScriptedPeer socket = ScriptedPeer.connect(simulation, name, address);
    this.wire =
        SimHandshakePeer.client(
            simulation, socket, script, List.of(protocol), "test.example", this);
  }

  /** A clear client of one stream after the other. */
  public static TestClient clear(Simulation simulation, String name, InetSocketAddress address) {
    return connect(simulation, name, address, PeerScript.clear(), false);
  }

  /** A client. */
  public static TestClient connect(
      Simulation simulation,
      String name,
      InetSocketAddress address,
      PeerScript script,
      boolean multiplexes) {
    return new TestClient(simulation, name, address, script, multiplexes);
  }

  /** Asks for so many bytes. */
  public ClientExchange get(long seed, int responseBytes) {
    return ask("GET", seed, 0, responseBytes);
  }

  /** Sends so many bytes, and asks for so many. */
  public ClientExchange post(long seed, int requestBytes, int responseBytes) {
    return ask("POST", seed, requestBytes, responseBytes);
  }

  /** Any request. */
  public ClientExchange ask(String method, long seed, int requestBytes, int responseBytes) {
    ClientExchange exchange = new ClientExchange(method, seed, requestBytes, responseBytes);
    exchanges.add(exchange);
    if (wire.over() || drained) {
      exchange.lost = true;
    } else {
      waiting.add(exchange);
      sendWaiting();
    }
    return exchange;
  }

  /** Gives a request up: cuts its stream where that is possible, else the connection. */
  public void leave(ClientExchange exchange) {
    if (exchange.over()) {
      return;
    }
    exchange.left = true;
    waiting.remove(exchange);
    TestMuxPeer frames = peer;
    if (!exchange.sent || frames == null) {
      return;
    }
    live.remove(exchange.stream);
    frames.reset(exchange.stream, ResetCode.CANCEL);
    sendWaiting();
  }

  /** Closes cleanly once everything is sent. */
  public void close() {
    wire.close();
    onEnd(wire);
  }

  /** Closes at once. */
  public void closeNow() {
    wire.closeNow();
    onEnd(wire);
  }

  /** Resets the connection. */
  public void reset() {
    wire.reset();
    onEnd(wire);
  }

  /** The handshake's end of it. */
  public SimHandshakePeer wire() {
    return wire;
  }

  /** All requests, in the order in which they were asked. */
  public List<ClientExchange> exchanges() {
    return List.copyOf(exchanges);
  }

  /** The frames, once there is a connection. */
  public @Nullable TestMuxPeer peer() {
    return peer;
  }

  private void sendWaiting() {
    TestMuxPeer frames = peer;
    int most = multiplexes ? 8 : 1;
    while (frames != null && live.size() < most && !waiting.isEmpty()) {
      ClientExchange next = waiting.remove();
      next.sent = true;
      String path = OriginRequest.path(next.seed, next.responseBytes);
      next.stream = frames.request(next.method, path, next.requestBytes == 0);
      live.put(next.stream, next);
      if (next.requestBytes > 0) {
        frames.data(next.stream, PatternBytes.of(next.seed, next.requestBytes), true);
      }
    }
  }

  @Override
  public void onReady(SimHandshakePeer ready) {
    TestMuxPeer made = new TestMuxPeer(false, multiplexes, 0, ready::send, this);
    peer = made;
    made.start();
    sendWaiting();
  }

  @Override
  public void onPlain(SimHandshakePeer from, byte[] bytes) {
    TestMuxPeer frames = peer;
    if (frames != null) {
      frames.onBytes(bytes);
      if (frames.malformed()) {
        throw new AssertionError("malformed bytes came to " + wire.wire().name());
      }
    }
  }

  @Override
  public void onEnd(SimHandshakePeer over) {
    for (ClientExchange exchange : exchanges) {
      if (!exchange.over()) {
        exchange.lost = true;
      }
    }
    live.clear();
    waiting.clear();
  }

  @Override
  public void onRequest(int stream, RequestHead head, boolean end) {
    throw new AssertionError("a client got a request");
  }

  @Override
  public void onResponse(int stream, ResponseHead head, boolean end) {
    ClientExchange exchange = live.get(stream);
    if (exchange != null && !head.isInformational()) {
      exchange.status = head.status();
      if (end) {
        exchange.onComplete();
        done(exchange);
      }
    }
  }

  @Override
  public void onData(int stream, byte[] data, boolean end) {
    ClientExchange exchange = live.get(stream);
    if (exchange != null) {
      exchange.onData(data, end);
      if (end) {
        done(exchange);
      }
    }
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    ClientExchange exchange = live.get(stream);
    if (exchange != null) {
      exchange.onComplete();
      done(exchange);
    }
  }

  @Override
  public void onReset(int stream, ResetCode code) {
    ClientExchange exchange = live.get(stream);
    if (exchange != null) {
      exchange.resetCode = code;
      exchange.lost = !exchange.complete;
      done(exchange);
    }
  }

  @Override
  public void onDrain() {
    drained = true;
    for (ClientExchange exchange : waiting) {
      exchange.lost = true;
    }
    waiting.clear();
  }

  private void done(ClientExchange exchange) {
    live.remove(exchange.stream);
    sendWaiting();
  }
}
