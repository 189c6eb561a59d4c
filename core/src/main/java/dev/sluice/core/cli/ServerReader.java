package dev.sluice.core.cli;

import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.core.config.InitialAddress;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ProxyProtocolVersion;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.transport.TransportRole;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the servers of one backend; what they don't say themselves, the backend says for all. */
final class ServerReader {
  private static final int COUNT_MAX = 1_000_000;
  private static final int QUEUE_MAX_DEFAULT = 1024;

  private static final ConfigKey<String> NAME = ConfigKey.text("name").otherwise("its address");
  private static final ConfigKey<String> ADDRESS =
      ConfigKey.of("address", "host:port", (node, problems) -> node.text()).required();
  static final ConfigKey<ConfigNode> TLS = ConfigKey.section("tls").otherwise("no TLS");
  static final ConfigKey<String> SERVER_NAME =
      ConfigKey.text("serverName").otherwise("the host of the address");
  static final ConfigKey<String> PROTOCOL =
      ConfigKey.text("protocol").otherwise("by ALPN, else http/1.1");
  static final ConfigKey<ProxyProtocolVersion> PROXY_HEADER =
      ConfigKey.choice(
              "proxyHeader", Map.of("v1", ProxyProtocolVersion.V1, "v2", ProxyProtocolVersion.V2))
          .otherwise("none is sent");
  static final ConfigKey<Integer> MAX_CONNECTIONS =
      ConfigKey.integer("maxConnections", 1, COUNT_MAX).otherwise("no limit");
  static final ConfigKey<Integer> MAX_REQUESTS =
      ConfigKey.integer("maxRequests", 1, COUNT_MAX).otherwise("no limit");
  static final ConfigKey<Integer> QUEUE_MAX =
      ConfigKey.integer("queueMax", 0, COUNT_MAX).otherwise(Integer.toString(QUEUE_MAX_DEFAULT));
  static final ConfigKey<InitialAddress> INITIAL_ADDRESS =
      ConfigKey.choice(
              "initialAddress",
              Map.of("required", InitialAddress.REQUIRED, "later", InitialAddress.LATER))
          .otherwise("the start fails");

  static final ConfigSchema SCHEMA =
      ConfigSchema.of(
          "backends.<name>.servers[]",
          NAME,
          ADDRESS,
          TLS,
          SERVER_NAME,
          PROTOCOL,
          PROXY_HEADER,
          MAX_CONNECTIONS,
          MAX_REQUESTS,
          QUEUE_MAX,
          INITIAL_ADDRESS);

  private final FileSource source;
  private final ConfigProblems problems;
  private final String backend;
  private final ConfigSection all;
  private final Mode mode;
  private final @Nullable ConfigNode sharedTransportNode;
  private final @Nullable TransportConfig sharedTransport;
  private final Map<String, ConfigNode> names = new HashMap<>();

  ServerReader(FileSource source, String backend, ConfigSection all, ProxyMode proxyMode) {
    this.source = source;
    this.problems = source.problems();
    this.backend = backend;
    this.all = all;
    this.mode = proxyMode == ProxyMode.HTTP ? Mode.HTTP : Mode.TCP;
    sharedTransportNode = source.transportNode(all.node());
    sharedTransport = source.transport(sharedTransportNode, TransportRole.CLIENT);
    if (sharedTransportNode != null) {
      source.checkOffered(sharedTransport, sharedTransportNode, Side.BACK, mode);
    }
    source.checkForced(all.find(PROTOCOL), all.at(PROTOCOL), Side.BACK, mode);
  }

  @Nullable ServerConfig read(ConfigNode node) {
    if (node.kind() == ConfigNode.Kind.TEXT) {
      // Just an address.
      return server(ConfigSection.empty(node, problems), node);
    }
    ConfigSection section =
        ConfigSection.open(node, SCHEMA, source.transportNames(), source.problems());
    ConfigNode address = node.find(ADDRESS.name());
    return server(section, address);
  }

  private @Nullable ServerConfig server(ConfigSection section, @Nullable ConfigNode addressNode) {
    InitialAddress ownInitial = either(section, INITIAL_ADDRESS);
    InitialAddress initial = ownInitial == null ? InitialAddress.REQUIRED : ownInitial;
    // What fields may choose must be within networks, and so must what stands in for them.
    boolean followed = !all.has(BackendReader.DESTINATION);
    boolean lookUp = initial == InitialAddress.REQUIRED || !followed;
    HostPort address =
        addressNode == null ? null : HostPort.toConnect(addressNode, lookUp, problems);
    String given = section.find(NAME);
    String name = given != null || addressNode == null ? given : addressNode.text();
    ConfigNode own = source.transportNode(section.node());
    TransportConfig transport =
        own == null ? sharedTransport : source.transport(own, TransportRole.CLIENT);
    boolean secure = own != null || sharedTransportNode != null;
    if (own != null) {
      source.checkOffered(transport, own, Side.BACK, mode);
    }
    String protocol = section.find(PROTOCOL);
    source.checkForced(protocol, section.at(PROTOCOL), Side.BACK, mode);
    String serverName = either(section, SERVER_NAME);
    if (serverName != null && !secure) {
      ConfigSection at = section.has(SERVER_NAME) ? section : all;
      at.problem(
          SERVER_NAME, "\"" + serverName + "\" is asked for in a TLS handshake: tls is needed");
    }
    int connections = limit(section, MAX_CONNECTIONS, ServerConfig.UNLIMITED);
    int requests = limit(section, MAX_REQUESTS, ServerConfig.UNLIMITED);
    int queue = limit(section, QUEUE_MAX, QUEUE_MAX_DEFAULT);
    if (name == null) {
      return null;
    }
    ConfigNode twin = names.putIfAbsent(name, section.node());
    if (twin != null) {
      problems.add(
          section.node(),
          "a server named \"%s\" is in line %d already: names are unique within a backend"
              .formatted(name, twin.position().line()));
    }
    source.place("backends." + backend + ".servers." + name, section.node());
    if (address == null) {
      return null;
    }
    String asked = serverName == null && secure ? address.hostName() : serverName;
    return new ServerConfig(
        name,
        followed ? address.toFollow() : address.address(),
        transport,
        asked,
        protocol == null ? all.find(PROTOCOL) : protocol,
        either(section, PROXY_HEADER),
        connections,
        requests,
        queue,
        initial);
  }

  private <T> @Nullable T either(ConfigSection section, ConfigKey<T> key) {
    T own = section.find(key);
    return own == null ? all.find(key) : own;
  }

  private int limit(ConfigSection section, ConfigKey<Integer> key, int otherwise) {
    Integer value = either(section, key);
    return value == null ? otherwise : value;
  }
}
