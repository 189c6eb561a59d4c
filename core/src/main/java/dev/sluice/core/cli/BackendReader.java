package dev.sluice.core.cli;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.Balance;
import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.ServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a backend. */
final class BackendReader {
  private static final ConfigKey<Balance> BALANCE =
      ConfigKey.choice(
              "balance",
              Map.of(
                  "roundRobin", Balance.ROUND_ROBIN,
                  "leastConnections", Balance.LEAST_CONNECTIONS))
          .withDefault(Balance.ROUND_ROBIN, "roundRobin");
  private static final ConfigKey<ConfigNode> RETRY = ConfigKey.section("retry");
  static final ConfigKey<ConfigNode> DESTINATION = ConfigKey.section("destination");
  private static final ConfigKey<List<ConfigNode>> SERVERS =
      ConfigKey.list("servers", "addresses or sections").required();

  static final ConfigSchema SCHEMA =
      ConfigSchema.of(
          "backends.<name>",
          SERVERS,
          BALANCE,
          PoolReader.REUSE,
          PoolReader.IDLE_PER_LOOP_MAX,
          PoolReader.IDLE_MAX,
          PoolReader.IDLE_TIMEOUT,
          PoolReader.PURGE_INTERVAL,
          PoolReader.HANDSHAKES_MAX,
          PoolReader.MAX_AGE,
          PoolReader.REQUESTS_MAX,
          PoolReader.HANDOVER,
          PoolReader.PRIVATE_IDLE_MAX,
          PoolReader.WARM_MIN,
          PoolReader.SPREAD,
          RETRY,
          DESTINATION,
          ServerReader.TLS,
          ServerReader.SERVER_NAME,
          ServerReader.PROTOCOL,
          ServerReader.PROXY_HEADER,
          ServerReader.MAX_CONNECTIONS,
          ServerReader.MAX_REQUESTS,
          ServerReader.QUEUE_MAX,
          ServerReader.INITIAL_ADDRESS);

  private static final ConfigKey<String> ADDRESS_FIELD = ConfigKey.text("addressField");
  private static final ConfigKey<String> PORT_FIELD = ConfigKey.text("portField");
  private static final ConfigKey<List<ConfigNode>> NETWORKS =
      ConfigKey.list("networks", "networks (CIDR)").required();
  static final ConfigSchema DESTINATION_SCHEMA =
      ConfigSchema.of("backends.<name>.destination", ADDRESS_FIELD, PORT_FIELD, NETWORKS);

  /**
   * What was read.
   *
   * @param destination how fields choose the address, or null
   */
  record Read(BackendConfig config, @Nullable Destination destination) {}

  private final FileSource source;
  private final ConfigProblems problems;

  BackendReader(FileSource source) {
    this.source = source;
    this.problems = source.problems();
  }

  Read read(String name, ConfigNode node, ProxyMode mode) {
    ConfigSection section =
        ConfigSection.open(node, SCHEMA, source.transportNames(), source.problems());
    source.place("backends." + name, node);
    ServerReader servers = new ServerReader(source, name, section, mode);
    List<ServerConfig> read = new ArrayList<>();
    List<ConfigNode> nodes = section.find(SERVERS);
    if (nodes != null && nodes.isEmpty()) {
      section.problem(SERVERS, "is empty: at least one server is needed");
    }
    for (ConfigNode each : nodes == null ? List.<ConfigNode>of() : nodes) {
      ServerConfig server = servers.read(each);
      if (server != null) {
        read.add(server);
      }
    }
    PoolConfig pool = PoolReader.read(section, problems);
    ConfigNode retryNode = section.find(RETRY);
    RetryConfig retry =
        retryNode == null ? RetryConfig.defaults() : RetryReader.read(retryNode, problems);
    ConfigNode destinationNode = section.find(DESTINATION);
    Destination destination =
        destinationNode == null ? null : destination(destinationNode, read, mode);
    return new Read(
        new BackendConfig(name, mode, section.get(BALANCE), read, pool, retry), destination);
  }

  private @Nullable Destination destination(
      ConfigNode node, List<ServerConfig> servers, ProxyMode mode) {
    ConfigSection section = ConfigSection.open(node, DESTINATION_SCHEMA, problems);
    String addressField = fieldName(section, ADDRESS_FIELD);
    String portField = fieldName(section, PORT_FIELD);
    List<Network> networks = new ArrayList<>();
    List<ConfigNode> texts = section.find(NETWORKS);
    for (ConfigNode text : texts == null ? List.<ConfigNode>of() : texts) {
      Network network = Network.parse(text.text());
      if (network == null) {
        problems.add(
            text,
            text.described()
                + " is no network: 192.0.2.0/24, 2001:db8::/32 or an address is valid");
      } else {
        networks.add(network);
      }
    }
    if (addressField == null && portField == null) {
      problems.add(node, "names no field: \"addressField\", \"portField\" or both are needed");
    }
    if (mode == ProxyMode.TCP) {
      problems.add(node, "needs requests, and the backend is used in mode tcp: only http is valid");
    }
    if (servers.size() > 1) {
      problems.add(
          node, "needs exactly one server, whose settings then hold; there are " + servers.size());
    }
    if (servers.size() != 1) {
      return null;
    }
    ServerConfig server = servers.get(0);
    Destination destination =
        new Destination(addressField, portField, networks, server.address(), server.serverName());
    if (!networks.isEmpty() && !destination.allowed(server.address().getAddress())) {
      section.problem(
          NETWORKS,
          "does not hold the server's own address, "
              + server.address().getAddress().getHostAddress()
              + ", which is taken where a field is missing: it must be in one of them");
    }
    return destination;
  }

  private static @Nullable String fieldName(ConfigSection section, ConfigKey<String> key) {
    String name = section.find(key);
    if (name != null && !FieldText.isName(name)) {
      section.problem(key, "\"" + name + "\" is no name of a field (RFC 9110 5.1)");
    }
    return name;
  }
}
