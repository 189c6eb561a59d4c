package dev.sluice.bench.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The comparison as a program; see the package page, and {@code performance.md} for how to start
 * it. Needs haproxy, h2load, openssl and strace.
 */
public final class Compare {
  private static final double MICROS_PER_TICK = 10_000;
  private static final int CLIENTS = 16;
  private static final int WARM_UPS_MAX = 10;
  private static final double SETTLED = 0.9;
  private static final int TRACED_REQUESTS = 5_000;

  private final PrintStream out;
  private final Path folder;
  private final int rounds;
  private final int requests;
  private final List<Process> running = new ArrayList<>();

  private Compare(PrintStream out, Path folder, int rounds, int requests) {
    this.out = out;
    this.folder = folder;
    this.rounds = rounds;
    this.requests = requests;
  }

  /** A proxy that runs, and what its rounds have shown. */
  private static final class Contestant {
    final Process process;
    final int port;
    final List<Double> microsPerRequest = new ArrayList<>();
    final List<Double> ratios = new ArrayList<>();
    final List<Double> rates = new ArrayList<>();

    Contestant(Process process, int port) {
      this.process = process;
      this.port = port;
    }
  }

  /** Arguments: rounds, requests in a round; then the cases, all of them if none is named. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    int requests = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50_000;
    List<CompareCase> cases = new ArrayList<>();
    for (int i = 2; i < arguments.length; i++) {
      cases.add(CompareCase.valueOf(arguments[i]));
    }
    Path folder = Files.createTempDirectory("sluice-compare");
    Compare compare = new Compare(System.out, folder, rounds, requests);
    try {
      compare.run(cases.isEmpty() ? List.of(CompareCase.values()) : cases);
    } finally {
      compare.stop();
    }
  }

  private void run(List<CompareCase> cases) throws IOException, InterruptedException {
    makeCertificate();
    int clearPort = Programs.freePort();
    int tlsPort = Programs.freePort();
    startOrigin(clearPort, tlsPort);
    out.printf(
        Locale.ROOT,
        "%s, Java %s, %d processors; %d rounds of %d requests each, %d connections,%n"
            + "1 KiB of content; processor time of the whole process (utime + stime)%n",
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        rounds,
        requests,
        CLIENTS);
    for (CompareCase what : cases) {
      run(what, what.backH2 ? tlsPort : clearPort);
    }
  }

  private void run(CompareCase what, int originPort) throws IOException, InterruptedException {
    Map<ProxyKind, Contestant> contestants = new EnumMap<>(ProxyKind.class);
    for (ProxyKind kind : ProxyKind.values()) {
      int port = Programs.freePort();
      Process process =
          Programs.start(
              kind.command(what, port, originPort, folder),
              port,
              folder.resolve(kind + "-" + port + ".log"));
      running.add(process);
      contestants.put(kind, new Contestant(process, port));
    }
    for (Contestant contestant : contestants.values()) {
      warmUp(what, contestant);
    }
    for (int round = 0; round < rounds; round++) {
      for (Contestant contestant : contestants.values()) {
        measure(what, contestant);
      }
      double reference = last(contestants, ProxyKind.HAPROXY);
      for (ProxyKind kind : ProxyKind.values()) {
        of(contestants, kind).ratios.add(last(contestants, kind) / reference);
      }
    }
    out.printf(
        "%n%-18s %-8s %14s %10s %12s %12s%n",
        what.label, "", "us/request", "ratio", "requests/s", "calls/req");
    for (ProxyKind kind : ProxyKind.values()) {
      Contestant contestant = of(contestants, kind);
      SystemCalls calls =
          SystemCalls.during(
              contestant.process,
              load(what, contestant, TRACED_REQUESTS),
              folder.resolve(kind + "-" + contestant.port + ".strace"));
      out.printf(
          Locale.ROOT,
          "%-18s %-8s %14.1f %10.2f %12.0f %12.2f   %s%n",
          "",
          kind.label,
          median(contestant.microsPerRequest),
          median(contestant.ratios),
          median(contestant.rates),
          calls.perRequest(),
          calls.most());
    }
    for (Contestant contestant : contestants.values()) {
      contestant.process.destroy();
      contestant.process.waitFor();
    }
  }

  /** Until the compilers have done their part, and a round costs what the one before did. */
  private void warmUp(CompareCase what, Contestant contestant)
      throws IOException, InterruptedException {
    double before = Double.MAX_VALUE;
    for (int i = 0; i < WARM_UPS_MAX; i++) {
      long ticks = Programs.processorTicks(contestant.process);
      load(what, contestant, requests).run();
      double now = Programs.processorTicks(contestant.process) - ticks;
      if (now > before * SETTLED) {
        return;
      }
      before = now;
    }
  }

  private void measure(CompareCase what, Contestant contestant)
      throws IOException, InterruptedException {
    long before = Programs.processorTicks(contestant.process);
    contestant.rates.add(load(what, contestant, requests).run());
    long ticks = Programs.processorTicks(contestant.process) - before;
    contestant.microsPerRequest.add(ticks * MICROS_PER_TICK / requests);
  }

  private static Load load(CompareCase what, Contestant contestant, int requests) {
    return new Load(what, contestant.port, requests, CLIENTS);
  }

  private static Contestant of(Map<ProxyKind, Contestant> contestants, ProxyKind kind) {
    return Objects.requireNonNull(contestants.get(kind), kind.label);
  }

  private static double last(Map<ProxyKind, Contestant> contestants, ProxyKind kind) {
    List<Double> figures = of(contestants, kind).microsPerRequest;
    return figures.get(figures.size() - 1);
  }

  private static double median(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private void makeCertificate() throws IOException, InterruptedException {
    Path key = folder.resolve("key.pem");
    Path certificate = folder.resolve("cert.pem");
    Programs.run(
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            key.toString(),
            "-out",
            certificate.toString(),
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost"));
    Files.writeString(
        folder.resolve("both.pem"), Files.readString(certificate) + Files.readString(key));
  }

  /** The origin answers without a file or a second process behind it. */
  private void startOrigin(int clearPort, int tlsPort) throws IOException {
    Path config = folder.resolve("origin.cfg");
    Files.writeString(
        config,
        """
        global
          nbthread 1
        defaults
          mode http
          timeout client 600s
        frontend origin
          bind 127.0.0.1:%d
          bind 127.0.0.1:%d ssl crt %s alpn h2,http/1.1
          http-request return status 200 content-type text/plain string "%s"
        """
            .formatted(clearPort, tlsPort, folder.resolve("both.pem"), "x".repeat(1 << 10)));
    running.add(
        Programs.start(
            List.of(Programs.located("haproxy"), "-db", "-f", config.toString()),
            clearPort,
            folder.resolve("origin.log")));
  }

  private void stop() throws InterruptedException {
    for (Process process : running) {
      process.destroy();
    }
    for (Process process : running) {
      process.waitFor();
    }
  }
}
