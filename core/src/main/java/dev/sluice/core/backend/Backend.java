package dev.sluice.core.backend;

import dev.sluice.core.backend.balance.Balancer;
import dev.sluice.core.backend.balance.LeastConnections;
import dev.sluice.core.backend.balance.RoundRobin;
import dev.sluice.core.backend.pool.PoolListener;
import dev.sluice.core.backend.pool.SessionConnections;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.Reuse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A named set of servers. Immutable but for what its servers count; any thread. */
public final class Backend implements Balancer.Load {
  private final BackendConfig config;
  private final List<Server> servers;
  private final Balancer balancer;

  /** A backend of these servers, in the order of the configuration. */
  public Backend(BackendConfig config, List<Server> servers) {
    this.config = config;
    this.servers = List.copyOf(servers);
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

  /** How often a request is tried again. */
  public RetryConfig retry() {
    return config.retry();
  }

  /** Which requests may use a connection that another one opened. */
  public Reuse reuse() {
    return config.pool().reuse();
  }

  /**
   * The server for a request.
   *
   * @param avoid a server that has just failed, or null; taken again only if there is no other
   * @param session the private connections of the client; a server that has authenticated it on one
   *     of them is taken before all others
   */
  public Server choose(@Nullable Server avoid, SessionConnections session) {
    PoolListener bound = session.authenticatedBy();
    if (bound instanceof Server server && server != avoid && servers.contains(server)) {
      return server;
    }
    int number = avoid == null ? -1 : servers.indexOf(avoid);
    return servers.get(balancer.choose(servers.size(), this, number));
  }

  @Override
  public int requests(int server) {
    return servers.get(server).requestCount() + servers.get(server).waitingCount();
  }

  @Override
  public boolean full(int server) {
    return servers.get(server).full();
  }
}
