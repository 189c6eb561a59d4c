package dev.sluice.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A simulated client or server that follows a script: a list of things to send, to expect and to
 * do, taken one after the other. Texts are ISO 8859-1.
 *
 * <p>Sending doesn't wait until everything is sent, so that a peer can expect an answer while it
 * sends; closing does. What a peer expects and doesn't get fails the simulation, unless it {@link
 * #toleratesLoss()}. For protocols that a script can't follow, {@link #onBytes} has a callback for
 * all input instead.
 */
public final class ScriptedPeer {
  /** Told of each piece of input. */
  @FunctionalInterface
  public interface BytesHandler {
    /** Called with bytes that are the handler's to keep. */
    void onBytes(ScriptedPeer peer, byte[] bytes);
  }

  private static final int PIECE_BYTES = 16_384;

  private record Step(String what, BooleanSupplier done) {}

  private final Simulation simulation;
  private final String name;
  private final SimActor actor = new Actor();
  private final ArrayDeque<Step> script = new ArrayDeque<>();
  private final PeerBytes input = new PeerBytes();
  private final PeerBytes output = new PeerBytes();
  private @Nullable SimEndpoint endpoint;
  private @Nullable BytesHandler bytesHandler;
  private Consumer<ScriptedPeer> endHandler = peer -> {};
  private boolean connected;
  private boolean refused;
  private boolean ended;
  private boolean reset;
  private boolean closed;
  private boolean reading = true;
  private boolean toleratesLoss;
  private boolean lost;
  private String lastMatch = "";
  private long received;
  private long sent;

  private ScriptedPeer(Simulation simulation, String name) {
    this.simulation = simulation;
    this.name = name;
    simulation.add(this);
  }

  /** Makes a client that connects to {@code server} as soon as the simulation goes on. */
  public static ScriptedPeer connect(Simulation simulation, String name, SocketAddress server) {
    return connect(simulation, name, server, null);
  }

  /** Makes a client that connects from {@code local}. */
  public static ScriptedPeer connect(
      Simulation simulation, String name, SocketAddress server, @Nullable SocketAddress local) {
    ScriptedPeer peer = new ScriptedPeer(simulation, name);
    try {
      peer.attach(simulation.network().connect(server, local));
    } catch (IOException e) {
      // Refused within the call.
      peer.refused = true;
      simulation.enqueue(peer.actor);
    }
    return peer;
  }

  static ScriptedPeer accepted(Simulation simulation, SimEndpoint endpoint) {
    ScriptedPeer peer = new ScriptedPeer(simulation, endpoint.name());
    peer.attach(endpoint);
    return peer;
  }

  /** Sends a text. */
  public ScriptedPeer send(String text) {
    return send(text.getBytes(ISO_8859_1));
  }

  /** Sends bytes. */
  public ScriptedPeer send(byte[] bytes) {
    return step(
        "send " + bytes.length + " bytes",
        () -> {
          if (!connected && !gone()) {
            return false;
          }
          write(bytes);
          return true;
        });
  }

  /** Sends {@code length} bytes of a {@linkplain PatternBytes pattern}, waiting for room. */
  public ScriptedPeer sendPattern(long seed, long length) {
    long[] offset = {0};
    return step(
        "send a pattern of " + length + " bytes",
        () -> {
          if (gone()) {
            return true;
          }
          while (connected && offset[0] < length && output.size() < PIECE_BYTES) {
            int n = (int) Math.min(PIECE_BYTES, length - offset[0]);
            byte[] bytes = new byte[n];
            PatternBytes.fill(seed, offset[0], bytes, 0, n);
            offset[0] += n;
            write(bytes);
          }
          return offset[0] == length;
        });
  }

  /** Expects exactly this text next. */
  public ScriptedPeer expect(String text) {
    byte[] wanted = text.getBytes(ISO_8859_1);
    return step(
        "expect \"" + printable(text) + "\"",
        () -> {
          int n = Math.min(wanted.length, input.size());
          if (!input.startsWith(wanted, n)) {
            throw new AssertionError(
                name
                    + " expected \""
                    + printable(text)
                    + "\" but got \""
                    + printable(input.text())
                    + "\"");
          }
          if (n < wanted.length) {
            return lose(text);
          }
          input.skip(n);
          return true;
        });
  }

  /** Expects input up to and with this text, and keeps it for {@link #lastMatch()}. */
  public ScriptedPeer expectUntil(String delimiter) {
    byte[] wanted = delimiter.getBytes(ISO_8859_1);
    return step(
        "expect until \"" + printable(delimiter) + "\"",
        () -> {
          int at = input.indexOf(wanted);
          if (at < 0) {
            return lose(delimiter);
          }
          lastMatch = input.take(at + wanted.length);
          return true;
        });
  }

  /** Expects {@code count} bytes of whatever value. */
  public ScriptedPeer expectBytes(long count) {
    long[] left = {count};
    return step(
        "expect " + count + " bytes",
        () -> {
          int n = (int) Math.min(left[0], input.size());
          input.skip(n);
          left[0] -= n;
          return left[0] == 0 || lose(left[0] + " bytes");
        });
  }

  /** Expects {@code length} bytes of a {@linkplain PatternBytes pattern}. */
  public ScriptedPeer expectPattern(long seed, long length) {
    long[] offset = {0};
    return step(
        "expect a pattern of " + length + " bytes",
        () -> {
          int n = (int) Math.min(length - offset[0], input.size());
          for (int i = 0; i < n; i++) {
            if (input.at(i) != PatternBytes.at(seed, offset[0] + i)) {
              throw new AssertionError(name + " got a wrong byte at " + (offset[0] + i));
            }
          }
          input.skip(n);
          offset[0] += n;
          return offset[0] == length || lose(length - offset[0] + " bytes");
        });
  }

  /** Expects the end of input (FIN) and nothing before it. */
  public ScriptedPeer expectEnd() {
    return step(
        "expect the end",
        () -> {
          if (input.size() > 0) {
            throw new AssertionError(
                name + " expected the end but got \"" + printable(input.text()) + "\"");
          }
          return ended || lose("a FIN");
        });
  }

  /** Expects the connection to be over, by FIN, RST or refusal; input before it is skipped. */
  public ScriptedPeer expectClosed() {
    return step(
        "expect the connection to be over",
        () -> {
          input.skip(input.size());
          return ended || gone();
        });
  }

  /** Expects a RST, which may also come behind a FIN. */
  public ScriptedPeer expectReset() {
    return step("expect a reset", () -> reset);
  }

  /** Expects the attempt to connect to be refused. */
  public ScriptedPeer expectRefused() {
    return step("expect a refusal", () -> refused);
  }

  /** Waits for a while of simulated time. */
  public ScriptedPeer pause(long nanos) {
    long[] end = {-1};
    return step(
        "pause " + nanos + " ns",
        () -> {
          long now = simulation.clock().nanoTime();
          if (end[0] < 0) {
            end[0] = now + nanos;
            simulation.network().schedule(nanos, () -> simulation.enqueue(actor));
          }
          return now >= end[0];
        });
  }

  /** Waits until a condition holds, which is looked at whenever {@link #wake()} is called. */
  public ScriptedPeer await(String what, BooleanSupplier condition) {
    return step("await " + what, condition);
  }

  /** Does something else. */
  public ScriptedPeer then(Consumer<ScriptedPeer> action) {
    return step(
        "an action",
        () -> {
          action.accept(this);
          return true;
        });
  }

  /** Reads nothing more, so that the window closes, until {@link #startReading()}. */
  public ScriptedPeer stopReading() {
    return then(peer -> peer.reading = false);
  }

  /** Reads again. */
  public ScriptedPeer startReading() {
    return then(peer -> peer.reading = true);
  }

  /** Waits until everything is sent. */
  public ScriptedPeer flush() {
    return step("flush", () -> gone() || (connected && output.size() == 0));
  }

  /** Ends output with a FIN once everything is sent. */
  public ScriptedPeer shutdownOutput() {
    flush();
    return then(
        peer -> {
          if (endpoint != null && !gone()) {
            try {
              endpoint.shutdownOutput();
            } catch (IOException e) {
              onReset();
            }
          }
        });
  }

  /** Closes the connection once everything is sent. */
  public ScriptedPeer close() {
    flush();
    return then(ScriptedPeer::closeNow);
  }

  /** Closes the connection with a RST once everything is handed to the network. */
  public ScriptedPeer reset() {
    flush();
    return then(ScriptedPeer::resetNow);
  }

  /** Has all input passed to a handler instead of the script. */
  public ScriptedPeer onBytes(BytesHandler handler) {
    bytesHandler = handler;
    return this;
  }

  /** Has a handler called at the end of input, whether by FIN, RST or refusal. */
  public ScriptedPeer onEnd(Consumer<ScriptedPeer> handler) {
    endHandler = handler;
    return this;
  }

  /** Makes an unexpected end of the connection end the script instead of failing the run. */
  public ScriptedPeer toleratesLoss() {
    toleratesLoss = true;
    return this;
  }

  /** Queues bytes to be sent at once, from a handler. */
  public void write(byte[] bytes) {
    if (!gone()) {
      output.add(bytes, bytes.length);
      simulation.enqueue(actor);
    }
  }

  /** Closes the connection at once, from a handler; what isn't written yet is dropped. */
  public void closeNow() {
    closed = true;
    output.skip(output.size());
    if (endpoint != null) {
      endpoint.close();
    }
  }

  /** Closes the connection with a RST at once, from a handler. */
  public void resetNow() {
    closed = true;
    output.skip(output.size());
    if (endpoint != null) {
      endpoint.closeWithReset();
    }
  }

  /** Has the script looked at again. */
  public void wake() {
    simulation.enqueue(actor);
  }

  /** Returns the name in messages. */
  public String name() {
    return name;
  }

  /** Returns this end of the connection, null if it was refused within the call. */
  public @Nullable SimEndpoint endpoint() {
    return endpoint;
  }

  /** Tells whether the script is at its end. */
  public boolean done() {
    return script.isEmpty();
  }

  /** Tells whether the script was given up because the connection was lost. */
  public boolean lost() {
    return lost;
  }

  /** Tells whether the connection was made. */
  public boolean connected() {
    return connected;
  }

  /** Tells whether the end of input has come. */
  public boolean ended() {
    return ended;
  }

  /** Tells whether the connection was reset by the other end. */
  public boolean wasReset() {
    return reset;
  }

  /** Tells whether the attempt to connect was refused. */
  public boolean refused() {
    return refused;
  }

  /** Tells whether this peer has closed the connection. */
  public boolean closed() {
    return closed;
  }

  /** Returns what {@link #expectUntil} has found last. */
  public String lastMatch() {
    return lastMatch;
  }

  /** Returns the input that no step has taken yet. */
  public String unread() {
    return input.text();
  }

  /** Returns how many bytes were received. */
  public long received() {
    return received;
  }

  /** Returns how many bytes were sent. */
  public long sent() {
    return sent;
  }

  @Override
  public String toString() {
    Step step = script.peek();
    return name
        + (step == null ? ", done" : ", at: " + step.what)
        + (refused ? ", refused" : connected ? ", connected" : ", connecting")
        + (ended ? ", ended" : "")
        + (reset ? ", reset" : "")
        + (closed ? ", closed" : "")
        + (input.size() > 0 ? ", unread \"" + printable(input.text()) + "\"" : "");
  }

  private ScriptedPeer step(String what, BooleanSupplier done) {
    script.add(new Step(what, done));
    simulation.enqueue(actor);
    return this;
  }

  private void attach(SimEndpoint endpoint) {
    this.endpoint = endpoint;
    endpoint.listener(() -> simulation.enqueue(actor));
    simulation.enqueue(actor);
  }

  private boolean gone() {
    return refused || reset || closed;
  }

  /** Called by a step that lacks input: false if more may come. */
  private boolean lose(String wanted) {
    if (!ended && !gone()) {
      return false;
    }
    if (!toleratesLoss) {
      throw new AssertionError(
          "%s still expected \"%s\" when the connection was over: %s"
              .formatted(name, printable(wanted), this));
    }
    lost = true;
    closeNow();
    return true;
  }

  private void act() {
    SimEndpoint present = endpoint;
    if (present != null && !closed) {
      transfer(present);
    }
    Step step = script.peek();
    if (step != null && step.done.getAsBoolean()) {
      simulation.trace().add("step", name, script.size());
      if (lost) {
        script.clear();
      } else {
        script.remove(step);
      }
      simulation.enqueue(actor);
    }
  }

  private void transfer(SimEndpoint present) {
    if (present.refused()) {
      if (!refused) {
        refused = true;
        present.close();
        endHandler.accept(this);
      }
      return;
    }
    connected = connected || present.established() || present.wasReset();
    if (!connected) {
      return;
    }
    try {
      if (output.size() > 0 && !present.wasReset()) {
        int n = output.writeTo(present);
        sent += n;
      }
      if (reading && !ended) {
        read(present);
      } else if (present.wasReset()) {
        onReset();
      }
    } catch (IOException e) {
      onReset();
    }
  }

  private void read(SimEndpoint present) throws IOException {
    byte[] array = simulation.piece();
    ByteBuffer piece = ByteBuffer.wrap(array);
    while (!closed) {
      piece.clear();
      int n = present.read(piece);
      if (n == 0) {
        return;
      }
      if (n < 0) {
        ended = true;
        endHandler.accept(this);
        return;
      }
      received += n;
      if (bytesHandler == null) {
        input.add(array, n);
      } else {
        bytesHandler.onBytes(this, Arrays.copyOf(array, n));
      }
    }
  }

  private void onReset() {
    if (!reset && !closed) {
      reset = true;
      output.skip(output.size());
      if (endpoint != null) {
        endpoint.close();
      }
      endHandler.accept(this);
      simulation.enqueue(actor);
    }
  }

  private static String printable(String text) {
    String shown = text.length() > 200 ? text.substring(0, 200) + "..." : text;
    return shown.replace("\r", "\\r").replace("\n", "\\n");
  }

  private final class Actor extends SimActor {
    @Override
    void act() {
      ScriptedPeer.this.act();
    }
  }
}
