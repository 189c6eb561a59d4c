package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.peers.H2Peer;
import dev.sluice.peers.H2Peer.Field;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A scripted client of h2 with one connection; speaks in good order unless the test does not. */
final class H2Client implements Wire.Handler, H2Peer.Events {
  private final Map<Integer, Answer> answers = new LinkedHashMap<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private final H2Peer frames;
  private @Nullable Wire wire;
  private int nextStream = 1;
  private final List<Integer> goAways = new ArrayList<>();

  /** What has come on a stream. */
  static final class Answer {
    final int stream;
    final List<List<Field>> heads = new ArrayList<>();
    final StringBuilder content = new StringBuilder();
    List<Field> trailers = List.of();
    boolean ended;
    boolean endedWithHead;
    @Nullable H2ErrorCode reset;

    Answer(int stream) {
      this.stream = stream;
    }

    /** The status of the final head, or 0. */
    int status() {
      String status = field(":status");
      return status.isEmpty() ? 0 : Integer.parseInt(status);
    }

    /** A field of the last head, or an empty text. */
    String field(String name) {
      return heads.isEmpty() ? "" : Field.of(heads.get(heads.size() - 1), name);
    }

    /** The names and values of the last head, pseudo-fields included. */
    List<Field> fields() {
      return heads.isEmpty() ? List.of() : heads.get(heads.size() - 1);
    }

    boolean over() {
      return ended || reset != null;
    }
  }

  private H2Client(
      Simulation simulation,
      String name,
      InetSocketAddress address,
      @Nullable Supplier<TlsEnd> tls) {
    ScriptedPeer socket = ScriptedPeer.connect(simulation, name, address);
    this.frames = new H2Peer(false, this::say, this);
    Wire.over(socket, tls, this);
  }

  /** Connects; null for a clear connection, on which it has prior knowledge (RFC 9113 3.3). */
  static H2Client connect(
      Simulation simulation, InetSocketAddress address, @Nullable Supplier<TlsEnd> tls) {
    return new H2Client(simulation, "h2-client", address, tls);
  }

  private void say(byte[] bytes) {
    Wire to = wire;
    if (to != null && !to.over()) {
      to.write(bytes);
    }
  }

  /** The connection, once plain bytes can be sent. */
  Wire wire() {
    Wire present = wire;
    assert present != null;
    return present;
  }

  void close() {
    Wire present = wire;
    if (present != null && !present.over()) {
      present.close();
    }
  }

  H2Peer frames() {
    return frames;
  }

  boolean goneAway() {
    return !goAways.isEmpty();
  }

  /** The last streams that GOAWAY has told, in order. */
  List<Integer> goAways() {
    return goAways;
  }

  Answer get(String path) {
    return ask(true, ":method", "GET", ":scheme", "https", ":path", path, ":authority", Pki.NAME);
  }

  Answer post(String path, String content) {
    Answer answer =
        ask(false, ":method", "POST", ":scheme", "https", ":path", path, ":authority", Pki.NAME);
    content(answer, content, true);
    return answer;
  }

  /** Begins a request once the connection stands. */
  Answer ask(boolean end, String... namesAndValues) {
    return ask(end, Field.list(namesAndValues));
  }

  Answer ask(boolean end, List<Field> fields) {
    Answer answer = new Answer(nextStream);
    nextStream += 2;
    answers.put(answer.stream, answer);
    when(() -> frames.fields(answer.stream, end, fields));
    return answer;
  }

  void content(Answer on, String text, boolean end) {
    when(() -> frames.content(on.stream, text.getBytes(ISO_8859_1), end));
  }

  private void when(Runnable action) {
    if (wire != null) {
      action.run();
    } else {
      waiting.add(action);
    }
  }

  @Override
  public void onReady(Wire on) {
    wire = on;
    frames.start();
    waiting.forEach(Runnable::run);
    waiting.clear();
  }

  @Override
  public void onBytes(Wire from, byte[] bytes) {
    frames.feed(bytes);
    if (!frames.malformed().isEmpty()) {
      throw new AssertionError("a client got " + frames.malformed());
    }
  }

  @Override
  public void onEnd(Wire from) {
    from.close();
  }

  @Override
  public void onFields(int stream, List<Field> fields, boolean end) {
    Answer answer = answer(stream);
    if (answer.heads.isEmpty() || answer.status() < 200) {
      answer.heads.add(fields);
      answer.endedWithHead = end;
    } else {
      answer.trailers = fields;
    }
    answer.ended |= end;
  }

  @Override
  public void onContent(int stream, byte[] content, boolean end) {
    Answer answer = answer(stream);
    answer.content.append(new String(content, ISO_8859_1));
    answer.ended |= end;
  }

  @Override
  public void onReset(int stream, H2ErrorCode code) {
    answer(stream).reset = code;
  }

  @Override
  public void onGoAway(int last, H2ErrorCode code) {
    goAways.add(last);
  }

  private Answer answer(int stream) {
    Answer answer = answers.get(stream);
    if (answer == null) {
      throw new AssertionError("something came on stream " + stream);
    }
    return answer;
  }
}
