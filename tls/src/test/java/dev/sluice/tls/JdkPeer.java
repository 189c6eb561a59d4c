package dev.sluice.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The JDK's engine as a peer. */
final class JdkPeer implements TlsPeer {
  final SSLEngine engine;
  private final ByteBuffer wire = ByteBuffer.allocate(4_000_000).limit(0);
  private final ByteBuffer plain = ByteBuffer.allocate(50_000);
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final ByteArrayOutputStream toSend = new ByteArrayOutputStream();
  private @Nullable SSLException problem;
  private boolean done;

  JdkPeer(SSLEngine engine) {
    this.engine = engine;
    try {
      engine.beginHandshake();
    } catch (SSLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void feed(byte[] bytes) {
    wire.compact().put(bytes).flip();
    try {
      while (wire.hasRemaining() && !engine.isInboundDone()) {
        runTasks();
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
          return;
        }
        plain.clear();
        SSLEngineResult result = engine.unwrap(wire, plain);
        note(result);
        received.write(plain.array(), 0, plain.position());
        runTasks();
        if (result.getStatus() != Status.OK) {
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
    ByteBuffer chunk = ByteBuffer.allocate(50_000);
    ByteBuffer source = ByteBuffer.wrap(done ? toSend.toByteArray() : new byte[0]);
    if (done) {
      toSend.reset();
    }
    try {
      for (int i = 0; i < 2_000; i++) {
        runTasks();
        boolean wrap =
            engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                || source.hasRemaining()
                || engine.isOutboundDone();
        if (!wrap) {
          if (engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP && wire.hasRemaining()) {
            int before = wire.remaining();
            feed(new byte[0]);
            if (wire.remaining() != before) {
              continue;
            }
          }
          break;
        }
        chunk.clear();
        SSLEngineResult result = engine.wrap(source, chunk);
        note(result);
        out.write(chunk.array(), 0, chunk.position());
        if (chunk.position() == 0 && result.bytesConsumed() == 0) {
          break;
        }
      }
    } catch (SSLException e) {
      fail(e);
    }
    toSend.write(source.array(), source.position(), source.remaining());
    if (wire.hasRemaining() && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
      feed(new byte[0]);
    }
    return out.toByteArray();
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
  public byte[] received() {
    return received.toByteArray();
  }

  @Override
  public boolean open() {
    return done && problem == null;
  }

  @Override
  public void close() {
    engine.closeOutbound();
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
