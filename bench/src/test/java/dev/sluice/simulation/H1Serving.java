package dev.sluice.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.simulation.Exchange.Framing;
import dev.sluice.simulation.Exchange.ServerTurn;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An origin's h1 connection: one request after the other, answered as planned. */
final class H1Serving implements SimOrigin.Serving, H1Reader.Events {
  private static final Pattern START = Pattern.compile("[A-Z]+ /\\w+/(\\d+) .*", Pattern.DOTALL);

  private final EngineRun run;
  private final Wire wire;
  private final H1Reader reader = new H1Reader(this);
  private @Nullable Exchange current;
  private int received;
  private boolean answering;
  private boolean served;

  H1Serving(EngineRun run, Wire wire) {
    this.run = run;
    this.wire = wire;
  }

  @Override
  public void onPlain(byte[] bytes) {
    reader.feed(bytes);
    if (!reader.malformed().isEmpty()) {
      run.fault("an origin got a malformed request: " + reader.malformed());
    }
  }

  @Override
  public void onEnd() {
    Matcher matcher = START.matcher(reader.unfinishedHead());
    reader.stop();
    if (matcher.matches()) {
      run.exchange(Integer.parseInt(matcher.group(1))).arrivals++;
    }
  }

  @Override
  public boolean idle() {
    return served && current == null && reader.unfinishedHead().isEmpty();
  }

  @Override
  public H1Reader.Unframed onHead(String startLine, Map<String, String> fields) {
    Matcher matcher = START.matcher(startLine);
    if (!matcher.matches()) {
      throw new AssertionError("an origin got " + startLine);
    }
    if (current != null) {
      run.fault("a second request before the first was answered: " + startLine);
    }
    Exchange exchange = run.exchange(Integer.parseInt(matcher.group(1)));
    exchange.arrivals++;
    current = exchange;
    received = 0;
    answering = false;
    if (!startLine.startsWith(exchange.method + " ")) {
      run.fault("another method arrived: " + startLine);
    }
    if (exchange.serverTurn == ServerTurn.DEAF && exchange.takeServerTurn() == ServerTurn.DEAF) {
      // The answer is whole, so the connection may be used again: another request is not read.
      run.faults().trouble(exchange.kind);
      run.faults().trouble(exchange);
      answering = true;
      wire.stopReading();
      wire.send(response(exchange, Framing.LENGTH, false));
      reader.stop();
    }
    return H1Reader.Unframed.EMPTY;
  }

  @Override
  public void onContent(byte[] piece) {
    Exchange exchange = current;
    if (exchange != null) {
      exchange.arrivedSound &= exchange.isRequestContent(received, piece);
      received += piece.length;
    }
  }

  @Override
  public void onMessageEnd() {
    Exchange exchange = current;
    if (exchange == null) {
      return;
    }
    exchange.arrivedSound &= received == exchange.requestBytes;
    if (answering) {
      return;
    }
    answering = true;
    if (exchange.thinkNanos == 0) {
      answer(exchange);
    } else {
      run.simulation()
          .network()
          .schedule(
              exchange.thinkNanos,
              () -> {
                if (!wire.over()) {
                  answer(exchange);
                }
              });
    }
  }

  private void answer(Exchange exchange) {
    ServerTurn turn = exchange.takeServerTurn();
    if (turn.isFault()) {
      run.faults().trouble(exchange);
    }
    switch (turn) {
      case RESET -> wire.resetWhenSent();
      case CLOSE -> wire.close();
      case SILENCE -> {
        // Whoever waits has to end it.
      }
      case GARBAGE -> {
        wire.send("+OK POP3 server ready\r\n\r\n".getBytes(ISO_8859_1));
        wire.close();
      }
      case RESET_IN_CONTENT, CLOSE_IN_CONTENT -> {
        byte[] whole = response(exchange, exchange.responseFraming, false);
        int cut = Math.max(1, whole.length - 1 - exchange.responseBytes / 2);
        wire.send(java.util.Arrays.copyOf(whole, cut));
        if (turn == ServerTurn.RESET_IN_CONTENT) {
          wire.resetWhenSent();
        } else {
          wire.close();
        }
      }
      case NONE, LAST_ONE, DEAF -> {
        boolean last =
            turn == ServerTurn.LAST_ONE || exchange.responseFraming == Framing.UNTIL_CLOSE;
        current = null;
        served = true;
        wire.send(response(exchange, exchange.responseFraming, last));
        if (last) {
          wire.close();
        }
      }
    }
  }

  private static byte[] response(Exchange exchange, Framing framing, boolean last) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\n");
    switch (framing) {
      case LENGTH -> head.append("Content-Length: " + exchange.responseBytes + "\r\n");
      case CHUNKED -> head.append("Transfer-Encoding: chunked\r\n");
      case UNTIL_CLOSE -> {
        // The end of the connection tells.
      }
    }
    if (last) {
      head.append("Connection: close\r\n");
    }
    out.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
    if (!exchange.isHead()) {
      H1Text.content(out, framing, exchange.responseContent());
    }
    return out.toByteArray();
  }
}
