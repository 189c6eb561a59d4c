package dev.sluice.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Counts the system calls of a process during a load, by strace. */
final class SystemCalls {
  private static final int CALLS_COLUMN = 3;

  private final Map<String, Long> calls = new TreeMap<>();
  private final int requests;

  private SystemCalls(int requests) {
    this.requests = requests;
  }

  static SystemCalls during(Process process, Load load, Path file)
      throws IOException, InterruptedException {
    Process strace =
        new ProcessBuilder(
                "strace", "-c", "-f", "-o", file.toString(), "-p", Long.toString(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    while (!traced(process)) {
      if (!strace.isAlive()) {
        throw new IOException("strace can't attach to " + process.pid());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    try {
      load.run();
    } finally {
      Programs.run(List.of("kill", "-INT", Long.toString(strace.pid())));
      strace.waitFor();
    }
    SystemCalls found = new SystemCalls(load.requests());
    found.read(file);
    return found;
  }

  /** Whether every thread of the process is traced. */
  private static boolean traced(Process process) throws IOException {
    try (var tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("status")).contains("TracerPid:\t0")) {
          return false;
        }
      }
    }
    return true;
  }

  private void read(Path file) throws IOException {
    for (String line : Files.readAllLines(file)) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length >= 5 && columns[0].matches("[0-9.]+") && !line.endsWith("total")) {
        calls.merge(columns[columns.length - 1], Long.parseLong(columns[CALLS_COLUMN]), Long::sum);
      }
    }
  }

  double perRequest() {
    return calls.values().stream().mapToLong(Long::longValue).sum() / (double) requests;
  }

  /** The most frequent ones, for each request. */
  String most() {
    return calls.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(5)
        .map(
            entry ->
                String.format(
                    Locale.ROOT, "%s %.2f", entry.getKey(), entry.getValue() / (double) requests))
        .collect(Collectors.joining(", "));
  }
}
