package dev.sluice.simulation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.handshake.PeerScript.Moment;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsOpenStatus;
import dev.sluice.tls.engine.TlsRole;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A wire with real TLS: our own sans-IO engine as the peer of our own transport. */
final class TlsWire implements Wire {
  private final ScriptedPeer socket;
  private final TlsEngine engine;
  private final Moment dies;
  private final boolean byReset;
  private final Handler handler;
  private final ByteBuffer in = ByteBuffer.allocate(2 * TlsEngine.RECORD_BYTES_MAX).limit(0);
  private boolean ready;
  private boolean over;

  TlsWire(ScriptedPeer socket, TlsEngine engine, Moment dies, boolean byReset, Handler handler) {
    this.socket = socket;
    this.engine = engine;
    this.dies = dies;
    this.byReset = byReset;
    this.handler = handler;
    socket.onBytes((from, bytes) -> onBytes(bytes));
    socket.onEnd(from -> onSocketEnd());
    socket.then(from -> begin());
  }

  private void begin() {
    if (over) {
      return;
    }
    if (dies == Moment.AFTER_ACCEPT) {
      die();
    } else if (engine.role() == TlsRole.CLIENT) {
      advance();
    }
  }

  private void onBytes(byte[] bytes) {
    if (over) {
      return;
    }
    if (dies == Moment.AFTER_HELLO) {
      die();
      return;
    }
    int at = 0;
    while (at < bytes.length && !over) {
      in.compact();
      int count = Math.min(in.remaining(), bytes.length - at);
      in.put(bytes, at, count).flip();
      at += count;
      advance();
      if (count == 0) {
        return;
      }
    }
  }

  private void advance() {
    while (engine.state() == TlsEngineState.HANDSHAKING) {
      engine.offer(in);
      if (!engine.handshakeWorkPending()) {
        break;
      }
      engine.runHandshakeStep();
    }
    drain();
    if (over || engine.state() == TlsEngineState.HANDSHAKING) {
      return;
    }
    if (!ready && engine.facts() != null) {
      ready = true;
      if (dies == Moment.AFTER_HANDSHAKE) {
        dieOnceSent();
        return;
      }
      handler.onReady(this);
    }
    ByteBuffer plain = ByteBuffer.allocate(TlsEngine.PLAIN_BYTES_MAX);
    TlsOpenStatus status;
    do {
      plain.clear();
      status = engine.open(in, plain);
      if (plain.position() > 0 && !over) {
        handler.onPlain(Arrays.copyOf(plain.array(), plain.position()));
      }
    } while (status == TlsOpenStatus.NEEDS_ROOM && !over);
    drain();
    if (status == TlsOpenStatus.ENDED) {
      end(true);
    } else if (status == TlsOpenStatus.FAILED) {
      end(false);
    }
  }

  private void drain() {
    ByteBuffer out = ByteBuffer.allocate(TlsEngine.RECORD_BYTES_MAX + 512);
    boolean all;
    do {
      out.clear();
      all = engine.drainOutput(out);
      if (out.position() > 0 && !over) {
        byte[] flight = Arrays.copyOf(out.array(), out.position());
        if (dies == Moment.IN_ANSWER) {
          socket.write(Arrays.copyOf(flight, flight.length / 2));
          dieOnceSent();
          return;
        }
        socket.write(flight);
      }
    } while (!all && out.position() > 0);
  }

  private void dieOnceSent() {
    over = true;
    if (byReset) {
      socket.reset();
    } else {
      socket.close();
    }
    handler.onEnd(false);
  }

  private void die() {
    over = true;
    if (byReset) {
      socket.resetNow();
    } else {
      socket.closeNow();
    }
    handler.onEnd(false);
  }

  private void onSocketEnd() {
    if (!over) {
      engine.transportEnded();
      end(engine.state() != TlsEngineState.FAILED && !socket.wasReset());
    } else if (!socket.closed()) {
      socket.close();
    }
  }

  private void end(boolean clean) {
    if (over) {
      return;
    }
    over = true;
    handler.onEnd(clean);
    if (engine.state() == TlsEngineState.INBOUND_ENDED) {
      engine.closeOutbound();
      ByteBuffer out = ByteBuffer.allocate(512);
      engine.drainOutput(out);
      socket.write(Arrays.copyOf(out.array(), out.position()));
    }
    socket.close();
  }

  @Override
  public void send(byte[] plain) {
    ByteBuffer from = ByteBuffer.wrap(plain);
    ByteBuffer out = ByteBuffer.allocate(TlsEngine.RECORD_BYTES_MAX + 512);
    while (from.hasRemaining() && !over && engine.state().sends()) {
      out.clear();
      engine.seal(from, out);
      socket.write(Arrays.copyOf(out.array(), out.position()));
    }
  }

  /** Sends plain HTTP in place of a handshake. */
  static void sendPlainHttp(ScriptedPeer socket) {
    socket.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(US_ASCII));
  }

  @Override
  public void endOutput() {
    throw new UnsupportedOperationException("half-close over TLS");
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      engine.closeOutbound();
      ByteBuffer out = ByteBuffer.allocate(512);
      engine.drainOutput(out);
      socket.write(Arrays.copyOf(out.array(), out.position()));
      socket.close();
    }
  }

  @Override
  public void closeNow() {
    over = true;
    socket.closeNow();
  }

  @Override
  public void resetWhenSent() {
    if (!over) {
      over = true;
      socket.reset();
    }
  }

  @Override
  public void stopReading() {
    socket.stopReading();
  }

  @Override
  public boolean connected() {
    return socket.connected();
  }

  @Override
  public boolean over() {
    return over || socket.closed();
  }

  @Override
  public @Nullable String protocol() {
    return engine.applicationProtocol();
  }
}
