package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.peers.H2Peer;
import dev.sluice.peers.H2Peer.Field;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A scripted server of h2, clear or under TLS. What it does with a request is the test's. */
final class H2Origin {
  private final List<Connection> connections = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private int[] settings = {};
  private Consumer<Request> atHead = request -> {};
  private Consumer<Request> whenComplete = request -> request.ok(request.field(":path"));
  private Consumer<Request> atContent = request -> {};

  private H2Origin(
      Simulation simulation, InetSocketAddress address, @Nullable Supplier<TlsEnd> tls) {
    SimServer.listen(simulation, address, socket -> accept(socket, tls));
  }

  static H2Origin listen(
      Simulation simulation, InetSocketAddress address, @Nullable Supplier<TlsEnd> tls) {
    return new H2Origin(simulation, address, tls);
  }

  /** What its SETTINGS say: identifiers and values in turn. */
  H2Origin settings(int... idsAndValues) {
    settings = idsAndValues;
    return this;
  }

  /** What it does as soon as a head is here. */
  H2Origin atHead(Consumer<Request> action) {
    atHead = action;
    return this;
  }

  /** What it does with each piece of content, which is the last of the request's so far. */
  H2Origin atContent(Consumer<Request> action) {
    atContent = action;
    return this;
  }

  /** What it does with each whole request; without a word it answers 200 with the path. */
  H2Origin answering(Consumer<Request> action) {
    whenComplete = action;
    return this;
  }

  List<Connection> connections() {
    return connections;
  }

  List<Request> requests() {
    return requests;
  }

  private void accept(ScriptedPeer socket, @Nullable Supplier<TlsEnd> tls) {
    Connection connection = new Connection();
    connections.add(connection);
    Wire.over(socket, tls, connection);
  }

  /** A request, and the stream that it came on. */
  static final class Request {
    final Connection connection;
    final int stream;
    final List<Field> fields;
    final StringBuilder content = new StringBuilder();
    List<Field> trailers = List.of();
    boolean ended;
    @Nullable H2ErrorCode reset;

    Request(Connection connection, int stream, List<Field> fields) {
      this.connection = connection;
      this.stream = stream;
      this.fields = fields;
    }

    String field(String name) {
      return Field.of(fields, name);
    }

    /** All values of a name. */
    List<String> values(String name) {
      return fields.stream().filter(f -> f.name().equals(name)).map(Field::value).toList();
    }

    List<String> names() {
      return fields.stream().map(Field::name).toList();
    }

    void ok(String text) {
      head(text.isEmpty(), ":status", "200");
      if (!text.isEmpty()) {
        send(text, true);
      }
    }

    void head(boolean end, String... namesAndValues) {
      connection.frames.fields(stream, end, Field.list(namesAndValues));
    }

    void send(String text, boolean end) {
      connection.frames.content(stream, text.getBytes(ISO_8859_1), end);
    }
  }

  /** One accepted connection; closes when the other end does. */
  final class Connection implements Wire.Handler, H2Peer.Events {
    private final Map<Integer, Request> byStream = new LinkedHashMap<>();
    final H2Peer frames = new H2Peer(true, this::say, this);
    private @Nullable Wire wire;

    Wire wire() {
      Wire present = wire;
      assert present != null;
      return present;
    }

    private void say(byte[] bytes) {
      Wire to = wire;
      if (to != null && !to.over()) {
        to.write(bytes);
      }
    }

    @Override
    public void onReady(Wire ready) {
      wire = ready;
      frames.start(settings);
    }

    @Override
    public void onBytes(Wire from, byte[] bytes) {
      frames.feed(bytes);
      if (!frames.malformed().isEmpty()) {
        throw new AssertionError("a server got " + frames.malformed());
      }
    }

    @Override
    public void onEnd(Wire from) {
      from.close();
    }

    @Override
    public void onFields(int stream, List<Field> fields, boolean end) {
      Request known = byStream.get(stream);
      if (known != null) {
        known.trailers = fields;
        complete(known);
        return;
      }
      Request request = new Request(this, stream, fields);
      byStream.put(stream, request);
      requests.add(request);
      atHead.accept(request);
      if (end) {
        complete(request);
      }
    }

    @Override
    public void onContent(int stream, byte[] content, boolean end) {
      Request request = byStream.get(stream);
      if (request == null) {
        throw new AssertionError("content on stream " + stream);
      }
      request.content.append(new String(content, ISO_8859_1));
      atContent.accept(request);
      if (end) {
        complete(request);
      }
    }

    private void complete(Request request) {
      request.ended = true;
      whenComplete.accept(request);
    }

    @Override
    public void onReset(int stream, H2ErrorCode code) {
      Request request = byStream.get(stream);
      if (request != null) {
        request.reset = code;
      }
    }
  }
}
