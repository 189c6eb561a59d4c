package dev.sluice.core.connection;

import dev.sluice.core.loop.Interest;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.transport.HandshakeStatus;
import dev.sluice.core.transport.PreludeTransport;
import dev.sluice.core.transport.ProxyHeader;
import dev.sluice.core.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of a connection to its mux: connecting, the PROXY header, the transport's handshake, and
 * on a clear listener the recognition of the first bytes. Ends in {@link MuxInstaller}, once.
 * Confined to its loop.
 */
final class ConnectionOpening {
  private final Connection connection;
  private final SocketPort port;
  private final Transport transport;
  private final ConnectionInput input;
  private @Nullable PreludeTransport prelude;
  private @Nullable ConnectRace race;

  /** What a client's PROXY header has told. */
  private @Nullable ProxyHeader received;

  private boolean recognizing;

  ConnectionOpening(
      Connection connection, SocketPort port, Transport transport, ConnectionInput input) {
    this.connection = connection;
    this.port = port;
    this.transport = transport;
    this.input = input;
  }

  /** Dials, within the owner's call, which returns what it came to. */
  void connect(@Nullable SocketAddress source, @Nullable ProxyHeader header) {
    if (header != null) {
      prelude = PreludeTransport.sending(new ConnectionTransportHost(connection, port), header);
    }
    connection.times().begin(connection.nowNanos());
    connection.armStage(CloseCause.CONNECT_TIMEOUT, connection.timeouts().connect().toNanos());
    SocketAddress address = connection.target().address();
    AddressBook book = connection.settings().addressBook();
    if (book == null || !book.name().equals(address)) {
      connectTo(address, source);
      return;
    }
    List<InetSocketAddress> addresses = book.order();
    if (addresses.isEmpty()) {
      String detail = "no address is known of " + book.name().getHostString();
      MuxInstaller.fail(connection, new Failure(CloseCause.NO_SERVER, detail), false);
    } else if (addresses.size() == 1) {
      connectTo(addresses.get(0), source);
    } else {
      ConnectRace begun = new ConnectRace(connection, this, port, book, addresses, source);
      race = begun;
      begun.begin();
    }
  }

  private void connectTo(SocketAddress address, @Nullable SocketAddress source) {
    try {
      port.connect(address, source, connection);
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
    if (connection.settings().readsProxyHeader()) {
      prelude = PreludeTransport.reading(new ConnectionTransportHost(connection, port));
    }
    PreludeTransport first = prelude;
    if (first == null) {
      transport.start();
      afterHandshakeStep(tellOwner);
    } else {
      first.start();
      afterPrelude(first, tellOwner);
    }
  }

  /** The socket of a handshaking connection is ready. */
  void onHandshakeReady(int readyOps) {
    PreludeTransport first = prelude;
    if (first != null) {
      first.onReady(readyOps);
      afterPrelude(first, true);
    } else if (recognizing) {
      recognize();
    } else {
      transport.onReady(readyOps);
      afterHandshakeStep(true);
    }
  }

  /** The prelude has been called: with its end the transport begins, and nothing is left of it. */
  private void afterPrelude(PreludeTransport first, boolean tellOwner) {
    if (first.handshakeStatus() == HandshakeStatus.FAILED) {
      Failure cause = first.failure();
      MuxInstaller.fail(
          connection, cause != null ? cause : Failure.of(CloseCause.HANDSHAKE_FAILED), tellOwner);
    } else if (first.handshakeStatus() == HandshakeStatus.COMPLETE) {
      if (connection.settings().readsProxyHeader()) {
        received = first.header();
      }
      releasePrelude();
      transport.start();
      afterHandshakeStep(tellOwner);
    }
  }

  /** Lets go of whatever is held until there is a mux. */
  void release() {
    ConnectRace begun = race;
    if (begun != null) {
      race = null;
      begun.close();
    }
    releasePrelude();
  }

  private void releasePrelude() {
    PreludeTransport first = prelude;
    if (first != null) {
      prelude = null;
      first.release();
    }
  }

  @Nullable SocketAddress remoteAddress() {
    ProxyHeader told = received;
    SocketAddress source = told == null ? null : told.source();
    return source != null ? source : port.remoteAddress();
  }

  @Nullable SocketAddress localAddress() {
    ProxyHeader told = received;
    SocketAddress destination = told == null ? null : told.destination();
    return destination != null ? destination : port.localAddress();
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
