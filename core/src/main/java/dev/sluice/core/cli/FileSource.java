package dev.sluice.core.cli;

import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.Likeness;
import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxRegistry;
import dev.sluice.core.mux.Side;
import dev.sluice.core.transport.ApplicationProtocol;
import dev.sluice.core.transport.TransportProvider;
import dev.sluice.core.transport.TransportRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the readers of a file's sections share: the providers, the problems, and the places. */
final class FileSource {
  private static final String TLS = "tls";

  private final ConfigProblems problems;
  private final List<TransportProvider> transports;
  private final MuxRegistry muxes;
  private final Map<String, ConfigNode> places = new LinkedHashMap<>();

  FileSource(ConfigProblems problems, List<TransportProvider> transports, MuxRegistry muxes) {
    this.problems = problems;
    this.transports = List.copyOf(transports);
    this.muxes = muxes;
  }

  ConfigProblems problems() {
    return problems;
  }

  MuxRegistry muxes() {
    return muxes;
  }

  /** Remembers where something stands that the engine calls by another name than the file. */
  void place(String engineName, ConfigNode node) {
    places.put(engineName, node);
  }

  /** Where something stands that a message of the engine begins with. */
  @Nullable ConfigNode placeOf(String message) {
    ConfigNode best = null;
    int length = 0;
    for (Map.Entry<String, ConfigNode> place : places.entrySet()) {
      if (message.startsWith(place.getKey()) && place.getKey().length() > length) {
        best = place.getValue();
        length = place.getKey().length();
      }
    }
    return best;
  }

  /** The keys by which a section may name its transport. */
  Set<String> transportNames() {
    Set<String> names = new LinkedHashSet<>();
    names.add(TLS);
    transports.forEach(transport -> names.add(transport.name()));
    return names;
  }

  /** The value of the key that names a transport; null if there is none. */
  @Nullable ConfigNode transportNode(ConfigNode section) {
    List<ConfigNode> found = new ArrayList<>();
    for (String name : transportNames()) {
      ConfigNode node = section.find(name);
      if (node != null) {
        found.add(node);
      }
    }
    if (found.size() > 1) {
      problems.add(found.get(1), "is a second transport: one of " + transportNames() + " is valid");
    }
    return found.isEmpty() ? null : found.get(0);
  }

  /** Has a transport read its section; null without one, or once problems were added. */
  @Nullable TransportConfig transport(@Nullable ConfigNode node, TransportRole role) {
    if (node == null) {
      return null;
    }
    String name = node.path().substring(node.path().lastIndexOf('.') + 1);
    for (TransportProvider provider : transports) {
      if (provider.name().equals(name)) {
        return provider.configure(node, role, problems);
      }
    }
    problems.add(
        node,
        "the transport \""
            + name
            + "\" is provided by nobody: add dev.sluice:sluice-"
            + name
            + " to the path");
    return null;
  }

  /** A protocol that is offered, but that nobody speaks, would fail at the first handshake. */
  void checkOffered(@Nullable TransportConfig transport, ConfigNode node, Side side, Mode mode) {
    if (transport == null || mode == Mode.TCP) {
      return;
    }
    Set<String> spoken = new LinkedHashSet<>();
    for (MuxProvider provider : serving(side, mode)) {
      for (ApplicationProtocol protocol : provider.applicationProtocols()) {
        spoken.add(protocol.token());
      }
    }
    for (String token : transport.applicationProtocols()) {
      if (!spoken.contains(token)) {
        ConfigNode list = node.find("alpn");
        problems.add(
            list == null ? node : list,
            "\""
                + token
                + "\" is offered, and no mux speaks it"
                + Likeness.hint(token, spoken)
                + "; another needs its artifact on the path");
      }
    }
  }

  /** A mux that is forced must be there, and serve the side and the mode; null for none. */
  void checkForced(@Nullable String forced, ConfigNode at, Side side, Mode mode) {
    if (forced == null || muxes.named(forced, side, mode) != null) {
      return;
    }
    List<String> names = serving(side, mode).stream().map(MuxProvider::name).toList();
    problems.add(
        at,
        "\""
            + forced
            + "\" is no protocol for mode "
            + word(mode)
            + Likeness.hint(forced, names)
            + "; another needs its artifact on the path, such as dev.sluice:sluice-mux-"
            + forced);
  }

  private List<MuxProvider> serving(Side side, Mode mode) {
    List<MuxProvider> serving = new ArrayList<>();
    for (MuxProvider provider : muxes.providers()) {
      if (provider.sides().contains(side) && provider.modes().contains(mode)) {
        serving.add(provider);
      }
    }
    return serving;
  }

  static String word(Mode mode) {
    return mode == Mode.HTTP ? "http" : "tcp";
  }
}
