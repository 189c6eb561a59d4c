package dev.sluice.core.config;

import java.util.List;
import java.util.Objects;

/**
 * A named set of servers.
 *
 * @param name unique among backends
 * @param mode what it forwards: that of the frontends which use it
 * @param balance how a server is chosen
 * @param servers at least one
 * @param pool how connections are kept
 * @param retry when a request is tried again, and how often
 */
public record BackendConfig(
    String name,
    ProxyMode mode,
    Balance balance,
    List<ServerConfig> servers,
    PoolConfig pool,
    RetryConfig retry) {

  /** Rejects nulls and copies the list. */
  public BackendConfig {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(balance, "balance");
    servers = List.copyOf(servers);
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(retry, "retry");
  }

  /** A backend for HTTP with defaults. */
  public static BackendConfig of(String name, ServerConfig... servers) {
    return of(name, ProxyMode.HTTP, servers);
  }

  /** A backend for bytes with defaults. */
  public static BackendConfig tcp(String name, ServerConfig... servers) {
    return of(name, ProxyMode.TCP, servers);
  }

  private static BackendConfig of(String name, ProxyMode mode, ServerConfig... servers) {
    return new BackendConfig(
        name,
        mode,
        Balance.ROUND_ROBIN,
        List.of(servers),
        PoolConfig.defaults(),
        RetryConfig.defaults());
  }

  /** This backend with another way to keep connections. */
  public BackendConfig withPool(PoolConfig newPool) {
    return new BackendConfig(name, mode, balance, servers, newPool, retry);
  }

  /** This backend with another way to choose. */
  public BackendConfig withBalance(Balance newBalance) {
    return new BackendConfig(name, mode, newBalance, servers, pool, retry);
  }

  /** This backend with other retries. */
  public BackendConfig withRetry(RetryConfig newRetry) {
    return new BackendConfig(name, mode, balance, servers, pool, newRetry);
  }
}
