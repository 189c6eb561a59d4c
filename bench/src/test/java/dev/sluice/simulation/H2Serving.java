package dev.sluice.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Settings;
import dev.sluice.peers.H2Peer;
import dev.sluice.peers.H2Peer.Field;
import dev.sluice.simulation.Exchange.Framing;
import dev.sluice.simulation.Exchange.ServerTurn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An origin's h2 connection: requests beside each other, answered as planned. */
final class H2Serving implements SimOrigin.Serving, H2Peer.Events {
  private static final int STREAMS_MAX = 3;

  private final EngineRun run;
  private final Kind kind;
  private final Wire wire;
  private final H2Peer peer;
  private final Map<Integer, Arrival> live = new LinkedHashMap<>();
  private boolean served;

  private static final class Arrival {
    final Exchange exchange;
    int received;

    Arrival(Exchange exchange) {
      this.exchange = exchange;
    }
  }

  H2Serving(EngineRun run, Kind kind, Wire wire) {
    this.run = run;
    this.kind = kind;
    this.wire = wire;
    this.peer = new H2Peer(true, wire::send, this);
    peer.padding(run.plan().lentSteps * 3);
    peer.start(Settings.MAX_CONCURRENT_STREAMS, STREAMS_MAX);
  }

  @Override
  public void onPlain(byte[] bytes) {
    peer.feed(bytes);
    if (!peer.malformed().isEmpty()) {
      run.fault("an origin got something that is no h2: " + peer.malformed());
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
  public void onFields(int stream, List<Field> fields, boolean end) {
    if (live.containsKey(stream)) {
      onWhole(stream);
      return;
    }
    String path = Field.of(fields, ":path");
    Exchange exchange = run.exchange(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
    exchange.arrivals++;
    if (!Field.of(fields, ":method").equals(exchange.method)) {
      run.fault("another method arrived: " + fields);
    }
    live.put(stream, new Arrival(exchange));
    if (exchange.serverTurn == ServerTurn.DEAF && exchange.takeServerTurn() == ServerTurn.DEAF) {
      // RFC 9113 8.1: the answer is whole, and the rest of the request is not wanted.
      respond(stream, exchange);
      if (exchange.responseBytes < EngineRun.WINDOW_BYTES_MIN / 2) {
        // Nothing of the answer waits for credit, which a reset would drop.
        peer.reset(stream, H2ErrorCode.NO_ERROR);
      }
      over(stream);
    } else if (end) {
      onWhole(stream);
    }
  }

  @Override
  public void onContent(int stream, byte[] content, boolean end) {
    Arrival arrival = live.get(stream);
    if (arrival == null) {
      return;
    }
    arrival.exchange.arrivedSound &= arrival.exchange.isRequestContent(arrival.received, content);
    arrival.received += content.length;
    if (end) {
      onWhole(stream);
    }
  }

  @Override
  public void onReset(int stream, H2ErrorCode code) {
    over(stream);
  }

  private void over(int stream) {
    served |= live.remove(stream) != null;
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
    if (turn.isFault()) {
      run.faults().trouble(exchange);
    }
    switch (turn) {
      case RESET -> peer.reset(stream, H2ErrorCode.INTERNAL_ERROR);
      case CLOSE -> {
        troubleAll();
        wire.close();
      }
      case RESET_IN_CONTENT, CLOSE_IN_CONTENT -> {
        if (exchange.responseBytes > 0 && !exchange.isHead()) {
          peer.fields(stream, false, head(exchange));
          byte[] content = exchange.responseContent();
          peer.content(stream, Arrays.copyOf(content, content.length / 2), false);
        }
        peer.reset(stream, H2ErrorCode.INTERNAL_ERROR);
      }
      case SILENCE -> {
        return;
      }
      case GARBAGE -> {
        troubleAll();
        peer.raw("+OK POP3 server ready\r\n\r\n".getBytes(ISO_8859_1));
      }
      case NONE, DEAF -> respond(stream, exchange);
      case LAST_ONE -> {
        respond(stream, exchange);
        // Those that are on their way are still answered.
        peer.goAway(Integer.MAX_VALUE, H2ErrorCode.NO_ERROR);
      }
    }
    over(stream);
  }

  private void respond(int stream, Exchange exchange) {
    boolean empty = exchange.responseBytes == 0 || exchange.isHead();
    peer.fields(stream, empty, head(exchange));
    if (!empty) {
      peer.content(stream, exchange.responseContent(), true);
    }
  }

  private static List<Field> head(Exchange exchange) {
    List<Field> fields = new ArrayList<>(Field.list(":status", "200"));
    if (exchange.responseFraming == Framing.LENGTH) {
      fields.add(new Field("content-length", Integer.toString(exchange.responseBytes)));
    }
    return fields;
  }

  /** The connection ends, for all of its streams. */
  private void troubleAll() {
    for (Arrival other : live.values()) {
      run.faults().trouble(other.exchange);
    }
    run.faults().trouble(kind);
  }
}
