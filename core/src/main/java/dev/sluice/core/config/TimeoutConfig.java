package dev.sluice.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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

  /** Rejects nulls; {@link #problems()} tells what else is wrong. */
  public TimeoutConfig {
    Objects.requireNonNull(connect, "connect");
    Objects.requireNonNull(handshake, "handshake");
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(client, "client");
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(httpRequest, "httpRequest");
    Objects.requireNonNull(keepAlive, "keepAlive");
    Objects.requireNonNull(tunnel, "tunnel");
    Objects.requireNonNull(idle, "idle");
    Objects.requireNonNull(linger, "linger");
  }

  /** What holds if nothing is said. */
  public static TimeoutConfig defaults() {
    return DEFAULTS;
  }

  /** The same with another {@code connect}. */
  public TimeoutConfig withConnect(Duration newConnect) {
    return new TimeoutConfig(
        newConnect, handshake, queue, client, server, httpRequest, keepAlive, tunnel, idle, linger);
  }

  /** The same with another {@code handshake}. */
  public TimeoutConfig withHandshake(Duration newHandshake) {
    return new TimeoutConfig(
        connect, newHandshake, queue, client, server, httpRequest, keepAlive, tunnel, idle, linger);
  }

  /** The same with another {@code queue}. */
  public TimeoutConfig withQueue(Duration newQueue) {
    return new TimeoutConfig(
        connect, handshake, newQueue, client, server, httpRequest, keepAlive, tunnel, idle, linger);
  }

  /** The same with another {@code client}. */
  public TimeoutConfig withClient(Duration newClient) {
    return new TimeoutConfig(
        connect, handshake, queue, newClient, server, httpRequest, keepAlive, tunnel, idle, linger);
  }

  /** The same with another {@code server}. */
  public TimeoutConfig withServer(Duration newServer) {
    return new TimeoutConfig(
        connect, handshake, queue, client, newServer, httpRequest, keepAlive, tunnel, idle, linger);
  }

  /** The same with another {@code httpRequest}. */
  public TimeoutConfig withHttpRequest(Duration newHttpRequest) {
    return new TimeoutConfig(
        connect, handshake, queue, client, server, newHttpRequest, keepAlive, tunnel, idle, linger);
  }

  /** The same with another {@code keepAlive}. */
  public TimeoutConfig withKeepAlive(Duration newKeepAlive) {
    return new TimeoutConfig(
        connect, handshake, queue, client, server, httpRequest, newKeepAlive, tunnel, idle, linger);
  }

  /** The same with another {@code tunnel}. */
  public TimeoutConfig withTunnel(Duration newTunnel) {
    return new TimeoutConfig(
        connect, handshake, queue, client, server, httpRequest, keepAlive, newTunnel, idle, linger);
  }

  /** The same with another {@code idle}. */
  public TimeoutConfig withIdle(Duration newIdle) {
    return new TimeoutConfig(
        connect, handshake, queue, client, server, httpRequest, keepAlive, tunnel, newIdle, linger);
  }

  /** The same with another {@code linger}. */
  public TimeoutConfig withLinger(Duration newLinger) {
    return new TimeoutConfig(
        connect, handshake, queue, client, server, httpRequest, keepAlive, tunnel, idle, newLinger);
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
