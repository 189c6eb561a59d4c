package dev.sluice.tls;

import dev.sluice.core.loop.Interest;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.SessionFacts;
import dev.sluice.core.transport.ApplicationProtocol;
import dev.sluice.core.transport.HandshakeStatus;
import dev.sluice.core.transport.LentStep;
import dev.sluice.core.transport.Transport;
import dev.sluice.core.transport.TransportHost;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsFailure;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsOpenStatus;
import dev.sluice.tls.engine.TlsRole;
import dev.sluice.tls.engine.TlsSessionFacts;
import dev.sluice.tls.engine.TlsVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Binds a {@link TlsEngine} to a connection. Confined to its loop; each step of the handshake is
 * lent to the executor, and while it is away nothing here touches the engine. A connection that is
 * closed meanwhile gives its buffers back at once, none of them went with the step; the engine
 * alone stays until the step returns.
 *
 * <pre>
 * NOT_STARTED -start-> IN_PROGRESS -lend-> LENT -onReturned-> IN_PROGRESS -> COMPLETE | FAILED
 * </pre>
 */
final class TlsTransport implements Transport, LentStep {
  /**
   * The one thing said in the clear, to a client that speaks HTTP to a TLS port and could not read
   * an alert.
   */
  private static final byte[] PLAIN_HTTP_ANSWER =
      """
      HTTP/1.1 400 Bad Request\r
      Content-Type: text/plain\r
      Content-Length: 49\r
      Connection: close\r
      \r
      This port speaks TLS. Use https:// to reach it.\r
      """
          .getBytes(StandardCharsets.US_ASCII);

  private enum Ending {
    NONE,
    ASKED,
    SENT
  }

  private final TransportHost host;
  private final TlsEngine engine;
  private final TlsInput input;
  private final TlsOutput output;
  private HandshakeStatus status = HandshakeStatus.NOT_STARTED;
  private Ending ending = Ending.NONE;
  private boolean wireEnded;
  private boolean released;
  private boolean bufferedInput;
  private boolean awaitingBuffer;
  private @Nullable Failure failure;

  TlsTransport(TransportHost host, TlsEngine engine, RecordSizing sizing) {
    this.host = host;
    this.engine = engine;
    this.input = new TlsInput(host, engine);
    this.output = new TlsOutput(host, engine, sizing);
  }

  // Handshake

  @Override
  public void start() {
    assert status == HandshakeStatus.NOT_STARTED;
    status = HandshakeStatus.IN_PROGRESS;
    advance();
  }

  @Override
  public HandshakeStatus handshakeStatus() {
    return status;
  }

  @Override
  public void onReady(int readyOps) {
    if (status == HandshakeStatus.IN_PROGRESS) {
      advance();
    }
  }

  @Override
  public void run() {
    engine.runHandshakeStep();
  }

  @Override
  public void onReturned() {
    if (released) {
      return;
    }
    status = HandshakeStatus.IN_PROGRESS;
    advance();
  }

  @Override
  public void onRefused(Failure why) {
    if (!released) {
      status = HandshakeStatus.IN_PROGRESS;
      fail(why);
    }
  }

  /** Goes on with the handshake until it needs the socket, the executor, or nothing any more. */
  private void advance() {
    while (status == HandshakeStatus.IN_PROGRESS) {
      output.drainEngine();
      boolean sent = output.send();
      if (output.exhausted()) {
        fail(new Failure(CloseCause.RESOURCE_LIMIT, "no buffer for a handshake message"));
      } else if (awaitingBuffer) {
        awaitingBuffer = false;
        host.interest(Interest.NONE);
        host.awaitHeapBuffer();
        return;
      } else if (engine.state() == TlsEngineState.FAILED) {
        failHandshake();
      } else if (host.socketFailure() != null && !engine.handshakeWorkPending()) {
        if (!takeLastInput()) {
          fail(
              new Failure(
                  CloseCause.HANDSHAKE_CLOSED,
                  "the connection broke during the handshake: " + host.socketFailure()));
        }
      } else if (engine.state() != TlsEngineState.HANDSHAKING) {
        status = HandshakeStatus.COMPLETE;
        bufferedInput = true;
      } else if (engine.handshakeWorkPending()) {
        status = HandshakeStatus.LENT;
        host.interest(Interest.NONE);
        host.lend(this);
      } else if (!takeInput()) {
        host.interest(sent ? Interest.READ : Interest.READ | Interest.WRITE);
        return;
      }
    }
  }

  /** Offers what is here, or what the socket has. Returns false if more has to be waited for. */
  private boolean takeInput() {
    input.offer();
    if (engine.handshakeWorkPending() || engine.state() == TlsEngineState.FAILED) {
      return true;
    }
    int count = input.receive();
    switch (count) {
      case 0 -> {
        return false;
      }
      case END -> engine.transportEnded();
      case FAILED -> {
        // The loop above asks the host why.
      }
      case NO_BUFFER -> awaitingBuffer = true;
      default -> input.offer();
    }
    return true;
  }

  /**
   * The socket is broken, perhaps for sending alone: what the peer sent before may hold the alert
   * that tells why. Returns false if there is nothing more to learn.
   */
  private boolean takeLastInput() {
    if (input.receive() <= 0) {
      return false;
    }
    input.offer();
    return true;
  }

  private void failHandshake() {
    TlsFailure why = engine.failure();
    if (why != null
        && why.cause() == TlsFailureCause.PLAIN_HTTP
        && engine.role() == TlsRole.SERVER) {
      output.putClear(PLAIN_HTTP_ANSWER);
      output.send();
    }
    // Best effort, as the alert was: the connection closes next.
    host.shutdownOutput();
    fail(TlsFailures.failure(engine, true));
  }

  private void fail(Failure why) {
    if (failure == null) {
      failure = why;
    }
    if (status != HandshakeStatus.COMPLETE) {
      status = HandshakeStatus.FAILED;
    }
  }

  @Override
  public ApplicationProtocol applicationProtocol() {
    return ApplicationProtocol.of(engine.applicationProtocol());
  }

  @Override
  public @Nullable String serverName() {
    TlsSessionFacts facts = status == HandshakeStatus.COMPLETE ? engine.facts() : null;
    return facts == null ? null : facts.serverName();
  }

  @Override
  public SessionFacts sessionFacts() {
    TlsSessionFacts facts = status == HandshakeStatus.COMPLETE ? engine.facts() : null;
    if (facts == null) {
      return SessionFacts.NONE;
    }
    TlsGroup group = facts.group();
    return new SessionFacts(
        facts.version().text(),
        facts.suite().name(),
        group == null ? "" : group.name(),
        facts.serverName(),
        applicationProtocol().token(),
        facts.resumed());
  }

  // Input

  @Override
  public int readRoomMin() {
    return TlsEngine.PLAIN_BYTES_MAX;
  }

  @Override
  public int read(ByteBuffer plain) {
    assert status == HandshakeStatus.COMPLETE && plain.remaining() >= TlsEngine.PLAIN_BYTES_MAX;
    if (failure != null) {
      return FAILED;
    }
    int before = plain.position();
    input.open(plain);
    if (plain.position() == before && input.stopped() == TlsOpenStatus.NEEDS_WIRE && !wireEnded) {
      int count = input.receive();
      if (count > 0) {
        input.open(plain);
      } else if (count == END) {
        wireEnded = true;
      } else if (count == FAILED) {
        return FAILED;
      } else if (count == NO_BUFFER) {
        return NO_BUFFER;
      }
    }
    if (engine.outputPending()) {
      // An answer of the protocol's own, such as the refusal of a renegotiation, waits for no write
      // of ours.
      output.drainEngine();
      output.send();
    }
    int produced = plain.position() - before;
    TlsOpenStatus stopped = input.stopped();
    if (produced > 0) {
      // What stopped it is told by the next call; bytes that are here raise no event.
      bufferedInput = stopped != TlsOpenStatus.NEEDS_WIRE || wireEnded;
      return produced;
    }
    bufferedInput = false;
    return stopped == TlsOpenStatus.NEEDS_WIRE && !wireEnded ? 0 : ended(stopped);
  }

  private int ended(@Nullable TlsOpenStatus stopped) {
    if (stopped == TlsOpenStatus.NEEDS_WIRE) {
      engine.transportEnded();
    }
    if (engine.state() != TlsEngineState.FAILED) {
      return END;
    }
    // The alert that tells the peer why.
    output.drainEngine();
    output.send();
    fail(TlsFailures.failure(engine, false));
    return FAILED;
  }

  @Override
  public boolean hasBufferedInput() {
    return bufferedInput;
  }

  // Output

  @Override
  public int write(ByteBuffer plain) {
    assert ending == Ending.NONE : "write after the end";
    return failure == null ? output.write(plain) : 0;
  }

  @Override
  public boolean writeReserved(ByteBuffer plain) {
    assert ending == Ending.NONE : "write after the end";
    return failure == null && output.writeReserved(plain);
  }

  @Override
  public int writableBytes() {
    return failure == null && ending == Ending.NONE ? output.room() : 0;
  }

  @Override
  public boolean flush() {
    if (status != HandshakeStatus.COMPLETE) {
      return false;
    }
    output.sealGathered();
    if (ending == Ending.ASKED) {
      engine.closeOutbound();
    }
    output.drainEngine();
    if (engine.state() == TlsEngineState.FAILED) {
      fail(TlsFailures.failure(engine, false));
    }
    if (output.exhausted()) {
      fail(new Failure(CloseCause.RESOURCE_LIMIT, "no buffer for output"));
    }
    if (!output.send() || failure != null) {
      return false;
    }
    if (ending == Ending.ASKED) {
      ending = Ending.SENT;
      host.shutdownOutput();
    }
    return true;
  }

  @Override
  public boolean hasPendingOutput() {
    return ending == Ending.ASKED || (!released && !output.isEmpty());
  }

  @Override
  public boolean supportsHalfClose() {
    // RFC 8446 6.1: close_notify ends one direction. In TLS 1.2 its receiver must answer at once
    // and drop what it still had to send (RFC 5246 7.2.1).
    TlsSessionFacts facts = status == HandshakeStatus.COMPLETE ? engine.facts() : null;
    return facts != null && facts.version() == TlsVersion.TLS_1_3;
  }

  @Override
  public void endOutput() {
    if (ending == Ending.NONE) {
      ending = Ending.ASKED;
    }
  }

  @Override
  public boolean movable() {
    return status == HandshakeStatus.COMPLETE
        && failure == null
        && ending == Ending.NONE
        && !bufferedInput
        && !engine.outputPending()
        && input.isEmpty()
        && output.isEmpty();
  }

  @Override
  public void onMoved() {
    output.moveTo(host.directBuffers());
  }

  // End

  @Override
  public @Nullable Failure failure() {
    Failure own = failure;
    return own != null ? own : host.socketFailure();
  }

  @Override
  public void release() {
    if (!released) {
      released = true;
      host.forget();
      input.release();
      output.release();
    }
  }
}
