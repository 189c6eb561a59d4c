package dev.sluice.real;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Real programs that run beside a test, and end with it. */
final class Programs implements AutoCloseable {
  private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(20);

  private final List<Process> running = new ArrayList<>();
  private final Path folder;

  Programs(Path folder) {
    this.folder = folder;
  }

  /** A port that is free at this moment. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts a server and returns once its port accepts. */
  void start(int port, String... command) throws IOException {
    File log = folder.resolve(command[0] + "-" + port + ".log").toFile();
    Process process =
        new ProcessBuilder(located(command))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    running.add(process);
    long deadline = System.nanoTime() + START_NANOS_MAX;
    while (!accepts(port)) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        throw new IOException(
            command[0] + " does not listen on " + port + ": " + Files.readString(log.toPath()));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** Runs a client to its end and returns what it wrote to its standard output. */
  byte[] run(byte[] input, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(located(command))
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Thread feeder =
        new Thread(
            () -> {
              try (var out = process.getOutputStream()) {
                out.write(input);
                out.flush();
                // The client ends with its input, so it must stay open until the answer is here.
                process.waitFor();
              } catch (IOException e) {
                // The client has ended before it read everything; its exit value tells.
                process.destroy();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    feeder.start();
    byte[] output = process.getInputStream().readAllBytes();
    int exit = process.waitFor();
    feeder.join();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit);
    }
    return output;
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Debian keeps servers in sbin, which is not on everybody's PATH. */
  private static String[] located(String... command) {
    for (String place : new String[] {"/usr/sbin/", "/usr/local/sbin/"}) {
      if (Files.isExecutable(Path.of(place + command[0]))) {
        String[] found = command.clone();
        found[0] = place + command[0];
        return found;
      }
    }
    return command;
  }

  @Override
  public void close() {
    for (Process process : running) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }
}
