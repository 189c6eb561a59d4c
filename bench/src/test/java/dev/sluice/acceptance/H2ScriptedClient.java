package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A scripted client of h2 with one connection. */
final class H2ScriptedClient implements Wire.Handler, H2ScriptedEnd.Events {
  private final Simulation simulation;
  private final Wire wire;
  private final List<Runnable> first = new ArrayList<>();
  private final Map<Integer, Answer> answers = new HashMap<>();
  private @Nullable H2ScriptedEnd end;
  private int nextStream = 1;

  /** What has come on a stream. */
  static final class Answer {
    final int stream;
    final long begunNanos;
    final StringBuilder content = new StringBuilder();
    Map<String, String> fields = Map.of();
    boolean complete;
    @Nullable H2ErrorCode reset;
    long endNanos;

    Answer(int stream, long begunNanos) {
      this.stream = stream;
      this.begunNanos = begunNanos;
    }

    int status() {
      return Integer.parseInt(fields.getOrDefault(":status", "0"));
    }

    boolean over() {
      return complete || reset != null;
    }

    long tookNanos() {
      return endNanos - begunNanos;
    }
  }

  private H2ScriptedClient(
      Simulation simulation,
      String name,
      InetSocketAddress address,
      @Nullable Supplier<TlsEnd> tls) {
    this.simulation = simulation;
    this.wire = Wire.over(ScriptedPeer.connect(simulation, name, address), tls, this);
  }

  static H2ScriptedClient connect(
      Simulation simulation,
      String name,
      InetSocketAddress address,
      @Nullable Supplier<TlsEnd> tls) {
    return new H2ScriptedClient(simulation, name, address, tls);
  }

  Wire wire() {
    return wire;
  }

  Answer get(String path) {
    return ask(true, ":method", "GET", ":scheme", "https", ":authority", Pki.NAME, ":path", path);
  }

  Answer post(String path, String text) {
    Answer answer =
        ask(
            false,
            ":method",
            "POST",
            ":scheme",
            "https",
            ":authority",
            Pki.NAME,
            ":path",
            path,
            "content-length",
            Integer.toString(text.length()));
    content(answer, text, true);
    return answer;
  }

  /** Begins a request once the connection stands. */
  Answer ask(boolean last, String... namesAndValues) {
    int stream = nextStream;
    nextStream += 2;
    Answer answer = new Answer(stream, simulation.clock().nanoTime());
    answers.put(stream, answer);
    when(() -> end().fields(stream, last, namesAndValues));
    return answer;
  }

  void content(Answer on, String text, boolean last) {
    when(() -> end().content(on.stream, text, last));
  }

  /** Gives up a stream. */
  void cancel(Answer answer) {
    if (end != null) {
      end().reset(answer.stream, H2ErrorCode.CANCEL);
    } else {
      first.clear();
    }
  }

  private void when(Runnable action) {
    if (end == null) {
      first.add(action);
    } else if (!wire.over()) {
      action.run();
    }
  }

  private H2ScriptedEnd end() {
    H2ScriptedEnd present = end;
    assert present != null;
    return present;
  }

  @Override
  public void onReady(Wire ready) {
    H2ScriptedEnd made =
        new H2ScriptedEnd(
            false,
            bytes -> {
              if (!ready.over()) {
                ready.write(bytes);
              }
            },
            this);
    end = made;
    made.preface();
    made.settings();
    for (Runnable each : first) {
      each.run();
    }
    first.clear();
  }

  @Override
  public void onBytes(Wire from, byte[] bytes) {
    end().feed(bytes);
  }

  @Override
  public void onEnd(Wire from) {
    from.close();
  }

  @Override
  public void onFields(int stream, Map<String, String> fields, boolean last) {
    Answer answer = answers.get(stream);
    if (answer == null) {
      throw new AssertionError("an answer on stream " + stream);
    }
    if (answer.fields.isEmpty()) {
      answer.fields = fields;
    }
    if (last) {
      complete(answer);
    }
  }

  @Override
  public void onContent(int stream, byte[] bytes, boolean last) {
    Answer answer = answers.get(stream);
    if (answer != null) {
      answer.content.append(new String(bytes, ISO_8859_1));
      if (last) {
        complete(answer);
      }
    }
  }

  private void complete(Answer answer) {
    answer.complete = true;
    answer.endNanos = simulation.clock().nanoTime();
  }

  @Override
  public void onReset(int stream, H2ErrorCode code) {
    Answer answer = answers.get(stream);
    if (answer != null && !answer.complete) {
      answer.reset = code;
      answer.endNanos = simulation.clock().nanoTime();
    }
  }
}
