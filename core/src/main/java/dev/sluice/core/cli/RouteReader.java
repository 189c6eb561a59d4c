package dev.sluice.core.cli;

import dev.sluice.core.cli.RouteRule.FieldMatch;
import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.core.config.FixedResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads routes and fixed responses. */
final class RouteReader {
  static final ConfigKey<String> BACKEND = ConfigKey.text("backend");
  static final ConfigKey<ConfigNode> RESPONSE = ConfigKey.section("response");
  private static final ConfigKey<List<ConfigNode>> HOST =
      ConfigKey.list("host", "host names").otherwise("any");
  private static final ConfigKey<List<ConfigNode>> PATH =
      ConfigKey.list("path", "path prefixes").otherwise("any");
  private static final ConfigKey<List<ConfigNode>> FIELD =
      ConfigKey.list("field", "sections").otherwise("any");
  static final ConfigSchema SCHEMA =
      ConfigSchema.of("frontends.<name>.routes[]", HOST, PATH, FIELD, BACKEND, RESPONSE);

  private static final ConfigKey<String> FIELD_NAME = ConfigKey.text("name").required();
  private static final ConfigKey<String> FIELD_VALUE = ConfigKey.text("value").otherwise("any");
  private static final ConfigKey<String> FIELD_PREFIX = ConfigKey.text("prefix").otherwise("any");
  static final ConfigSchema FIELD_SCHEMA =
      ConfigSchema.of("frontends.<name>.routes[].field[]", FIELD_NAME, FIELD_VALUE, FIELD_PREFIX);

  private static final ConfigKey<Integer> STATUS = ConfigKey.integer("status", 200, 599).required();
  private static final ConfigKey<String> BODY =
      ConfigKey.of("body", "text", (ConfigNode node, ConfigProblems problems) -> node.text());
  private static final ConfigKey<ConfigNode> FIELDS = ConfigKey.section("fields");
  static final ConfigSchema RESPONSE_SCHEMA =
      ConfigSchema.of("frontends.<name>.response", STATUS, BODY, FIELDS);

  private final ConfigProblems problems;

  RouteReader(ConfigProblems problems) {
    this.problems = problems;
  }

  RouteRule read(ConfigNode node) {
    ConfigSection section = ConfigSection.open(node, SCHEMA, problems);
    List<RouteRule.Host> hosts = new ArrayList<>();
    for (ConfigNode each : items(section, HOST)) {
      if (each.text().matches("(\\*\\.)?[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+]")) {
        hosts.add(new RouteRule.Host(each.text()));
      } else {
        problems.add(
            each,
            each.described()
                + " is no host: a name without a port, or *.name for all below it, is"
                + " valid");
      }
    }
    List<RouteRule.PathPrefix> paths = new ArrayList<>();
    for (ConfigNode each : items(section, PATH)) {
      if (RouteRule.PathPrefix.valid(each.text())) {
        paths.add(new RouteRule.PathPrefix(each.text()));
      } else {
        problems.add(
            each,
            each.described()
                + " is no path: one that begins with a slash, without a query, is"
                + " valid");
      }
    }
    List<FieldMatch> fields = new ArrayList<>();
    for (ConfigNode each : items(section, FIELD)) {
      FieldMatch match = field(each);
      if (match != null) {
        fields.add(match);
      }
    }
    String backend = section.find(BACKEND);
    FixedResponse response = response(section);
    if (section.has(BACKEND) == section.has(RESPONSE)) {
      problems.add(node, "leads nowhere, or to two places: either backend or response is valid");
    }
    return new RouteRule(hosts, paths, fields, backend, response);
  }

  private static List<ConfigNode> items(ConfigSection section, ConfigKey<List<ConfigNode>> key) {
    List<ConfigNode> items = section.find(key);
    return items == null ? List.of() : items;
  }

  private @Nullable FieldMatch field(ConfigNode node) {
    if (node.kind() == ConfigNode.Kind.TEXT && FieldText.isName(node.text())) {
      return new FieldMatch(node.text(), "", FieldMatch.Extent.NONE);
    }
    ConfigSection section = ConfigSection.open(node, FIELD_SCHEMA, problems);
    String name = section.find(FIELD_NAME);
    String value = section.find(FIELD_VALUE);
    String prefix = section.find(FIELD_PREFIX);
    if (name == null) {
      return null;
    }
    if (!FieldText.isName(name)) {
      section.problem(FIELD_NAME, "\"" + name + "\" is no name of a field (RFC 9110 5.1)");
    }
    if (value != null && prefix != null) {
      problems.add(node, "has a value and a prefix: one of them is valid");
    }
    if (value != null) {
      return new FieldMatch(name, value, FieldMatch.Extent.ALL);
    }
    return prefix == null
        ? new FieldMatch(name, "", FieldMatch.Extent.NONE)
        : new FieldMatch(name, prefix, FieldMatch.Extent.PREFIX);
  }

  /** The fixed response of a frontend or a route; null without one. */
  @Nullable FixedResponse response(ConfigSection of) {
    ConfigNode node = of.find(RESPONSE);
    if (node == null) {
      return null;
    }
    ConfigSection section = ConfigSection.open(node, RESPONSE_SCHEMA, problems);
    Integer status = section.find(STATUS);
    String body = section.find(BODY);
    List<FixedResponse.Field> fields = new ArrayList<>();
    ConfigNode map = section.find(FIELDS);
    boolean typed = false;
    for (ConfigNode.Entry entry : map == null ? List.<ConfigNode.Entry>of() : map.entries()) {
      typed |= entry.key().equalsIgnoreCase("content-type");
      FixedResponse.Field field = new FixedResponse.Field(entry.key(), entry.value().text());
      fields.add(field);
      for (String words :
          new FixedResponse(200, List.of(field), new byte[0]).problems(" response")) {
        problems.add(entry.value(), entry.value().described() + " is given:" + words);
      }
      if (isFraming(entry.key())) {
        problems.add(
            entry.value(), "is set by the proxy itself: any field that frames no message is valid");
      }
    }
    if (body != null && !body.isEmpty() && !typed) {
      fields.add(new FixedResponse.Field("content-type", "text/plain; charset=utf-8"));
    }
    if (status == null) {
      return null;
    }
    if ((status == 204 || status == 304) && body != null && !body.isEmpty()) {
      section.problem(BODY, "is given with status " + status + ", which has none (RFC 9110 6.4.1)");
    }
    byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    return new FixedResponse(status, fields, bytes);
  }

  private static boolean isFraming(String name) {
    return name.equalsIgnoreCase("content-length")
        || name.equalsIgnoreCase("transfer-encoding")
        || name.equalsIgnoreCase("connection");
  }
}
