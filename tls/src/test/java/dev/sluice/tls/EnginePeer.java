package dev.sluice.tls;

import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsFailure;
import dev.sluice.tls.engine.TlsOpenStatus;
import dev.sluice.tls.engine.TlsSessionFacts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Our engine as a peer. Buffers are as small as the contract allows, so that NEEDS_ROOM and partial
 * drains happen.
 */
final class EnginePeer implements TlsPeer {
  final TlsEngine engine;
  private final ByteBuffer wire = ByteBuffer.allocate(2 * TlsEngine.RECORD_BYTES_MAX).limit(0);
  private final ByteBuffer plain = ByteBuffer.allocate(TlsEngine.PLAIN_BYTES_MAX);
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final ByteArrayOutputStream toSend = new ByteArrayOutputStream();
  private boolean closing;

  EnginePeer(TlsEngine engine) {
    this.engine = engine;
  }

  @Override
  public void feed(byte[] bytes) {
    int at = 0;
    do {
      wire.compact();
      int count = Math.min(wire.remaining(), bytes.length - at);
      wire.put(bytes, at, count).flip();
      at += count;
      process();
      if (count == 0) {
        // Only a failed or closed engine leaves whole records behind.
        return;
      }
    } while (at < bytes.length);
  }

  private void process() {
    while (engine.state() == TlsEngineState.HANDSHAKING) {
      engine.offer(wire);
      if (!engine.handshakeWorkPending()) {
        return;
      }
      engine.runHandshakeStep();
    }
    TlsOpenStatus status;
    do {
      plain.clear();
      status = engine.open(wire, plain);
      received.write(plain.array(), 0, plain.position());
    } while (status == TlsOpenStatus.NEEDS_ROOM);
  }

  @Override
  public byte[] drain() {
    if (engine.handshakeWorkPending()) {
      engine.runHandshakeStep();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer chunk = ByteBuffer.allocate(TlsEngine.RECORD_BYTES_MAX + 100);
    ByteBuffer pending = ByteBuffer.wrap(toSend.toByteArray());
    toSend.reset();
    do {
      chunk.clear();
      if (pending.hasRemaining() && engine.state().sends()) {
        engine.seal(pending, chunk);
      } else {
        engine.drainOutput(chunk);
      }
      out.write(chunk.array(), 0, chunk.position());
    } while (chunk.position() > 0);
    toSend.write(pending.array(), pending.position(), pending.remaining());
    if (closing && !pending.hasRemaining()) {
      engine.closeOutbound();
      chunk.clear();
      engine.drainOutput(chunk);
      out.write(chunk.array(), 0, chunk.position());
    }
    return out.toByteArray();
  }

  @Override
  public void write(byte[] bytes) {
    toSend.writeBytes(bytes);
  }

  @Override
  public byte[] received() {
    return received.toByteArray();
  }

  @Override
  public boolean open() {
    return engine.facts() != null && engine.state() != TlsEngineState.FAILED;
  }

  boolean handshakeWasDone() {
    return engine.facts() != null;
  }

  @Override
  public void close() {
    closing = true;
  }

  @Override
  public boolean peerClosed() {
    return engine.state() == TlsEngineState.INBOUND_ENDED
        || engine.state() == TlsEngineState.CLOSED;
  }

  @Override
  public String protocol() {
    return Objects.requireNonNullElse(engine.applicationProtocol(), "");
  }

  @Override
  public String problem() {
    TlsFailure failure = engine.failure();
    return failure == null ? "" : failure.toString();
  }

  TlsSessionFacts facts() {
    return Objects.requireNonNull(engine.facts());
  }

  TlsFailure failure() {
    return Objects.requireNonNull(engine.failure());
  }

  ByteBuffer unread() {
    return wire;
  }
}
