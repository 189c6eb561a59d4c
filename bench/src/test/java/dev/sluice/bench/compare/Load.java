package dev.sluice.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of h2load: so many requests over so many kept connections. */
record Load(CompareCase what, int port, int requests, int clients) {
  private static final int STREAMS = 16;
  private static final Pattern SUCCEEDED = Pattern.compile("(\\d+) succeeded, (\\d+) failed");
  private static final Pattern STATUS = Pattern.compile("status codes: (\\d+) 2xx");
  private static final Pattern RATE = Pattern.compile("([0-9.]+) req/s");

  /**
   * Runs it.
   *
   * @return requests in a second
   * @throws IOException if not every request was answered with 2xx
   */
  double run() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add("h2load");
    command.addAll(List.of("-n", Integer.toString(requests), "-c", Integer.toString(clients)));
    if (what.frontH2) {
      command.addAll(List.of("-m", Integer.toString(STREAMS)));
    } else {
      command.add("--h1");
    }
    command.add((what.frontH2 ? "https" : "http") + "://localhost:" + port + "/");
    String output = Programs.run(command);
    if (number(SUCCEEDED, output) != requests || number(STATUS, output) != requests) {
      throw new IOException("not all requests succeeded: " + output);
    }
    return number(RATE, output);
  }

  private static double number(Pattern pattern, String output) throws IOException {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IOException("h2load said something else than expected: " + output);
    }
    return Double.parseDouble(matcher.group(1));
  }
}
