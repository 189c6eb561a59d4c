package dev.sluice.simulation;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.testkit.mux.TestMuxPeer;
import dev.sluice.simulation.Exchange.ServerTurn;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** An origin's connection with the test mux's protocol. */
final class MuxServing implements SimOrigin.Serving, TestMuxPeer.Events {
  private final EngineRun run;
  private final Wire wire;
  private final TestMuxPeer peer;
  private final Map<Integer, Arrival> live = new LinkedHashMap<>();
  private boolean served;

  private static final class Arrival {
    final Exchange exchange;
    int received;

    Arrival(Exchange exchange) {
      this.exchange = exchange;
    }
  }

  MuxServing(EngineRun run, Wire wire) {
    this.run = run;
    this.wire = wire;
    this.peer = new TestMuxPeer(true, true, 3, wire::send, this);
    peer.start();
  }

  @Override
  public void onPlain(byte[] bytes) {
    peer.onBytes(bytes);
    if (peer.malformed()) {
      run.fault("an origin got a malformed frame");
    }
  }

  @Override
  public void onEnd() {
    live.clear();
  }

  @Override
  public boolean idle() {
    return served && live.isEmpty();
  }

  @Override
  public void onRequest(int stream, RequestHead head, boolean end) {
    String path = Objects.requireNonNull(head.path());
    Exchange exchange = run.exchange(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
    exchange.arrivals++;
    live.put(stream, new Arrival(exchange));
    if (end) {
      onWhole(stream);
    }
  }

  @Override
  public void onResponse(int stream, ResponseHead head, boolean end) {
    throw new AssertionError("a server got a response");
  }

  @Override
  public void onData(int stream, byte[] data, boolean end) {
    Arrival arrival = live.get(stream);
    if (arrival == null) {
      return;
    }
    arrival.exchange.arrivedSound &= arrival.exchange.isRequestContent(arrival.received, data);
    arrival.received += data.length;
    if (end) {
      onWhole(stream);
    }
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    onWhole(stream);
  }

  @Override
  public void onReset(int stream, ResetCode code) {
    live.remove(stream);
    served = true;
  }

  @Override
  public void onDrain() {
    // A client never says so.
  }

  private void onWhole(int stream) {
    Arrival arrival = live.get(stream);
    if (arrival == null) {
      return;
    }
    Exchange exchange = arrival.exchange;
    exchange.arrivedSound &= arrival.received == exchange.requestBytes;
    run.simulation()
        .network()
        .schedule(
            exchange.thinkNanos,
            () -> {
              if (!wire.over() && live.get(stream) == arrival) {
                answer(stream, exchange);
              }
            });
  }

  private void answer(int stream, Exchange exchange) {
    ServerTurn turn = exchange.takeServerTurn();
    if (turn.isFault() && turn != ServerTurn.DEAF) {
      run.faults().trouble(exchange);
    }
    boolean empty = exchange.responseBytes == 0 || exchange.isHead();
    switch (turn) {
      case RESET -> peer.reset(stream, ResetCode.INTERNAL_ERROR);
      case CLOSE -> troubleAll(false);
      case RESET_IN_CONTENT, CLOSE_IN_CONTENT -> {
        if (!empty) {
          peer.response(stream, 200, false);
        }
        peer.reset(stream, ResetCode.INTERNAL_ERROR);
      }
      case SILENCE -> {
        return;
      }
      case GARBAGE -> {
        peer.nonsense();
        troubleAll(true);
      }
      case NONE, LAST_ONE, DEAF -> {
        peer.response(stream, 200, empty);
        if (!empty) {
          peer.data(stream, exchange.responseContent(), true);
        }
        if (turn == ServerTurn.LAST_ONE) {
          peer.drain();
        }
      }
    }
    live.remove(stream);
    served = true;
  }

  /** The connection ends, for all of its streams. */
  private void troubleAll(boolean byUs) {
    for (Arrival other : live.values()) {
      run.faults().trouble(other.exchange);
    }
    run.faults().trouble(Kind.MULTI);
    if (!byUs) {
      wire.close();
    }
  }
}
