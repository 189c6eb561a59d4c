package dev.sluice.acceptance;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A scripted server of h1, clear or under TLS. What it does with a request is the test's. */
final class H1Origin {
  private final Simulation simulation;
  private final @Nullable Supplier<TlsEnd> tls;
  private final List<Connection> connections = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private long handshakeDelayNanos;
  private BiConsumer<Request, Connection> atHead = (request, on) -> {};
  private BiConsumer<Request, Connection> whenComplete = (request, on) -> on.ok(request.path());

  /** A request, and the connection that it came on. */
  static final class Request {
    final Message message;
    final Connection connection;
    final long atNanos;

    Request(Message message, Connection connection, long atNanos) {
      this.message = message;
      this.connection = connection;
      this.atNanos = atNanos;
    }

    String method() {
      return message.method();
    }

    String path() {
      return message.path();
    }

    boolean complete() {
      return message.complete;
    }
  }

  private H1Origin(
      Simulation simulation, InetSocketAddress address, @Nullable Supplier<TlsEnd> tls) {
    this.simulation = simulation;
    this.tls = tls;
    SimServer.listen(simulation, address, this::accept);
  }

  static H1Origin listen(
      Simulation simulation, InetSocketAddress address, @Nullable Supplier<TlsEnd> tls) {
    return new H1Origin(simulation, address, tls);
  }

  /** What it does with each whole request; without a word it answers 200 with the path. */
  H1Origin answering(BiConsumer<Request, Connection> action) {
    whenComplete = action;
    return this;
  }

  /** What it does as soon as a head is here. */
  H1Origin atHead(BiConsumer<Request, Connection> action) {
    atHead = action;
    return this;
  }

  /** It thinks for so long before it answers the first bytes of a handshake. */
  H1Origin handshakesAfter(long nanos) {
    handshakeDelayNanos = nanos;
    return this;
  }

  List<Connection> connections() {
    return connections;
  }

  /** The requests by their heads, on all connections. */
  List<Request> requests() {
    return requests;
  }

  Request request(int number) {
    return requests.get(number);
  }

  /** How many of its connections are open. */
  int open() {
    int open = 0;
    for (Connection each : connections) {
      Wire wire = each.wire;
      open += wire == null || !wire.over() ? 1 : 0;
    }
    return open;
  }

  private void accept(ScriptedPeer socket) {
    Connection connection = new Connection(connections.size());
    connections.add(connection);
    if (handshakeDelayNanos > 0) {
      socket.stopReading();
      simulation
          .network()
          .schedule(
              handshakeDelayNanos,
              () -> {
                connection.wire = Wire.over(socket, tls, connection);
                socket.startReading();
              });
    } else {
      connection.wire = Wire.over(socket, tls, connection);
    }
  }

  /** One accepted connection; closes when the other end does, unless the test says otherwise. */
  final class Connection implements Wire.Handler {
    private final int number;
    private final MessageReader reader = new MessageReader(false, this::onHead, this::onMessage);
    private @Nullable Wire wire;
    private @Nullable Request current;
    private Runnable whenEnded = this::closeToo;
    private Consumer<String> throughTunnel = text -> {};
    private long lastNanos;
    private int count;

    Connection(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    /** How many requests have come on it. */
    int countRequests() {
      return count;
    }

    Wire wire() {
      Wire present = wire;
      assert present != null;
      return present;
    }

    /** Answers 200 with this content. */
    void ok(String content) {
      ok(content, "");
    }

    /** The same with more field lines. */
    void ok(String content, String fields) {
      respond(
          "HTTP/1.1 200 OK\r\nContent-Length: "
              + content.length()
              + "\r\n"
              + fields
              + "\r\n"
              + content);
    }

    void respond(String bytes) {
      wire().write(bytes);
      lastNanos = simulation.clock().nanoTime();
    }

    /** Does something later, unless the connection is over by then. */
    void after(long nanos, Runnable action) {
      simulation
          .network()
          .schedule(
              nanos,
              () -> {
                if (!wire().over()) {
                  action.run();
                }
              });
    }

    /** Closes unless another response has gone out within that time. */
    void closeIfIdleFor(long nanos) {
      long since = lastNanos;
      after(
          nanos,
          () -> {
            if (lastNanos == since && !reader.inMessage()) {
              wire().close();
            }
          });
    }

    /** What it does at the end of input. */
    void whenEnded(Runnable action) {
      whenEnded = action;
    }

    boolean ended() {
      return wire().ended();
    }

    /** Takes what follows as the bytes of a tunnel. */
    void upgrade() {
      reader.upgrade();
    }

    /** The same, and does something with each piece of them. */
    void tunnel(Consumer<String> action) {
      reader.upgrade();
      throughTunnel = action;
    }

    String tunnel() {
      return reader.raw();
    }

    private void closeToo() {
      wire().close();
    }

    private void onHead(Message head) {
      long now = simulation.clock().nanoTime();
      head.headNanos = now;
      Request request = new Request(head, this, now);
      current = request;
      count++;
      requests.add(request);
      atHead.accept(request, this);
    }

    private void onMessage(Message message) {
      message.completeNanos = simulation.clock().nanoTime();
      Request request = current;
      assert request != null;
      whenComplete.accept(request, this);
    }

    @Override
    public void onBytes(Wire from, byte[] bytes) {
      int before = reader.raw().length();
      reader.feed(bytes);
      if (reader.raw().length() > before) {
        throughTunnel.accept(reader.raw().substring(before));
      }
    }

    @Override
    public void onEnd(Wire from) {
      whenEnded.run();
    }
  }
}
