package dev.sluice.acceptance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The JDK's engine as a peer: it sends session tickets, and updates its keys when asked to. */
final class JdkEnd implements TlsEnd {
  private final SSLEngine engine;
  private final ByteBuffer wire = ByteBuffer.allocate(1 << 20).limit(0);
  private final ByteBuffer plain = ByteBuffer.allocate(40_000);
  private final ByteBuffer chunk = ByteBuffer.allocate(40_000);
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final ByteArrayOutputStream toSend = new ByteArrayOutputStream();
  private @Nullable SSLException problem;
  private boolean done;
  private boolean closing;

  JdkEnd(SSLEngine engine) {
    this.engine = engine;
    begin();
  }

  /** Updates the keys of both directions (RFC 8446 4.6.3); TLS 1.3, after the handshake. */
  void updateKeys() {
    begin();
    assert engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP : "nothing to say";
  }

  private void begin() {
    try {
      engine.beginHandshake();
    } catch (SSLException e) {
      fail(e);
    }
  }

  @Override
  public void feed(byte[] bytes) {
    wire.compact().put(bytes).flip();
    unwrapAll();
  }

  private void unwrapAll() {
    try {
      while (wire.hasRemaining() && !engine.isInboundDone() && problem == null) {
        runTasks();
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP && !done) {
          return;
        }
        plain.clear();
        SSLEngineResult result = engine.unwrap(wire, plain);
        note(result);
        received.write(plain.array(), 0, plain.position());
        runTasks();
        if (result.getStatus() != SSLEngineResult.Status.OK
            || (result.bytesConsumed() == 0 && result.bytesProduced() == 0)) {
          return;
        }
      }
    } catch (SSLException e) {
      fail(e);
    }
  }

  @Override
  public byte[] drain() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      boolean more = true;
      while (more && problem == null) {
        more = wrapAll(out);
        int before = wire.remaining();
        unwrapAll();
        more |= wire.remaining() != before;
      }
      if (closing && toSend.size() == 0 && !engine.isOutboundDone()) {
        engine.closeOutbound();
        do {
          // Not every engine says that it needs this.
          chunk.clear();
          engine.wrap(ByteBuffer.allocate(0), chunk);
          out.write(chunk.array(), 0, chunk.position());
        } while (chunk.position() > 0);
      }
    } catch (SSLException e) {
      fail(e);
    }
    return out.toByteArray();
  }

  /** Returns whether anything came of it. */
  private boolean wrapAll(ByteArrayOutputStream out) throws SSLException {
    ByteBuffer source = ByteBuffer.wrap(done ? toSend.toByteArray() : new byte[0]);
    if (done) {
      toSend.reset();
    }
    boolean any = false;
    while (true) {
      runTasks();
      boolean wanted =
          engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP || source.hasRemaining();
      if (!wanted) {
        break;
      }
      chunk.clear();
      SSLEngineResult result = engine.wrap(source, chunk);
      note(result);
      out.write(chunk.array(), 0, chunk.position());
      if (chunk.position() == 0 && result.bytesConsumed() == 0) {
        break;
      }
      any = true;
    }
    toSend.write(source.array(), source.position(), source.remaining());
    return any;
  }

  private void note(SSLEngineResult result) {
    if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
      done = true;
    }
  }

  private void fail(SSLException e) {
    if (problem == null) {
      problem = e;
    }
  }

  private void runTasks() {
    Runnable task;
    while ((task = engine.getDelegatedTask()) != null) {
      task.run();
    }
  }

  @Override
  public void write(byte[] bytes) {
    toSend.writeBytes(bytes);
  }

  @Override
  public byte[] take() {
    byte[] bytes = received.toByteArray();
    received.reset();
    return bytes;
  }

  @Override
  public void close() {
    closing = true;
  }

  @Override
  public boolean open() {
    return done && problem == null;
  }

  @Override
  public boolean peerClosed() {
    return engine.isInboundDone() && problem == null;
  }

  @Override
  public String protocol() {
    return Objects.requireNonNullElse(engine.getApplicationProtocol(), "");
  }

  @Override
  public String problem() {
    return problem == null ? "" : problem.toString();
  }
}
