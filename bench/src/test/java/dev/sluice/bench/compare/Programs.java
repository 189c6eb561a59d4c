package dev.sluice.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Starts and runs programs, and reads what they have used of the processor. */
public final class Programs {
  private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  private Programs() {}

  /** A port of the loopback that nobody listens on. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Debian keeps servers in sbin, which is not on everybody's PATH. */
  public static String located(String program) {
    for (String place : List.of("/usr/sbin/", "/usr/local/sbin/")) {
      if (Files.isExecutable(Path.of(place + program))) {
        return place + program;
      }
    }
    return program;
  }

  /** Starts a server and returns once its port accepts. */
  public static Process start(List<String> command, int port, Path log) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long deadline = System.nanoTime() + START_NANOS_MAX;
    while (!accepts(port)) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        process.destroy();
        throw new IOException(
            command.get(0) + " does not listen on " + port + ": " + Files.readString(log));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    return process;
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a program to its end and returns what it wrote. */
  static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit + ": " + output);
    }
    return output;
  }

  /**
   * The processor time of the whole process so far, user and system, in ticks of a hundredth of a
   * second, as Linux has it for all of its userland (proc(5), fields 14 and 15).
   */
  static long processorTicks(Process process) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    // The name of the program, in parentheses, may hold spaces.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
