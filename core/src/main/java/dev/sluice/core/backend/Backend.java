package dev.sluice.core.backend;

import dev.sluice.core.backend.balance.Balancer;
import dev.sluice.core.backend.balance.LeastConnections;
import dev.sluice.core.backend.balance.RoundRobin;
import dev.sluice.core.backend.pool.PoolListener;
import dev.sluice.core.backend.pool.SessionConnections;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.Reuse;
import java.util.List;

/** A named set of servers. Immutable but for what its servers count; any thread. */
public final class Backend implements Balancer.Load {
  private final BackendConfig config;
  private final List<Server> servers;
  private final Balancer balancer;
  private final RetryRules retry;

  /** A backend of these servers, in the order of the configuration. */
  public Backend(BackendConfig config, List<Server> servers) {
    this.config = config;
    this.servers = List.copyOf(servers);
    this.retry = new RetryRules(config.retry());
    this.balancer =
        switch (config.balance()) {
          case ROUND_ROBIN -> new RoundRobin();
          case LEAST_CONNECTIONS -> new LeastConnections();
        };
  }

  /** Its name. */
  public String name() {
    return config.name();
  }

  /** Its servers. */
  public List<Server> servers() {
    return servers;
  }

  /** When a request is tried again, and how often. */
  public RetryRules retry() {
    return retry;
  }

  /** Which requests may use a connection that another one opened. */
  public Reuse reuse() {
    return config.pool().reuse();
  }

  /**
   * The server for a request.
   *
   * @param failed the servers that have failed it; taken again only if there is no other, the last
   *     one of them only if there is but one
   * @param session the private connections of the client; a server that has authenticated it on one
   *     of them is taken before all others that have not failed it
   */
  public Server choose(FailedServers failed, SessionConnections session) {
    PoolListener bound = session.authenticatedBy();
    if (bound instanceof Server server) {
      int number = servers.indexOf(server);
      if (number >= 0 && !failed.contains(number)) {
        return server;
      }
    }
    if (failed.count() >= servers.size()) {
      failed.keepLast();
    }
    return servers.get(balancer.choose(servers.size(), this, failed));
  }

  /** A server has failed a request. */
  public void failed(Server server, FailedServers failed) {
    failed.add(servers.indexOf(server));
  }

  /** Whether there is a server that has not failed the request yet. */
  public boolean hasOther(FailedServers failed) {
    return failed.count() < servers.size();
  }

  @Override
  public int requests(int server) {
    return servers.get(server).requestCount() + servers.get(server).waitingCount();
  }

  @Override
  public boolean full(int server) {
    return servers.get(server).full() || !servers.get(server).located();
  }
}
