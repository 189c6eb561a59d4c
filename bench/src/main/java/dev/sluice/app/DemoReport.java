package dev.sluice.app;

import dev.sluice.app.TextStyle.Ink;
import dev.sluice.core.observe.ExchangeRecord;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Tells a person what came of the demo's requests. */
final class DemoReport {
  private final TextStyle style;
  private final ExchangeTable table;
  private final PrintWriter out;

  DemoReport(TextStyle style, PrintWriter out) {
    this.style = style;
    this.table = new ExchangeTable(style);
    this.out = out;
  }

  /**
   * Prints the table and how to read it.
   *
   * @param outcomes those of a pairing one after the other
   * @param warmUps the number of requests before those
   */
  void show(List<Outcome> outcomes, int warmUps) {
    print("");
    table.heading().forEach(this::print);
    for (int from = 0; from < outcomes.size(); ) {
      Pairing pairing = outcomes.get(from).pairing();
      if (from > 0 && outcomes.get(from - 1).pairing().client() != pairing.client()) {
        print(table.rule());
      }
      List<ExchangeRecord> records = new ArrayList<>();
      int to = from;
      while (to < outcomes.size() && outcomes.get(to).pairing().equals(pairing)) {
        ExchangeRecord record = outcomes.get(to).record();
        if (record != null) {
          records.add(record);
        }
        to++;
      }
      table.pairing(records).forEach(this::print);
      from = to;
    }
    print("");
    print(
        "An outgoing connection gets its mux when its protocol is known: at connect where nothing");
    print("is to be agreed on, after the handshake where TLS decides. With nothing in common it");
    print(
        "never gets one, and the request is answered with 502. Times are the engine's own, after");
    print(warmUps + " requests to warm up. Contents were compared by SHA-256.");
    print("");
  }

  /**
   * Prints everything that is not as it should be, or that nothing is.
   *
   * @return whether all is as it should be
   */
  boolean conclude(List<Outcome> outcomes) {
    boolean allGood = true;
    int expectedFailures = 0;
    for (Outcome outcome : outcomes) {
      expectedFailures += outcome.pairing().origin().reachable() ? 0 : 1;
      for (String problem : outcome.problems()) {
        allGood = false;
        String line = "WRONG: " + outcome.pairing() + ", " + outcome.method() + ": " + problem;
        print(style.paint(Ink.BAD, line));
      }
    }
    if (allGood) {
      String line =
          "All %d requests ended as they should, %d of them with the failure that is expected."
              .formatted(outcomes.size(), expectedFailures);
      print(style.paint(Ink.GOOD, line));
    }
    return allGood;
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
