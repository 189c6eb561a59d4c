package dev.sluice.bench.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The comparison as a program. Every contender runs in a process of its own with this one's Java,
 * and they take turns, round by round: a figure is the processor time of the thread that does the
 * work, so that neither the compilers nor other processes are in it, and a speed is relative to
 * another contender's of the same round.
 */
public final class TlsCompare {
  private static final double SETTLED = 0.97;
  private static final int SETTLED_ROUNDS = 3;
  private static final int WARM_UPS_MAX = 40;

  private final PrintStream out;
  private final int rounds;
  private final long roundNanos;
  private final List<Process> running = new CopyOnWriteArrayList<>();

  private TlsCompare(PrintStream out, int rounds, long roundNanos) {
    this.out = out;
    this.rounds = rounds;
    this.roundNanos = roundNanos;
  }

  /** For each operation. */
  private record Figures(double clientNanos, double serverNanos, double bytes) {
    double bothNanos() {
      return clientNanos + serverNanos;
    }
  }

  /** A contender that runs, and what its rounds have shown. */
  private static final class Contestant {
    final Process process;
    final BufferedReader answers;
    final List<Figures> figures = new ArrayList<>();

    Contestant(Process process) {
      this.process = process;
      this.answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    Figures round(long nanos) throws IOException {
      process.getOutputStream().write((nanos + "\n").getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
      String line = answers.readLine();
      if (line == null) {
        throw new IOException("a contender ended");
      }
      String[] parts = line.split(" ", -1);
      double operations = Double.parseDouble(parts[0]);
      return new Figures(
          Double.parseDouble(parts[1]) / operations,
          Double.parseDouble(parts[2]) / operations,
          Double.parseDouble(parts[3]) / operations);
    }
  }

  /**
   * Arguments: rounds, milliseconds of processor time for each; then the cases, all of them if none
   * is named.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
    int millis = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
    List<TlsCase> cases = new ArrayList<>();
    for (int i = 2; i < arguments.length; i++) {
      cases.add(TlsCase.valueOf(arguments[i]));
    }
    TlsCompare compare = new TlsCompare(System.out, rounds, millis * 1_000_000L);
    // Also when it is interrupted: nothing it has started goes on without it.
    Runtime.getRuntime().addShutdownHook(new Thread(compare::stop));
    compare.out.printf(
        "Java %s, %d rounds of %d ms each; medians, speeds by processor time of the thread%n",
        Runtime.version(), rounds, millis);
    for (TlsCase what : cases.isEmpty() ? List.of(TlsCase.values()) : cases) {
      compare.run(what);
    }
  }

  private void run(TlsCase what) throws IOException, InterruptedException {
    Map<Contender, Contestant> contestants = new EnumMap<>(Contender.class);
    for (Contender who : what.contenders()) {
      contestants.put(who, start(what, who));
    }
    for (Contestant contestant : contestants.values()) {
      warmUp(contestant);
    }
    for (int round = 0; round < rounds; round++) {
      for (Contestant contestant : contestants.values()) {
        contestant.figures.add(contestant.round(roundNanos));
      }
    }
    if (what.isHandshake()) {
      print(what.label + ", both sides", contestants, Figures::bothNanos);
      print(what.label + ", client", contestants, Figures::clientNanos);
      print(what.label + ", server", contestants, Figures::serverNanos);
    } else {
      print(what.label, contestants, Figures::bothNanos);
    }
    for (Contestant contestant : contestants.values()) {
      contestant.process.destroy();
      contestant.process.waitFor();
    }
  }

  private Contestant start(TlsCase what, Contender who) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                TlsContestant.class.getName(),
                what.name(),
                who.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    running.add(process);
    return new Contestant(process);
  }

  /** Until no round has been faster than the best before for some time. */
  private void warmUp(Contestant contestant) throws IOException {
    double best = Double.MAX_VALUE;
    int settled = 0;
    for (int i = 0; i < WARM_UPS_MAX && settled < SETTLED_ROUNDS; i++) {
      double now = contestant.round(roundNanos).bothNanos();
      settled = now > best * SETTLED ? settled + 1 : 0;
      best = Math.min(best, now);
    }
  }

  private void print(
      String title, Map<Contender, Contestant> contestants, ToDoubleFunction<Figures> time) {
    out.printf(
        "%n| %s | us | of bare | of SunJSSE | of tcnative | B allocated |%n"
            + "| --- | --- | --- | --- | --- | --- |%n",
        title);
    contestants.forEach(
        (who, contestant) ->
            out.printf(
                Locale.ROOT,
                "| %s | %.2f | %s | %s | %s | %.0f |%n",
                who.label,
                median(contestant.figures.stream().map(time::applyAsDouble).toList()) / 1_000,
                speed(contestants.get(Contender.CIPHER_LOOP), contestant, time),
                speed(contestants.get(Contender.SUN_JSSE), contestant, time),
                speed(contestants.get(Contender.TCNATIVE), contestant, time),
                median(contestant.figures.stream().map(Figures::bytes).toList())));
    out.flush();
  }

  /** How many times as fast one is as the other, by the median of the rounds. */
  private static String speed(
      @Nullable Contestant reference, Contestant measured, ToDoubleFunction<Figures> time) {
    if (reference == null) {
      return "";
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < measured.figures.size(); i++) {
      ratios.add(
          time.applyAsDouble(reference.figures.get(i))
              / time.applyAsDouble(measured.figures.get(i)));
    }
    return String.format(Locale.ROOT, "%.2f", median(ratios));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
  }

  private void stop() {
    running.forEach(Process::destroy);
  }
}
