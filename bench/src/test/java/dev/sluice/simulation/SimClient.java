package dev.sluice.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.simulation.Exchange.ClientTurn;
import dev.sluice.simulation.Exchange.Framing;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An h1 client: sends its requests, several at a time if it pipelines, on one connection after the
 * other. What it has begun to send it never sends again.
 */
final class SimClient {
  private static final long HUNG_NANOS = 300_000_000_000L;
  private static final int CONNECTS_MAX = 4;

  private final EngineRun run;
  private final RunPlan.Client plan;
  private final String name;
  private final ArrayDeque<Exchange> todo;
  private int connects;
  private int fruitless;

  SimClient(EngineRun run, RunPlan.Client plan, String name) {
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
  private final class Link implements Wire.Handler, H1Reader.Events {
    private final String label;
    private final boolean dud;
    private final H1Reader reader = new H1Reader(this);
    private final ArrayDeque<Exchange> inFlight = new ArrayDeque<>();
    private @Nullable Wire wire;
    private boolean silent;
    private boolean lastAnnounced;
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
                    run.fault(label + " hangs with " + inFlight);
                  }
                  made.closeNow();
                  over(false);
                }
              });
    }

    @Override
    public void onReady(Wire ready) {
      wire = ready;
      pump();
    }

    private void pump() {
      Wire to = wire;
      while (to != null
          && !to.over()
          && !silent
          && !lastAnnounced
          && inFlight.size() < plan.depth()
          && !todo.isEmpty()) {
        begin(to, todo.remove());
      }
    }

    private void begin(Wire to, Exchange exchange) {
      fruitless = 0;
      exchange.begun = true;
      exchange.connection = label;
      inFlight.add(exchange);
      byte[] request = request(exchange);
      ClientTurn turn = exchange.clientTurn;
      if (turn.isFault()) {
        run.faults().client();
      }
      silent = turn != ClientTurn.NONE;
      switch (turn) {
        case NONE -> sendAsItComes(to, request);
        case RESET_IN_REQUEST -> {
          to.send(Arrays.copyOf(request, 1 + request.length * 2 / 3));
          to.resetWhenSent();
          leave();
        }
        case CLOSE_AFTER_REQUEST -> {
          to.send(request);
          to.close();
          leave();
        }
        case RESET_AFTER_REQUEST -> {
          to.send(request);
          later(
              run.plan().random().nextLong(30_000_000L),
              () -> {
                to.resetWhenSent();
                leave();
              });
        }
        case RESET_IN_ANSWER -> to.send(request);
        case STALL -> to.send(Arrays.copyOf(request, 1 + request.length / 2));
        case HALF_CLOSE -> {
          to.send(request);
          to.endOutput();
        }
      }
    }

    /** The whole request, now and then in two parts with time between. */
    private void sendAsItComes(Wire to, byte[] request) {
      if (run.plan().random().nextInt(6) > 0) {
        to.send(request);
        return;
      }
      int cut = 1 + run.plan().random().nextInt(request.length);
      to.send(Arrays.copyOf(request, cut));
      silent = true;
      later(
          run.plan().random().nextLong(40_000_000L),
          () -> {
            silent = false;
            to.send(Arrays.copyOfRange(request, cut, request.length));
            pump();
          });
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

    /** The client gives up what is under way. */
    private void leave() {
      for (Exchange exchange : inFlight) {
        exchange.left = true;
      }
      inFlight.clear();
      over(true);
    }

    @Override
    public void onPlain(byte[] bytes) {
      if (over) {
        return;
      }
      Exchange first = inFlight.peek();
      if (first != null && first.clientTurn == ClientTurn.RESET_IN_ANSWER) {
        Wire to = wire;
        if (to != null) {
          to.resetWhenSent();
        }
        leave();
        return;
      }
      reader.feed(bytes);
      if (!reader.malformed().isEmpty()) {
        run.fault(label + " got a malformed answer: " + reader.malformed());
      }
    }

    @Override
    public H1Reader.Unframed onHead(String startLine, Map<String, String> fields) {
      Exchange exchange = inFlight.peek();
      String[] words = startLine.split(" ", 3);
      if (words.length < 2 || !words[0].equals("HTTP/1.1")) {
        run.fault(label + " got no status line: " + startLine);
        return H1Reader.Unframed.NEVER_CONTENT;
      }
      if (exchange == null) {
        // A keep-alive timeout, or a refusal of what isn't HTTP, may be told unasked.
        if (!words[1].equals("408") && !words[1].equals("400") && !run.faults().isEnding()) {
          run.fault(label + " got an answer to nothing: " + startLine);
        }
        return H1Reader.Unframed.UNTIL_END;
      }
      exchange.status = Integer.parseInt(words[1]);
      lastAnnounced |= "close".equalsIgnoreCase(fields.get("connection"));
      return exchange.isHead() ? H1Reader.Unframed.NEVER_CONTENT : H1Reader.Unframed.UNTIL_END;
    }

    @Override
    public void onContent(byte[] piece) {
      Exchange exchange = inFlight.peek();
      if (exchange != null) {
        exchange.onContent(piece);
      }
    }

    @Override
    public void onMessageEnd() {
      Exchange exchange = inFlight.poll();
      if (exchange == null) {
        return;
      }
      exchange.onComplete();
      Wire to = wire;
      if (to != null && (lastAnnounced || (todo.isEmpty() && inFlight.isEmpty()))) {
        if (lastAnnounced || run.plan().random().nextInt(8) > 0) {
          to.close();
          over(true);
        }
        return;
      }
      pump();
    }

    @Override
    public void onEnd(boolean clean) {
      if (clean) {
        reader.ended();
      }
      over(clean);
    }

    private void over(boolean clean) {
      if (over) {
        return;
      }
      over = true;
      reader.stop();
      List<Exchange> lost = new ArrayList<>(inFlight);
      inFlight.clear();
      for (Exchange exchange : lost) {
        exchange.lost = true;
      }
      if (!lost.isEmpty()) {
        run.onLost(lost, lastAnnounced, clean);
      }
      run.simulation()
          .network()
          .schedule(run.plan().random().nextLong(20_000_000L), SimClient.this::connect);
    }
  }

  private static byte[] request(Exchange exchange) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder head =
        new StringBuilder(exchange.method)
            .append(' ')
            .append(exchange.path())
            .append(" HTTP/1.1\r\nHost: example.org\r\n");
    boolean content = exchange.method.startsWith("P");
    if (content) {
      head.append(
          exchange.requestFraming == Framing.CHUNKED
              ? "Transfer-Encoding: chunked\r\n"
              : "Content-Length: " + exchange.requestBytes + "\r\n");
    }
    out.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
    if (content) {
      H1Text.content(out, exchange.requestFraming, exchange.requestContent());
    }
    return out.toByteArray();
  }
}
