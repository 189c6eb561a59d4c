package dev.sluice.acceptance;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Simulation;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A scripted client of h1 with one connection. Requests are pipelined unless the test waits. */
final class H1Client implements Wire.Handler {
  private final Simulation simulation;
  private final List<Message> heads = new ArrayList<>();
  private final List<Message> responses = new ArrayList<>();
  private final MessageReader reader = new MessageReader(true, this::onHead, this::onMessage);
  private final Wire wire;
  private Consumer<Message> whenAnswered = message -> {};
  private long endNanos;
  private long begunNanos;

  private H1Client(
      Simulation simulation,
      String name,
      InetSocketAddress address,
      @Nullable Supplier<TlsEnd> tls) {
    this.simulation = simulation;
    this.begunNanos = simulation.clock().nanoTime();
    this.wire = Wire.over(ScriptedPeer.connect(simulation, name, address), tls, this);
  }

  static H1Client connect(
      Simulation simulation,
      String name,
      InetSocketAddress address,
      @Nullable Supplier<TlsEnd> tls) {
    return new H1Client(simulation, name, address, tls);
  }

  H1Client get(String path) {
    return ask("GET", path, null);
  }

  H1Client ask(String method, String path, @Nullable String body) {
    String length = body == null ? "" : "Content-Length: " + body.length() + "\r\n";
    reader.expect(method);
    begunNanos = simulation.clock().nanoTime();
    wire.write(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: "
            + Pki.NAME
            + "\r\n"
            + length
            + "\r\n"
            + (body == null ? "" : body));
    return this;
  }

  /** Sends whatever bytes, of which one response to a request of this method will come. */
  H1Client raw(String method, String bytes) {
    reader.expect(method);
    wire.write(bytes);
    return this;
  }

  /** Only expects responses, to requests that the test writes itself. */
  H1Client expect(String... methods) {
    for (String method : methods) {
      reader.expect(method);
    }
    return this;
  }

  /** Has something done at each final response. */
  H1Client whenAnswered(Consumer<Message> action) {
    whenAnswered = action;
    return this;
  }

  Wire wire() {
    return wire;
  }

  /** The heads that came, also of responses that are not whole, and informational ones. */
  List<Message> heads() {
    return heads;
  }

  /** The final responses that are whole. */
  List<Message> responses() {
    return responses;
  }

  Message response(int number) {
    return responses.get(number);
  }

  /** The status of the only response, or 0 if there is none. */
  int status() {
    return responses.isEmpty() ? 0 : responses.get(0).status();
  }

  String tunnel() {
    return reader.raw();
  }

  boolean ended() {
    return wire.ended();
  }

  /** When the input ended. */
  long endNanos() {
    return endNanos;
  }

  /** How long it took from the last request to the last response. */
  long tookNanos() {
    return responses.get(responses.size() - 1).completeNanos - begunNanos;
  }

  private void onHead(Message message) {
    message.headNanos = simulation.clock().nanoTime();
    heads.add(message);
  }

  private void onMessage(Message message) {
    message.completeNanos = simulation.clock().nanoTime();
    if (message.status() / 100 != 1 || message.status() == 101) {
      responses.add(message);
      whenAnswered.accept(message);
    }
  }

  @Override
  public void onBytes(Wire from, byte[] bytes) {
    reader.feed(bytes);
  }

  @Override
  public void onEnd(Wire from) {
    endNanos = simulation.clock().nanoTime();
    reader.end();
  }
}
