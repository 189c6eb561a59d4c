package dev.sluice.core.testkit.engine;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.testkit.PatternBytes;
import dev.sluice.core.testkit.Simulation;
import java.util.Arrays;

/** A request as an origin got it, and what the origin may do with it. */
public final class OriginRequest {
  private final OriginConnection connection;
  private final int stream;
  private final String method;
  private final String path;
  private final long seed;
  private final int responseBytes;
  private Runnable whenComplete = () -> {};
  private long received;
  private boolean contentSound = true;
  private boolean complete;
  private boolean cut;
  private boolean answered;

  OriginRequest(OriginConnection connection, int stream, String method, String path) {
    this.connection = connection;
    this.stream = stream;
    this.method = method;
    this.path = path;
    String[] parts = path.split("/", -1);
    this.seed = parts.length > 2 ? Long.parseLong(parts[1]) : 0;
    this.responseBytes = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
  }

  /** The path that asks for a response of so many bytes of a pattern. */
  public static String path(long seed, int responseBytes) {
    return "/" + seed + "/" + responseBytes;
  }

  // ---- what came

  /** The connection that it came on. */
  public OriginConnection connection() {
    return connection;
  }

  /** The method. */
  public String method() {
    return method;
  }

  /** The path. */
  public String path() {
    return path;
  }

  /** The number that tells requests apart, of the path. */
  public long seed() {
    return seed;
  }

  /** Bytes of content that came. */
  public long received() {
    return received;
  }

  /** Whether the content is the pattern that it should be. */
  public boolean contentSound() {
    return contentSound;
  }

  /** Whether all of it is here. */
  public boolean complete() {
    return complete;
  }

  /** Whether the other end has cut it. */
  public boolean cut() {
    return cut;
  }

  /** Whether it was answered. */
  public boolean answered() {
    return answered;
  }

  void onData(byte[] data, boolean end) {
    for (int i = 0; i < data.length; i++) {
      contentSound &= data[i] == PatternBytes.at(seed, received + i);
    }
    received += data.length;
    if (end) {
      onComplete();
    }
  }

  void onComplete() {
    complete = true;
    whenComplete.run();
  }

  void onCut() {
    cut = true;
  }

  // ---- what to do with it

  /** Answers with what the path asks for once the request is complete. */
  public void answerWhenComplete() {
    whenComplete(this::answer);
  }

  /** Does something once the request is complete. */
  public void whenComplete(Runnable action) {
    whenComplete = action;
    if (complete) {
      action.run();
    }
  }

  /** Does something later, unless the connection or the request is over by then. */
  public void after(long nanos, Runnable action) {
    Simulation simulation = connection.simulation();
    simulation
        .network()
        .schedule(
            nanos,
            () -> {
              if (!cut && !connection.over()) {
                action.run();
              }
            });
  }

  /** Answers with what the path asks for. */
  public void answer() {
    answer(200);
  }

  /** Answers with a status and what the path asks for. */
  public void answer(int status) {
    if (cut || answered) {
      return;
    }
    answered = true;
    connection.peer().response(stream, status, responseBytes == 0);
    if (responseBytes > 0) {
      connection.peer().data(stream, PatternBytes.of(seed, responseBytes), true);
    }
  }

  /** Answers with a status and a field, and without content. */
  public void answer(int status, String name, String value) {
    if (cut || answered) {
      return;
    }
    answered = true;
    connection.peer().response(stream, status, name, value, true);
  }

  /** Sends an informational response (RFC 9110 15.2). */
  public void inform(int status) {
    connection.peer().response(stream, status, false);
  }

  /** Begins an answer and sends only a part of its content. */
  public void answerInPart(int bytes) {
    answered = true;
    connection.peer().response(stream, 200, false);
    connection.peer().data(stream, PatternBytes.of(seed, bytes), false);
  }

  /** Sends what {@link #answerInPart(int)} left out: all after so many bytes. */
  public void answerRest(int bytes) {
    byte[] whole = PatternBytes.of(seed, responseBytes);
    connection.peer().data(stream, Arrays.copyOfRange(whole, bytes, responseBytes), true);
  }

  /** Cuts the stream. */
  public void reset(ResetCode code) {
    connection.peer().reset(stream, code);
  }
}
