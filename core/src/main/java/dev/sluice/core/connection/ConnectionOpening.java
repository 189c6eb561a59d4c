package dev.sluice.core.connection;

import dev.sluice.core.loop.Interest;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.transport.HandshakeStatus;
import dev.sluice.core.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of a connection to its mux: connecting, the transport's handshake, and on a clear
 * listener the recognition of the first bytes. Ends in {@link MuxInstaller}, once. Confined to its
 * loop.
 */
final class ConnectionOpening {
  private final Connection connection;
  private final SocketPort port;
  private final Transport transport;
  private final ConnectionInput input;
  private boolean recognizing;

  ConnectionOpening(
      Connection connection, SocketPort port, Transport transport, ConnectionInput input) {
    this.connection = connection;
    this.port = port;
    this.transport = transport;
    this.input = input;
  }

  /** Dials, within the owner's call, which returns what it came to. */
  void connect(@Nullable SocketAddress source) {
    connection.times().begin(connection.nowNanos());
    connection.armStage(CloseCause.CONNECT_TIMEOUT, connection.timeouts().connect().toNanos());
    try {
      port.connect(connection.target().address(), source, connection);
    } catch (IOException e) {
      MuxInstaller.fail(connection, SocketPort.connectFailure(e), false);
      return;
    }
    if (port.connected()) {
      onConnected(false);
    } else {
      port.interest(Interest.CONNECT);
    }
  }

  /** The socket of a connecting connection is ready. */
  void finishConnect() {
    try {
      if (!port.finishConnect()) {
        return;
      }
    } catch (IOException e) {
      MuxInstaller.fail(connection, SocketPort.connectFailure(e), true);
      return;
    }
    onConnected(true);
  }

  /** The TCP connection stands: the handshake begins. */
  void onConnected(boolean tellOwner) {
    connection.enter(ConnectionState.HANDSHAKING);
    connection.times().connected(connection.nowNanos());
    connection.armStage(CloseCause.HANDSHAKE_TIMEOUT, connection.timeouts().handshake().toNanos());
    transport.start();
    afterHandshakeStep(tellOwner);
  }

  /** The socket of a handshaking connection is ready. */
  void onHandshakeReady(int readyOps) {
    if (recognizing) {
      recognize();
    } else {
      transport.onReady(readyOps);
      afterHandshakeStep(true);
    }
  }

  /** The transport has been called: looks how far it is. */
  void afterHandshakeStep(boolean tellOwner) {
    if (connection.state() != ConnectionState.HANDSHAKING || connection.dying()) {
      return;
    }
    HandshakeStatus status = transport.handshakeStatus();
    if (status == HandshakeStatus.FAILED) {
      Failure cause = transport.failure();
      MuxInstaller.fail(
          connection, cause != null ? cause : Failure.of(CloseCause.HANDSHAKE_FAILED), tellOwner);
    } else if (status == HandshakeStatus.COMPLETE) {
      if (recognizers().isEmpty()) {
        MuxInstaller.complete(connection, null, tellOwner);
      } else {
        recognizing = true;
        connection.armStage(
            CloseCause.CLIENT_TIMEOUT, connection.timeouts().httpRequest().toNanos());
        port.interest(Interest.READ);
      }
    }
  }

  /** The first bytes on a clear listener are the negotiation. */
  private void recognize() {
    ByteBuffer bytes = input.peek();
    if (bytes == null || connection.state() != ConnectionState.HANDSHAKING) {
      return;
    }
    Recognizer.Verdict verdict = Recognizer.ask(recognizers(), bytes);
    boolean noMore = input.ended() || input.isFull();
    if (verdict.more() && !noMore) {
      return;
    }
    if (input.ended() && !bytes.hasRemaining()) {
      MuxInstaller.fail(
          connection, new Failure(CloseCause.CLIENT_ABORT, "closed before the first byte"), true);
      return;
    }
    recognizing = false;
    MuxInstaller.complete(connection, verdict.provider(), true);
  }

  private List<MuxProvider> recognizers() {
    return connection.settings().recognizers();
  }
}
