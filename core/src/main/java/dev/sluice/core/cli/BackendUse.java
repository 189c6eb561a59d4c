package dev.sluice.core.cli;

import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ProxyMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which frontends lead to which backends, and so in which mode a backend is used. */
final class BackendUse {
  private record Use(ProxyMode mode, ConfigNode by) {}

  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, Use> uses = new LinkedHashMap<>();
  private final ConfigProblems problems;

  BackendUse(List<ConfigNode.Entry> backends, ConfigProblems problems) {
    backends.forEach(backend -> names.put(backend.key(), backend.key()));
    this.problems = problems;
  }

  void add(FrontendReader.Read frontend) {
    ProxyMode mode = frontend.config().mode();
    frontend
        .backends()
        .forEach(
            (node, name) -> {
              // Reading it as a choice tells an unknown name, and which was meant.
              if (ConfigKey.choice("backend", names).read(node, problems) == null) {
                return;
              }
              Use first = uses.putIfAbsent(name, new Use(mode, node));
              if (first != null && first.mode() != mode) {
                problems.add(
                    node,
                    "\"%s\" is used in mode %s here and in mode %s in line %d: one mode is valid"
                        .formatted(
                            name, word(mode), word(first.mode()), first.by().position().line()));
              }
            });
  }

  /** The mode in which a backend is used; null if no frontend leads to it. */
  @Nullable ProxyMode mode(String name) {
    Use use = uses.get(name);
    return use == null ? null : use.mode();
  }

  private static String word(ProxyMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
