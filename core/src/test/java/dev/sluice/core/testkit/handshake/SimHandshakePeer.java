package dev.sluice.core.testkit.handshake;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.transport.ProxyHeader;
import dev.sluice.core.transport.ProxyHeaderDecoder;
import dev.sluice.core.transport.ProxyHeaderEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer's end of a connection: the simulated handshake, or none, over a {@link ScriptedPeer}, with
 * whatever a script wants to go wrong in it. Above it are plain bytes.
 */
public final class SimHandshakePeer {
  /** Told of what comes out of the handshake. */
  public interface PlainHandler {
    /** The handshake is done, or there is none; plain bytes may be sent. */
    void onReady(SimHandshakePeer peer);

    /** Plain bytes are here, which are the handler's to keep. */
    void onPlain(SimHandshakePeer peer, byte[] bytes);

    /** The connection is over, cleanly or not. */
    void onEnd(SimHandshakePeer peer);
  }

  private final Simulation simulation;
  private final ScriptedPeer wire;
  private final PeerScript script;
  private final boolean server;
  private final PlainHandler handler;
  private final ProxyHeaderDecoder prelude = new ProxyHeaderDecoder();
  private byte[] input = {};
  private boolean ready;
  private boolean over;
  private @Nullable String protocol;
  private String serverName = "";
  private List<String> offered = List.of();

  private SimHandshakePeer(
      Simulation simulation,
      ScriptedPeer wire,
      PeerScript script,
      boolean server,
      PlainHandler handler) {
    this.simulation = simulation;
    this.wire = wire;
    this.script = script;
    this.server = server;
    this.handler = handler;
    wire.onBytes((peer, bytes) -> onWire(bytes));
    wire.onEnd(peer -> onWireEnd());
  }

  /** The server's end of an accepted connection. */
  public static SimHandshakePeer server(
      Simulation simulation, ScriptedPeer wire, PeerScript script, PlainHandler handler) {
    SimHandshakePeer peer = new SimHandshakePeer(simulation, wire, script, true, handler);
    if (script.moment() == PeerScript.Moment.AFTER_ACCEPT) {
      peer.die();
    } else if (!script.negotiates()) {
      peer.becomeReady();
    }
    return peer;
  }

  /**
   * The client's end of a connection that is being made.
   *
   * @param offers the protocols to offer, if the script negotiates
   */
  public static SimHandshakePeer client(
      Simulation simulation,
      ScriptedPeer wire,
      PeerScript script,
      List<String> offers,
      String name,
      PlainHandler handler) {
    SimHandshakePeer peer = new SimHandshakePeer(simulation, wire, script, false, handler);
    wire.then(
        connected -> {
          if (connected.refused() || connected.wasReset() || connected.closed()) {
            peer.onWireEnd();
            return;
          }
          ProxyHeader header = script.header();
          if (header != null) {
            peer.wire.write(ProxyHeaderEncoder.encode(header));
          }
          if (script.moment() == PeerScript.Moment.AFTER_ACCEPT) {
            peer.die();
          } else if (!script.negotiates()) {
            peer.becomeReady();
          } else if (script.answer() == PeerScript.Answer.GARBAGE) {
            peer.wire.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(US_ASCII));
          } else if (script.answer() != PeerScript.Answer.SILENCE) {
            peer.sendHello(offers, name);
          }
        });
    return peer;
  }

  private void sendHello(List<String> offers, String name) {
    byte[] hello = SimRecords.hello(offers, name);
    if (script.moment() == PeerScript.Moment.IN_ANSWER) {
      wire.write(Arrays.copyOf(hello, hello.length / 2));
      dieOnceSent();
      return;
    }
    wire.write(hello);
    if (script.moment() == PeerScript.Moment.AFTER_HELLO) {
      dieOnceSent();
    }
  }

  // ---- what tests ask

  /** The peer of the wire. */
  public ScriptedPeer wire() {
    return wire;
  }

  /** Whether plain bytes may be sent. */
  public boolean ready() {
    return ready;
  }

  /** Whether the connection is over. */
  public boolean over() {
    return over || wire.closed();
  }

  /** What was agreed on; null before, and if nothing was. */
  public @Nullable String protocol() {
    return protocol;
  }

  /** The PROXY header that a client has sent; null before, and if it sends none. */
  public @Nullable ProxyHeader header() {
    return prelude.header();
  }

  /** The name that a client asked for. */
  public String serverName() {
    return serverName;
  }

  /** The protocols that a client offered. */
  public List<String> offered() {
    return offered;
  }

  /** Sends plain bytes. */
  public void send(byte[] plain) {
    if (!over()) {
      wire.write(script.negotiates() ? SimRecords.data(plain) : plain);
    }
  }

  /** Ends the connection cleanly, once everything is sent. */
  public void close() {
    if (!over()) {
      if (script.negotiates() && ready) {
        wire.write(SimRecords.empty(SimRecords.CLOSE));
      }
      wire.close();
    }
  }

  /** Closes the connection at once: what isn't sent is lost. */
  public void closeNow() {
    wire.closeNow();
  }

  /** Resets the connection at once. */
  public void reset() {
    wire.resetNow();
  }

  // ---- from the wire

  private void onWire(byte[] wireBytes) {
    if (over()) {
      return;
    }
    byte[] bytes = script.readsHeader() ? afterHeader(wireBytes) : wireBytes;
    if (bytes.length == 0) {
      return;
    }
    if (!script.negotiates()) {
      handler.onPlain(this, bytes);
      return;
    }
    int old = input.length;
    input = Arrays.copyOf(input, old + bytes.length);
    System.arraycopy(bytes, 0, input, old, bytes.length);
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    ByteBuffer records = ByteBuffer.wrap(input);
    while (!over() && records.remaining() >= SimRecords.HEADER_BYTES) {
      int length = records.getShort(records.position() + 1) & 0xffff;
      if (records.remaining() < SimRecords.HEADER_BYTES + length) {
        break;
      }
      int type = records.get();
      records.getShort();
      ByteBuffer payload = records.slice(records.position(), length);
      records.position(records.position() + length);
      onRecord(type, payload, plain);
    }
    input = Arrays.copyOfRange(input, records.position(), input.length);
    if (plain.size() > 0) {
      handler.onPlain(this, plain.toByteArray());
    }
  }

  private byte[] afterHeader(byte[] bytes) {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (prelude.needed() > 0 && rest.hasRemaining()) {
      ByteBuffer space = prelude.space();
      int count = Math.min(space.remaining(), rest.remaining());
      space.put(rest.slice(rest.position(), count));
      rest.position(rest.position() + count);
      prelude.put(count);
    }
    if (prelude.problem() != null) {
      throw new AssertionError("a bad PROXY header came: " + prelude.problem());
    }
    return Arrays.copyOfRange(bytes, rest.position(), bytes.length);
  }

  private void onRecord(int type, ByteBuffer payload, ByteArrayOutputStream plain) {
    switch (type) {
      case SimRecords.HELLO -> {
        offered = SimRecords.protocols(payload);
        serverName = SimRecords.text(payload);
        onHello();
      }
      case SimRecords.ANSWER -> {
        String chosen = SimRecords.text(payload);
        protocol = chosen.isEmpty() ? null : chosen;
        if (script.moment() == PeerScript.Moment.AFTER_HANDSHAKE) {
          wire.write(SimRecords.empty(SimRecords.FINISHED));
          dieOnceSent();
          return;
        }
        wire.write(SimRecords.empty(SimRecords.FINISHED));
        becomeReady();
      }
      case SimRecords.FINISHED -> {
        if (script.moment() == PeerScript.Moment.AFTER_HANDSHAKE) {
          die();
        } else {
          becomeReady();
        }
      }
      case SimRecords.DATA -> {
        byte[] piece = new byte[payload.remaining()];
        payload.get(piece);
        plain.writeBytes(piece);
      }
      case SimRecords.CLOSE -> {
        byte[] before = plain.toByteArray();
        plain.reset();
        if (before.length > 0) {
          handler.onPlain(this, before);
        }
        onWireEnd();
      }
      case SimRecords.ALERT -> onWireEnd();
      default -> throw new AssertionError("record " + type);
    }
  }

  private void onHello() {
    if (script.moment() == PeerScript.Moment.AFTER_HELLO) {
      die();
      return;
    }
    if (script.delayNanos() > 0) {
      simulation.network().schedule(script.delayNanos(), this::answer);
    } else {
      answer();
    }
  }

  private void answer() {
    if (over()) {
      return;
    }
    byte[] answer =
        switch (script.answer()) {
          case PROTOCOL -> {
            protocol = script.protocol().isEmpty() ? null : script.protocol();
            yield SimRecords.answer(script.protocol());
          }
          case FIRST_OFFERED -> {
            protocol = offered.isEmpty() ? null : offered.get(0);
            yield SimRecords.answer(protocol == null ? "" : protocol);
          }
          case ALERT -> SimRecords.alert(SimRecords.NO_APPLICATION_PROTOCOL);
          case GARBAGE -> "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII);
          case SILENCE -> new byte[0];
        };
    if (script.moment() == PeerScript.Moment.IN_ANSWER) {
      wire.write(Arrays.copyOf(answer, Math.max(1, answer.length / 2)));
      dieOnceSent();
      return;
    }
    wire.write(answer);
  }

  private void becomeReady() {
    if (!ready && !over()) {
      ready = true;
      handler.onReady(this);
    }
  }

  private void dieOnceSent() {
    wire.flush();
    wire.then(peer -> die());
  }

  private void die() {
    if (script.byReset()) {
      wire.resetNow();
    } else {
      wire.closeNow();
    }
    onWireEnd();
  }

  private void onWireEnd() {
    if (!over) {
      over = true;
      handler.onEnd(this);
      // A peer that has nothing more to say closes too, so that nothing is left open.
      if (!wire.closed()) {
        wire.close();
      }
    }
  }

  /** Whether this is the server's end. */
  public boolean server() {
    return server;
  }
}
