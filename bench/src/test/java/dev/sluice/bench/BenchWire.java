package dev.sluice.bench;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsOpenStatus;
import dev.sluice.tls.engine.TlsRole;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A peer's end of a simulated connection, clear or over TLS; above it are plain bytes. */
final class BenchWire {
  private final ScriptedPeer socket;
  private final BenchPeer above;
  private final @Nullable TlsEngine engine;
  private final ByteBuffer in = ByteBuffer.allocate(2 * TlsEngine.RECORD_BYTES_MAX).limit(0);
  private final ByteBuffer plain = ByteBuffer.allocate(TlsEngine.PLAIN_BYTES_MAX);
  private final ByteBuffer out = ByteBuffer.allocate(TlsEngine.RECORD_BYTES_MAX + 512);
  private boolean ready;

  BenchWire(ScriptedPeer socket, @Nullable TlsEngine engine, BenchPeer above) {
    this.socket = socket;
    this.engine = engine;
    this.above = above;
    socket.onBytes((from, bytes) -> onBytes(bytes));
    socket.then(from -> begin());
  }

  private void begin() {
    if (engine == null) {
      ready = true;
      above.onReady(this);
    } else if (engine.role() == TlsRole.CLIENT) {
      advance(engine);
    }
  }

  private void onBytes(byte[] bytes) {
    if (engine == null) {
      above.onBytes(this, bytes, bytes.length);
      return;
    }
    for (int at = 0; at < bytes.length; ) {
      in.compact();
      int count = Math.min(in.remaining(), bytes.length - at);
      in.put(bytes, at, count).flip();
      at += count;
      advance(engine);
    }
  }

  private void advance(TlsEngine tls) {
    while (tls.state() == TlsEngineState.HANDSHAKING) {
      tls.offer(in);
      if (!tls.handshakeWorkPending()) {
        break;
      }
      tls.runHandshakeStep();
    }
    drain(tls);
    if (tls.state() == TlsEngineState.HANDSHAKING) {
      return;
    }
    if (tls.state() == TlsEngineState.FAILED) {
      throw new IllegalStateException("TLS failed: " + tls.failure());
    }
    if (!ready) {
      ready = true;
      above.onReady(this);
    }
    TlsOpenStatus status;
    do {
      plain.clear();
      status = tls.open(in, plain);
      if (plain.position() > 0) {
        above.onBytes(this, plain.array(), plain.position());
      }
    } while (status == TlsOpenStatus.NEEDS_ROOM);
    drain(tls);
  }

  private void drain(TlsEngine tls) {
    boolean all;
    do {
      out.clear();
      all = tls.drainOutput(out);
      if (out.position() > 0) {
        socket.write(Arrays.copyOf(out.array(), out.position()));
      }
    } while (!all);
  }

  void send(byte[] bytes) {
    if (engine == null) {
      socket.write(bytes);
      return;
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    while (from.hasRemaining()) {
      out.clear();
      engine.seal(from, out);
      socket.write(Arrays.copyOf(out.array(), out.position()));
    }
  }
}
