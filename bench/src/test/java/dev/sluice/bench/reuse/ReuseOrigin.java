package dev.sluice.bench.reuse;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** An HTTP/1.1 server that counts: a thread for each connection, answers of two bytes. */
final class ReuseOrigin implements Closeable {
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.ISO_8859_1);

  /**
   * How it behaves.
   *
   * @param answerMillis how long an answer takes
   * @param idleMillis after how long without a request it ends a connection, 0 for never
   * @param answersMax after how many answers it ends a connection without having said so
   */
  record Manner(int answerMillis, int idleMillis, int answersMax) {}

  private final ServerSocket listening;
  private final Manner manner;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final List<Socket> open = new ArrayList<>();

  ReuseOrigin(Manner manner) throws IOException {
    this.manner = manner;
    this.listening = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  int requests() {
    return requests.get();
  }

  /** The most requests that it ever had at a time. */
  int mostRunning() {
    return mostRunning.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        synchronized (open) {
          open.add(socket);
        }
        daemon(() -> serve(socket));
      } catch (SocketException e) {
        if (!listening.isClosed()) {
          throw new UncheckedIOException(e);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "origin");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream())) {
      boolean counted = false;
      for (int answers = 0; answers < manner.answersMax(); answers++) {
        socket.setSoTimeout(answers == 0 ? 0 : manner.idleMillis());
        if (!readRequest(in)) {
          return;
        }
        if (!counted) {
          counted = true;
          // One that is opened and never used is no connection that a load has cost.
          connections.incrementAndGet();
        }
        requests.incrementAndGet();
        mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(manner.answerMillis()));
        } finally {
          running.decrementAndGet();
        }
        socket.getOutputStream().write(ANSWER);
      }
    } catch (SocketTimeoutException e) {
      // Idle for as long as it may be: the socket is closed.
      return;
    } catch (IOException e) {
      // The proxy has ended the connection; what it lost by that, the client tells.
      return;
    }
  }

  /** Reads a head, and as much content as it says. */
  private static boolean readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      head.append((char) next);
    }
    String lower = head.toString().toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length:");
    if (at >= 0) {
      String value = lower.substring(at + 15, lower.indexOf('\r', at)).trim();
      in.readNBytes(Integer.parseInt(value));
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    synchronized (open) {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }
}
