package dev.sluice.bench.tls;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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
  private static final int SETTLED_ROUNDS = 8;
  private static final int WARM_UPS_MAX = 60;

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
    double bestNanos = Double.MAX_VALUE;
    int slowerRounds;

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
   * Arguments: rounds, milliseconds of processor time for each; then cases and contenders, all of
   * them where none is named.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
    int millis = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
    List<String> named =
        Arrays.asList(arguments).subList(Math.min(2, arguments.length), arguments.length);
    List<TlsCase> cases = named(named, TlsCase.values());
    List<Contender> contenders = named(named, Contender.values());
    TlsCompare compare = new TlsCompare(System.out, rounds, millis * 1_000_000L);
    // Also when it is interrupted: nothing it has started goes on without it.
    Runtime.getRuntime().addShutdownHook(new Thread(compare::stop));
    compare.out.printf(
        "Java %s, %d rounds of %d ms each; medians, speeds by processor time of the thread%n",
        Runtime.version(), rounds, millis);
    for (TlsCase what : cases) {
      compare.run(what, contenders);
    }
  }

  /** Those that are named, or all. */
  private static <T extends Enum<T>> List<T> named(List<String> names, T[] values) {
    List<T> found = Arrays.stream(values).filter(one -> names.contains(one.name())).toList();
    return found.isEmpty() ? List.of(values) : found;
  }

  private void run(TlsCase what, List<Contender> chosen) throws IOException, InterruptedException {
    Map<Contender, Contestant> contestants = new EnumMap<>(Contender.class);
    for (Contender who : what.contenders()) {
      if (chosen.contains(who)) {
        contestants.put(who, start(what, who));
      }
    }
    warmUp(contestants.values());
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

  /**
   * In turn too, which leaves the compilers time: each until it has not been faster than at its
   * best for some rounds.
   */
  private void warmUp(Collection<Contestant> contestants) throws IOException {
    for (int i = 0; i < WARM_UPS_MAX; i++) {
      boolean settled = true;
      for (Contestant contestant : contestants) {
        if (contestant.slowerRounds < SETTLED_ROUNDS) {
          settled = false;
          double now = contestant.round(roundNanos).bothNanos();
          contestant.slowerRounds =
              now > contestant.bestNanos * SETTLED ? contestant.slowerRounds + 1 : 0;
          contestant.bestNanos = Math.min(contestant.bestNanos, now);
        }
      }
      if (settled) {
        return;
      }
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
