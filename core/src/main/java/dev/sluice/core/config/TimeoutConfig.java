package dev.sluice.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long the engine waits for what. Zero is not allowed; a very long duration stands for "no
 * limit".
 *
 * @param connect for a TCP connection to a server to stand
 * @param handshake for a handshake to be complete, on either side
 * @param queue for a server to be free
 * @param client for a client to send or take anything while an exchange needs it
 * @param server for a server to send or take anything while an exchange needs it
 * @param httpRequest for the whole head of a request, from its first byte
 * @param keepAlive for the first byte of the next request on a client's connection
 * @param tunnel for anything to pass through a tunnel
 * @param idle for a pooled connection to be used again
 * @param linger for a client to read an answer that ends its connection
 */
public record TimeoutConfig(
    Duration connect,
    Duration handshake,
    Duration queue,
    Duration client,
    Duration server,
    Duration httpRequest,
    Duration keepAlive,
    Duration tunnel,
    Duration idle,
    Duration linger) {

  private static final TimeoutConfig DEFAULTS =
      new TimeoutConfig(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1));

  /** What holds if nothing is said. */
  public static TimeoutConfig defaults() {
    return DEFAULTS;
  }

  /** One line for each value that is out of its range. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    positive(problems, "connect", connect);
    positive(problems, "handshake", handshake);
    positive(problems, "queue", queue);
    positive(problems, "client", client);
    positive(problems, "server", server);
    positive(problems, "httpRequest", httpRequest);
    positive(problems, "keepAlive", keepAlive);
    positive(problems, "tunnel", tunnel);
    positive(problems, "idle", idle);
    positive(problems, "linger", linger);
    return problems;
  }

  private static void positive(List<String> problems, String key, Duration value) {
    if (value.isZero() || value.isNegative() || value.compareTo(Duration.ofDays(365)) > 0) {
      problems.add("timeouts." + key + " is " + value + ": more than zero, up to a year is valid");
    }
  }
}
