package dev.sluice.simulation;

import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.peers.H2Peer;
import dev.sluice.peers.H2Peer.Field;
import dev.sluice.simulation.Exchange.ClientTurn;
import dev.sluice.simulation.Exchange.Framing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An h2 client: sends its requests, several beside each other, on one connection after the other.
 * What it has begun to send it never sends again.
 */
final class SimH2Client {
  private static final long HUNG_NANOS = 300_000_000_000L;
  private static final int CONNECTS_MAX = 4;

  private final EngineRun run;
  private final RunPlan.Client plan;
  private final String name;
  private final ArrayDeque<Exchange> todo;
  private int connects;
  private int fruitless;

  SimH2Client(EngineRun run, RunPlan.Client plan, String name) {
    this.run = run;
    this.plan = plan;
    this.name = name;
    this.todo = new ArrayDeque<>(plan.exchanges());
  }

  void start() {
    run.simulation().network().schedule(plan.startNanos(), this::connect);
  }

  private void connect() {
    if (todo.isEmpty() || fruitless >= CONNECTS_MAX) {
      return;
    }
    boolean dud = plan.dud() && connects == 0;
    connects++;
    fruitless++;
    new Link(name + "." + connects, dud).open();
  }

  /** One connection. */
  private final class Link implements Wire.Handler, H2Peer.Events {
    private final String label;
    private final boolean dud;
    private final Map<Integer, Exchange> inFlight = new LinkedHashMap<>();
    private final H2Peer peer = new H2Peer(false, this::say, this);
    private @Nullable Wire wire;
    private int nextStream = 1;
    private boolean silent;
    private boolean outputEnded;
    private boolean drained;
    private boolean over;

    Link(String label, boolean dud) {
      this.label = label;
      this.dud = dud;
    }

    void open() {
      if (dud) {
        run.faults().client();
      }
      Wire made = run.wires().client(plan, label, dud, this);
      wire = made;
      run.simulation()
          .network()
          .schedule(
              HUNG_NANOS,
              () -> {
                if (!over) {
                  if (made.connected() && !inFlight.isEmpty()) {
                    run.fault(label + " hangs with " + inFlight.values());
                  }
                  made.closeNow();
                  over();
                }
              });
    }

    private void say(byte[] bytes) {
      Wire to = wire;
      if (to != null && !to.over() && !over && !outputEnded) {
        to.send(bytes);
      }
    }

    @Override
    public void onReady(Wire ready) {
      wire = ready;
      peer.start();
      pump();
    }

    private void pump() {
      while (!over && !silent && !drained && inFlight.size() < plan.depth() && !todo.isEmpty()) {
        begin(todo.remove());
      }
    }

    private void begin(Exchange exchange) {
      fruitless = 0;
      exchange.begun = true;
      exchange.connection = label;
      int stream = nextStream;
      nextStream += 2;
      inFlight.put(stream, exchange);
      ClientTurn turn = exchange.clientTurn;
      if (turn.isFault()) {
        run.faults().client();
      }
      switch (turn) {
        case NONE -> sendAsItComes(stream, exchange);
        case RESET_IN_REQUEST -> {
          sendPart(stream, exchange);
          cut(stream, exchange);
        }
        case CLOSE_AFTER_REQUEST -> {
          sendWhole(stream, exchange);
          leaveAll(false);
        }
        case RESET_AFTER_REQUEST -> {
          sendWhole(stream, exchange);
          later(run.plan().random().nextLong(30_000_000L), () -> cut(stream, exchange));
        }
        case RESET_IN_ANSWER -> sendWhole(stream, exchange);
        case STALL -> sendPart(stream, exchange);
        case HALF_CLOSE -> {
          sendWhole(stream, exchange);
          halfClose(exchange);
        }
      }
    }

    private void halfClose(Exchange exchange) {
      Wire to = wire;
      // Other requests would not be whole, nor one that waits for credit. From here on no credit is
      // given, nor SETTINGS
      // acknowledged: the answers are small and come soon enough to do without.
      if (to != null
          && inFlight.size() == 1
          && exchange.requestBytes <= EngineRun.WINDOW_BYTES_MIN / 2) {
        silent = true;
        // What is said while something is being read goes out behind it.
        later(
            0,
            () -> {
              outputEnded = true;
              to.endOutput();
            });
      }
    }

    /** The whole request, now and then in two parts with time between. */
    private void sendAsItComes(int stream, Exchange exchange) {
      if (exchange.requestBytes == 0 || run.plan().random().nextInt(6) > 0) {
        sendWhole(stream, exchange);
        return;
      }
      sendPart(stream, exchange);
      byte[] content = exchange.requestContent();
      later(
          run.plan().random().nextLong(40_000_000L),
          () ->
              peer.content(
                  stream, Arrays.copyOfRange(content, content.length / 2, content.length), true));
    }

    private void sendWhole(int stream, Exchange exchange) {
      boolean empty = exchange.requestBytes == 0;
      peer.fields(stream, empty, head(exchange));
      if (!empty) {
        peer.content(stream, exchange.requestContent(), true);
      }
    }

    private void sendPart(int stream, Exchange exchange) {
      peer.fields(stream, false, head(exchange));
      byte[] content = exchange.requestContent();
      peer.content(stream, Arrays.copyOf(content, content.length / 2), false);
    }

    private List<Field> head(Exchange exchange) {
      List<Field> fields =
          new ArrayList<>(
              Field.list(
                  ":method",
                  exchange.method,
                  ":scheme",
                  plan.secure() ? "https" : "http",
                  ":authority",
                  "example.org",
                  ":path",
                  exchange.path()));
      if (exchange.method.startsWith("P") && exchange.requestFraming == Framing.LENGTH) {
        fields.add(new Field("content-length", Integer.toString(exchange.requestBytes)));
      }
      return fields;
    }

    /** Gives up a stream, or now and then the whole connection. */
    private void cut(int stream, Exchange exchange) {
      if (!inFlight.containsKey(stream)) {
        return;
      }
      if (run.plan().random().nextInt(3) == 0) {
        leaveAll(true);
        return;
      }
      exchange.left = true;
      inFlight.remove(stream);
      peer.reset(stream, H2ErrorCode.CANCEL);
      next();
    }

    private void leaveAll(boolean byReset) {
      for (Exchange exchange : inFlight.values()) {
        exchange.left = true;
      }
      inFlight.clear();
      Wire to = wire;
      if (to != null && byReset) {
        to.resetWhenSent();
      } else if (to != null) {
        to.close();
      }
      over();
    }

    private void later(long nanos, Runnable action) {
      run.simulation()
          .network()
          .schedule(
              nanos,
              () -> {
                if (!over) {
                  action.run();
                }
              });
    }

    @Override
    public void onPlain(byte[] bytes) {
      if (over) {
        return;
      }
      peer.feed(bytes);
      if (!peer.malformed().isEmpty()) {
        run.fault(label + " got something that is no h2: " + peer.malformed());
      }
    }

    @Override
    public void onFields(int stream, List<Field> fields, boolean end) {
      Exchange exchange = inFlight.get(stream);
      if (exchange == null) {
        return;
      }
      if (exchange.clientTurn == ClientTurn.RESET_IN_ANSWER) {
        cut(stream, exchange);
        return;
      }
      String status = Field.of(fields, ":status");
      if (!status.isEmpty()) {
        exchange.status = Integer.parseInt(status);
      }
      if (end) {
        complete(stream, exchange);
      }
    }

    @Override
    public void onContent(int stream, byte[] content, boolean end) {
      Exchange exchange = inFlight.get(stream);
      if (exchange != null) {
        exchange.onContent(content);
        if (end) {
          complete(stream, exchange);
        }
      }
    }

    private void complete(int stream, Exchange exchange) {
      inFlight.remove(stream);
      exchange.onComplete();
      next();
    }

    @Override
    public void onReset(int stream, H2ErrorCode code) {
      Exchange exchange = inFlight.remove(stream);
      if (exchange != null) {
        exchange.lost = true;
        run.onLost(List.of(exchange), false, false);
        next();
      }
    }

    @Override
    public void onGoAway(int last, H2ErrorCode code) {
      drained = true;
      List<Exchange> refused = new ArrayList<>();
      inFlight.forEach(
          (stream, exchange) -> {
            if (stream > last) {
              refused.add(exchange);
            }
          });
      inFlight.values().removeAll(refused);
      lose(refused);
      next();
    }

    /** These were never processed, and the client may not send them again here. */
    private void lose(List<Exchange> exchanges) {
      for (Exchange exchange : exchanges) {
        exchange.lost = true;
      }
      if (!exchanges.isEmpty()) {
        run.onLost(exchanges, true, true);
      }
    }

    private void next() {
      Wire to = wire;
      if (to != null && !over && inFlight.isEmpty() && (drained || todo.isEmpty())) {
        if (drained || run.plan().random().nextInt(8) > 0) {
          to.close();
          over();
        }
        return;
      }
      pump();
    }

    @Override
    public void onEnd(boolean clean) {
      over();
    }

    private void over() {
      if (over) {
        return;
      }
      over = true;
      for (Exchange exchange : inFlight.values()) {
        exchange.lost = true;
        run.onLost(List.of(exchange), false, false);
      }
      inFlight.clear();
      run.simulation()
          .network()
          .schedule(run.plan().random().nextLong(20_000_000L), SimH2Client.this::connect);
    }
  }
}
