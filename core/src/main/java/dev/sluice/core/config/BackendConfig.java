package dev.sluice.core.config;

import java.util.List;
import java.util.Objects;

/**
 * A named set of servers.
 *
 * @param name unique among backends
 * @param balance how a server is chosen
 * @param servers at least one
 * @param pool how connections are kept
 * @param retry how often a request is tried again
 */
public record BackendConfig(
    String name, Balance balance, List<ServerConfig> servers, PoolConfig pool, RetryConfig retry) {

  /** Rejects nulls and copies the list. */
  public BackendConfig {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(balance, "balance");
    servers = List.copyOf(servers);
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(retry, "retry");
  }

  /** A backend with defaults. */
  public static BackendConfig of(String name, ServerConfig... servers) {
    return new BackendConfig(
        name, Balance.ROUND_ROBIN, List.of(servers), PoolConfig.defaults(), RetryConfig.defaults());
  }

  /** This backend with another way to keep connections. */
  public BackendConfig withPool(PoolConfig newPool) {
    return new BackendConfig(name, balance, servers, newPool, retry);
  }

  /** This backend with another way to choose. */
  public BackendConfig withBalance(Balance newBalance) {
    return new BackendConfig(name, newBalance, servers, pool, retry);
  }

  /** This backend with other retries. */
  public BackendConfig withRetry(RetryConfig newRetry) {
    return new BackendConfig(name, balance, servers, pool, newRetry);
  }
}
