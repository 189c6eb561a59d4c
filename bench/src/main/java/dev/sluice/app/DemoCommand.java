package dev.sluice.app;

import dev.sluice.app.TextStyle.Ink;
import dev.sluice.core.DrainReport;
import dev.sluice.core.observe.ExchangeRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code demo}: the engine between a client and origins of its own, to look at and to try. */
@Command(
    name = "demo",
    description = "Sends real requests through the engine and shows what became of them.",
    footer = {
      "",
      "Everything runs in this process, on the loopback interface; certificates are made in memory."
    })
final class DemoCommand implements Callable<Integer> {
  private static final int WARM_UP_ROUNDS = 4;
  private static final Duration DRAIN_DEADLINE = Duration.ofSeconds(5);

  @Option(
      names = "--port",
      paramLabel = "<port>",
      converter = PortChoice.Reader.class,
      defaultValue = "8080",
      description = "The port of the clear listener, ${DEFAULT-VALUE} by default; 0 takes any.")
  private int port;

  @Option(
      names = "--tls-port",
      paramLabel = "<port>",
      converter = PortChoice.Reader.class,
      defaultValue = "8443",
      description = "The port of the TLS listener, ${DEFAULT-VALUE} by default; 0 takes any.")
  private int tlsPort;

  @Option(
      names = "--once",
      description = "End after the table: with 0 if everything was as it should, else with 1.")
  private boolean once;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Spec private CommandSpec spec;

  private final TextStyle style = TextStyle.ofProcess();
  private final ExchangeTable table = new ExchangeTable(style);

  @SuppressWarnings("NullAway.Init") // Injected before anything else is called.
  DemoCommand() {}

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    checkPorts();
    DemoStage stage = new DemoStage();
    PortChoice clear = PortChoice.of(stage.host(), port);
    PortChoice tls = PortChoice.of(stage.host(), tlsPort);
    DemoProxy proxy = stage.proxy(clear.port(), tls.port());
    notice(clear.notice(proxy.port(Entrance.CLEAR)));
    notice(tls.notice(proxy.port(Entrance.TLS)));
    print(
        "Sluice listens on %s and %s, with %d origins behind it. Warming up ..."
            .formatted(
                proxy.uri(Entrance.CLEAR, ""),
                proxy.uri(Entrance.TLS, ""),
                OriginKind.values().length));
    int warmUps = stage.warmUp(WARM_UP_ROUNDS);
    List<Outcome> outcomes = stage.run(proxy);
    DemoReport report = new DemoReport(style, spec.commandLine().getOut());
    report.show(outcomes, warmUps);
    boolean allGood = report.conclude(outcomes);
    if (!once) {
      stayUp(stage, proxy);
    }
    proxy.close();
    stage.close();
    return allGood ? 0 : Main.EXIT_FAILED;
  }

  private void checkPorts() {
    if (port == tlsPort && port != 0) {
      throw new ParameterException(
          spec.commandLine(), "--port and --tls-port are both " + port + ": they must differ");
    }
  }

  private void notice(String text) {
    if (!text.isEmpty()) {
      print(style.paint(Ink.WARNING, text));
    }
  }

  /** Never returns: the process ends by a signal. */
  private void stayUp(DemoStage stage, DemoProxy proxy)
      throws CommandFailure, InterruptedException {
    Path authority;
    try {
      authority = stage.certificates().writeAuthority();
    } catch (IOException e) {
      throw new CommandFailure("the authority's certificate can't be written: " + e, e);
    }
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end(stage, proxy, authority), "demo-end"));
    print("");
    print("The listeners stay up. Try, in another terminal:");
    for (CurlLines.Line line : CurlLines.of(proxy, authority)) {
      print("");
      print(style.paint(Ink.FAINT, "  # " + line.shows()));
      print("  " + line.command());
    }
    print("");
    print("What comes in shows up below. Ctrl-C drains and ends.");
    print("");
    table.heading().forEach(this::print);
    while (true) {
      RecordFeed.News news = proxy.feed().take();
      ExchangeRecord record = news.record();
      if (record != null) {
        table.pairing(List.of(record)).forEach(this::print);
      } else {
        print(style.paint(Ink.WARNING, news.words()));
      }
    }
  }

  private void end(DemoStage stage, DemoProxy proxy, Path authority) {
    print("");
    try {
      DrainReport report =
          proxy
              .drain(DRAIN_DEADLINE)
              .toCompletableFuture()
              .get(2 * DRAIN_DEADLINE.toSeconds(), TimeUnit.SECONDS);
      print(
          "Drained: %d client connection%s finished, %d cut."
              .formatted(report.finished(), report.finished() == 1 ? "" : "s", report.cut()));
    } catch (ExecutionException | TimeoutException e) {
      print("Not drained in time: what is left is cut.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    proxy.close();
    stage.close();
    try {
      Files.deleteIfExists(authority);
    } catch (IOException e) {
      print(authority + " could not be deleted: " + e.getMessage());
    }
    // A person who ends a demo that was told to end by a signal has seen no failure.
    Runtime.getRuntime().halt(0);
  }

  private void print(String text) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
