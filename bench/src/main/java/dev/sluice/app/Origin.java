package dev.sluice.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A small origin server on the JDK's blocking sockets, so that nothing of the engine is on both
 * ends. A thread accepts, and each connection has one of its own.
 */
final class Origin implements AutoCloseable {
  /** What the certificates of origins are for. */
  static final String HOST_NAME = "origin." + DemoRouter.DOMAIN;

  private static final int IDLE_MILLIS_MAX = 60_000;

  private final OriginKind kind;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  private Origin(OriginKind kind, ServerSocket listening) {
    this.kind = kind;
    this.listening = listening;
  }

  /**
   * Starts an origin on a free port. One that is to speak HTTP/2 speaks clear HTTP/1.1 here, behind
   * {@link H2Origins}.
   *
   * @param tls for origins that speak TLS
   */
  static Origin start(OriginKind kind, InetAddress host, SSLContext tls) throws IOException {
    ServerSocket listening =
        kind.tls() && !kind.h2()
            ? tls.getServerSocketFactory().createServerSocket(0, 64, host)
            : new ServerSocket(0, 64, host);
    Origin origin = new Origin(kind, listening);
    spawn("origin-" + kind.key(), origin::acceptAll);
    return origin;
  }

  /** What it speaks. */
  OriginKind kind() {
    return kind;
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return (InetSocketAddress) listening.getLocalSocketAddress();
  }

  private void acceptAll() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        open.add(socket);
        int number = accepted.incrementAndGet();
        spawn("origin-" + kind.key() + "-" + number, () -> serve(socket, number));
      } catch (IOException e) {
        if (!listening.isClosed()) {
          System.getLogger(Origin.class.getName())
              .log(System.Logger.Level.WARNING, "origin " + kind.key() + " can''t accept: " + e);
        }
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(IDLE_MILLIS_MAX);
      String agreed = socket instanceof SSLSocket secure ? shakeHands(secure) : "";
      new OriginConnection(kind, number, agreed, socket).serve();
    } catch (IOException e) {
      // The engine closed the connection, or refused the handshake: it tells why in its record.
      System.getLogger(Origin.class.getName())
          .log(System.Logger.Level.DEBUG, "origin {0}: {1}", kind.key(), e);
    } finally {
      open.remove(socket);
    }
  }

  /** The protocol agreed on, empty if none was. */
  private String shakeHands(SSLSocket secure) throws IOException {
    if (!kind.offers().isEmpty()) {
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setApplicationProtocols(kind.offers().toArray(new String[0]));
      secure.setSSLParameters(parameters);
    }
    secure.startHandshake();
    String agreed = secure.getApplicationProtocol();
    return agreed == null ? "" : agreed;
  }

  private static void spawn(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closeQuietly(listening);
    open.forEach(Origin::closeQuietly);
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // A socket that can't be closed is gone already, and nobody waits for its data.
      System.getLogger(Origin.class.getName())
          .log(System.Logger.Level.DEBUG, "closing a socket of an origin: {0}", e);
    }
  }
}
