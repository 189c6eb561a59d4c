package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.testkit.ScriptedPeer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A scripted peer's connection as plain bytes, clear or under TLS. */
final class Wire {
  /** Told of what comes. */
  interface Handler {
    /** Plain bytes may be sent; a clear connection may still be under way. */
    default void onReady(Wire wire) {}

    /** Plain bytes, which are the handler's to keep. */
    void onBytes(Wire wire, byte[] bytes);

    /** The end of input: clean, by FIN, or by RST. */
    void onEnd(Wire wire);
  }

  private final ScriptedPeer socket;
  private final @Nullable TlsEnd tls;
  private final Handler handler;
  private boolean ready;
  private boolean ended;
  private boolean cleanlyEnded;

  private Wire(ScriptedPeer socket, @Nullable TlsEnd tls, Handler handler) {
    this.socket = socket;
    this.tls = tls;
    this.handler = handler;
  }

  /**
   * Takes over a peer that has no script.
   *
   * @param tls makes its end of TLS, or null for a clear connection
   */
  static Wire over(ScriptedPeer socket, @Nullable Supplier<TlsEnd> tls, Handler handler) {
    Wire wire = new Wire(socket, tls == null ? null : tls.get(), handler);
    socket.onBytes((peer, bytes) -> wire.onRaw(bytes));
    socket.onEnd(peer -> wire.onRawEnd());
    if (wire.tls == null) {
      wire.becomeReady();
    } else {
      wire.pump(wire.tls);
    }
    return wire;
  }

  void write(String text) {
    write(text.getBytes(ISO_8859_1));
  }

  void write(byte[] plain) {
    TlsEnd end = tls;
    if (end == null) {
      socket.write(plain);
    } else {
      end.write(plain);
      pump(end);
    }
  }

  /** Ends output, behind everything that was written. */
  void finish() {
    sayGoodbye();
    socket.shutdownOutput();
  }

  /** Closes in order, behind everything that was written. */
  void close() {
    sayGoodbye();
    socket.close();
  }

  private void sayGoodbye() {
    TlsEnd end = tls;
    if (end != null) {
      end.close();
      pump(end);
    }
  }

  /** Closes the connection at once, under TLS without a word. */
  void closeNow() {
    socket.closeNow();
  }

  void reset() {
    socket.resetNow();
  }

  /** The peer under it. */
  ScriptedPeer socket() {
    return socket;
  }

  @Nullable TlsEnd tls() {
    return tls;
  }

  /** Sends what TLS has to say of itself. */
  void pump() {
    TlsEnd end = tls;
    if (end != null) {
      pump(end);
    }
  }

  boolean ended() {
    return ended;
  }

  /** Whether the input ended as it should: with close_notify under TLS, else with a FIN. */
  boolean cleanlyEnded() {
    return cleanlyEnded;
  }

  boolean over() {
    return socket.closed() || socket.wasReset() || socket.refused();
  }

  private void onRaw(byte[] bytes) {
    TlsEnd end = tls;
    if (end == null) {
      handler.onBytes(this, bytes);
    } else {
      end.feed(bytes);
      pump(end);
    }
  }

  private void pump(TlsEnd end) {
    byte[] out = end.drain();
    if (out.length > 0) {
      socket.write(out);
    }
    if (end.open()) {
      becomeReady();
    }
    byte[] plain = end.take();
    if (plain.length > 0) {
      handler.onBytes(this, plain);
    }
    if (end.peerClosed()) {
      cleanlyEnded = true;
      onEnd();
    }
  }

  private void onRawEnd() {
    cleanlyEnded |= tls == null && !socket.wasReset() && !socket.refused();
    onEnd();
  }

  private void becomeReady() {
    if (!ready) {
      ready = true;
      handler.onReady(this);
    }
  }

  private void onEnd() {
    if (!ended) {
      ended = true;
      handler.onEnd(this);
    }
  }
}
