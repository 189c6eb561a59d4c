package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Settings;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A scripted server of h2. What it does with a request is the test's. */
final class H2ScriptedServer {
  private final Simulation simulation;
  private final Supplier<TlsEnd> tls;
  private final List<Connection> connections = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();
  private long handshakeDelayNanos;
  private long settingsDelayNanos;
  private int[] settings = {Settings.MAX_CONCURRENT_STREAMS, 128};
  private int hardMax = Integer.MAX_VALUE;
  private Consumer<Request> atHead = request -> {};
  private Consumer<Request> whenComplete = request -> request.ok(request.path());

  private H2ScriptedServer(Simulation simulation, InetSocketAddress address, Supplier<TlsEnd> tls) {
    this.simulation = simulation;
    this.tls = tls;
    SimServer.listen(simulation, address, socket -> accept(socket));
  }

  static H2ScriptedServer listen(
      Simulation simulation, InetSocketAddress address, Supplier<TlsEnd> tls) {
    return new H2ScriptedServer(simulation, address, tls);
  }

  /** Takes over a connection that agreed on h2 with a listener of the test's own. */
  static H2ScriptedServer behind(Simulation simulation) {
    return new H2ScriptedServer(simulation);
  }

  private H2ScriptedServer(Simulation simulation) {
    this.simulation = simulation;
    this.tls =
        () -> {
          throw new AssertionError("connections are given to it");
        };
  }

  /** What it does with each whole request; without a word it answers 200 with the path. */
  H2ScriptedServer answering(Consumer<Request> action) {
    whenComplete = action;
    return this;
  }

  /** What it does as soon as the fields are here. */
  H2ScriptedServer atHead(Consumer<Request> action) {
    atHead = action;
    return this;
  }

  /** It thinks for so long before it answers the first bytes of a handshake. */
  H2ScriptedServer handshakesAfter(long nanos) {
    handshakeDelayNanos = nanos;
    return this;
  }

  /** Its SETTINGS come so late, and before them it looks at nothing (RFC 9113 3.4). */
  H2ScriptedServer settingsAfter(long nanos) {
    settingsDelayNanos = nanos;
    return this;
  }

  /** What its SETTINGS say. */
  H2ScriptedServer settings(int... idsAndValues) {
    settings = idsAndValues;
    return this;
  }

  /** It refuses streams beyond so many at a time, whatever its SETTINGS say. */
  H2ScriptedServer refusingBeyond(int streams) {
    hardMax = streams;
    return this;
  }

  List<Connection> connections() {
    return connections;
  }

  Connection connection(int number) {
    return connections.get(number);
  }

  /** The requests by their fields, on all connections, those it refused included. */
  List<Request> requests() {
    return requests;
  }

  int open() {
    int open = 0;
    for (Connection each : connections) {
      Wire on = each.wire;
      open += on == null || !on.over() ? 1 : 0;
    }
    return open;
  }

  private void accept(ScriptedPeer socket) {
    Connection connection = new Connection();
    connections.add(connection);
    if (handshakeDelayNanos == 0) {
      connection.wire = Wire.over(socket, tls, connection);
      return;
    }
    socket.stopReading();
    simulation
        .network()
        .schedule(
            handshakeDelayNanos,
            () -> {
              connection.wire = Wire.over(socket, tls, connection);
              socket.startReading();
            });
  }

  /** The handler of one connection. */
  Connection newConnection() {
    Connection connection = new Connection();
    connections.add(connection);
    return connection;
  }

  /** A request, and the stream that it came on. */
  final class Request {
    final Connection connection;
    final int stream;
    final Map<String, String> fields;
    final StringBuilder content = new StringBuilder();
    boolean refused;
    boolean cut;
    boolean over;

    Request(Connection connection, int stream, Map<String, String> fields) {
      this.connection = connection;
      this.stream = stream;
      this.fields = fields;
    }

    String method() {
      return fields.getOrDefault(":method", "");
    }

    String path() {
      return fields.getOrDefault(":path", "");
    }

    /** Answers 200 with this content. */
    void ok(String text) {
      respond(200, text);
    }

    void respond(int status, String text) {
      String length = Integer.toString(text.length());
      fields(text.isEmpty(), ":status", Integer.toString(status), "content-length", length);
      if (!text.isEmpty()) {
        content(text, true);
      }
    }

    void fields(boolean end, String... namesAndValues) {
      if (connection.gone()) {
        return;
      }
      connection.end().fields(stream, end, namesAndValues);
      if (end) {
        close();
      }
    }

    void content(String text, boolean end) {
      if (connection.gone()) {
        return;
      }
      connection.end().content(stream, text, end);
      if (end) {
        close();
      }
    }

    void reset(H2ErrorCode code) {
      connection.end().reset(stream, code);
      close();
    }

    private void close() {
      if (!over) {
        over = true;
        connection.streams--;
      }
    }

    /** Does something later, unless the stream is over by then. */
    void after(long nanos, Runnable action) {
      simulation
          .network()
          .schedule(
              nanos,
              () -> {
                if (!over && !connection.gone()) {
                  action.run();
                }
              });
    }
  }

  /** One connection. */
  final class Connection implements Wire.Handler, H2ScriptedEnd.Events {
    private final Map<Integer, Request> byStream = new HashMap<>();
    private @Nullable Wire wire;
    private @Nullable H2ScriptedEnd end;
    private final ByteArrayOutputStream early = new ByteArrayOutputStream();
    private boolean started;
    private boolean settled;
    private int streams;
    private int unsettled;
    private int mostSettled;
    private int lastStream;
    private boolean toldGoAway;

    Wire wire() {
      Wire present = wire;
      assert present != null;
      return present;
    }

    H2ScriptedEnd end() {
      H2ScriptedEnd present = end;
      assert present != null;
      return present;
    }

    boolean gone() {
      return wire == null || wire.over();
    }

    /** How many streams were begun before its SETTINGS were sent. */
    int unsettled() {
      return unsettled;
    }

    /** The most streams at a time that were begun after its SETTINGS were acknowledged. */
    int mostSettled() {
      return mostSettled;
    }

    int lastStream() {
      return lastStream;
    }

    int streams() {
      return streams;
    }

    /** Whether the proxy has said GOAWAY. */
    boolean toldGoAway() {
      return toldGoAway;
    }

    @Override
    public void onReady(Wire ready) {
      wire = ready;
      H2ScriptedEnd made =
          new H2ScriptedEnd(
              true,
              bytes -> {
                if (!ready.over()) {
                  ready.write(bytes);
                }
              },
              this);
      end = made;
      if (settingsDelayNanos == 0) {
        settle(made);
      } else {
        simulation.network().schedule(settingsDelayNanos, () -> settle(made));
      }
    }

    private void settle(H2ScriptedEnd made) {
      made.settings(settings);
      if (early.size() > 0) {
        made.feed(early.toByteArray());
      }
      started = true;
      // Those that were sent before the peer has seen them are not its fault.
      simulation.network().schedule(5 * Stage.MILLI, () -> settled = true);
    }

    @Override
    public void onBytes(Wire from, byte[] bytes) {
      if (started) {
        end().feed(bytes);
      } else {
        early.writeBytes(bytes);
      }
    }

    @Override
    public void onEnd(Wire from) {
      from.close();
    }

    @Override
    public void onFields(int stream, Map<String, String> fields, boolean last) {
      Request known = byStream.get(stream);
      if (known != null) {
        if (last) {
          whenComplete.accept(known);
        }
        return;
      }
      lastStream = stream;
      Request request = new Request(this, stream, fields);
      byStream.put(stream, request);
      requests.add(request);
      streams++;
      if (settled) {
        mostSettled = Math.max(mostSettled, streams);
      } else if (!started) {
        unsettled++;
      }
      if (streams > hardMax) {
        request.refused = true;
        request.reset(H2ErrorCode.REFUSED_STREAM);
        return;
      }
      atHead.accept(request);
      if (last && !request.over) {
        whenComplete.accept(request);
      }
    }

    @Override
    public void onContent(int stream, byte[] bytes, boolean last) {
      Request request = byStream.get(stream);
      if (request == null || request.refused) {
        return;
      }
      request.content.append(new String(bytes, ISO_8859_1));
      if (last && !request.over) {
        whenComplete.accept(request);
      }
    }

    @Override
    public void onReset(int stream, H2ErrorCode code) {
      Request request = byStream.get(stream);
      if (request != null) {
        request.cut = true;
        request.close();
      }
    }

    @Override
    public void onGoAway(int last, H2ErrorCode code) {
      toldGoAway = true;
    }
  }
}
