package dev.sluice.core;

import dev.sluice.core.backend.Server;

/**
 * A server at one moment.
 *
 * @param backend the name of its backend
 * @param server its name
 * @param connections connections to it, those being made included
 * @param idle idle ones among them
 * @param requests requests under way
 * @param waiting requests that wait
 * @param dials connections begun since the start
 * @param reuses requests that went out on a connection which another request had opened
 * @param retries requests tried again after an attempt with it
 */
public record ServerSnapshot(
    String backend,
    String server,
    int connections,
    int idle,
    int requests,
    int waiting,
    long dials,
    long reuses,
    long retries) {

  static ServerSnapshot of(String backend, Server server) {
    return new ServerSnapshot(
        backend,
        server.name(),
        server.connectionCount(),
        server.idleCount(),
        server.requestCount(),
        server.waitingCount(),
        server.counters().dials(),
        server.counters().reuses(),
        server.counters().retries());
  }
}
