package dev.sluice.core.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Configuration files in YAML 1.2. The only class that needs snakeyaml-engine, which is an optional
 * dependency: without it on the path, using this class is a {@link NoClassDefFoundError}, and
 * nothing else of the engine is affected.
 *
 * <p>Anchors and aliases work; what they expand to is bounded. Reads files: not for a loop.
 */
public final class YamlReader {
  private static final int DEPTH_MAX = 32;
  private static final int NODES_MAX = 100_000;
  private static final int FILE_BYTES_MAX = 4 << 20;

  private final String name;
  private final Path directory;
  private final ConfigProblems problems;
  private int nodes;

  private YamlReader(String name, Path directory, ConfigProblems problems) {
    this.name = name;
    this.directory = directory;
    this.problems = problems;
  }

  /**
   * Reads a file.
   *
   * @return null once problems say why there is nothing
   */
  public static @Nullable ConfigNode read(Path file, ConfigProblems problems) {
    String name = file.toString();
    String text;
    try {
      if (Files.isRegularFile(file) && Files.size(file) > FILE_BYTES_MAX) {
        problems.add(
            ConfigPosition.of(name),
            "the file has " + Files.size(file) + " bytes: up to " + FILE_BYTES_MAX + " are valid");
        return null;
      }
      text = Files.readString(file);
    } catch (IOException e) {
      problems.add(ConfigPosition.of(name), "the file can't be read: " + words(e));
      return null;
    }
    Path parent = file.getParent();
    return read(text, name, parent == null ? Path.of("") : parent, problems);
  }

  private static String words(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof CharacterCodingException
        ? "it is not UTF-8"
        : String.valueOf(e.getMessage());
  }

  /**
   * Reads a text.
   *
   * @param name what messages call it
   * @param directory what the names of files in it are relative to
   * @return null once problems say why there is nothing
   */
  public static @Nullable ConfigNode read(
      String text, String name, Path directory, ConfigProblems problems) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(name)
            .setCodePointLimit(FILE_BYTES_MAX)
            // What aliases expand to is bounded here, which tells the place.
            .setMaxAliasesForCollections(NODES_MAX)
            .build();
    ConfigPosition start = new ConfigPosition(name, 1, 1);
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        problems.add(start, "the file is empty: a map with frontends and backends is needed");
        return null;
      }
      return new YamlReader(name, directory, problems).node(root.get(), "", 0);
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      String words = e.getContext() == null ? "" : e.getContext() + ", ";
      problems.add(
          mark.map(at -> position(name, at)).orElse(start),
          "no valid YAML: " + words + e.getProblem());
      return null;
    } catch (YamlEngineException e) {
      problems.add(start, "no valid YAML: " + e.getMessage());
      return null;
    }
  }

  private @Nullable ConfigNode node(Node node, String path, int depth) {
    ConfigPosition position = position(node);
    if (depth > DEPTH_MAX) {
      problems.add(position, path + ": lies deeper than " + DEPTH_MAX + " levels");
      return null;
    }
    if (++nodes > NODES_MAX) {
      if (nodes == NODES_MAX + 1) {
        problems.add(position, path + ": the file has more than " + NODES_MAX + " values");
      }
      return null;
    }
    if (node instanceof MappingNode map) {
      return ConfigNode.map(path, position, directory, entries(map, path, depth));
    }
    if (node instanceof SequenceNode list) {
      List<ConfigNode> items = new ArrayList<>();
      for (Node each : list.getValue()) {
        ConfigNode item = node(each, path + "[" + items.size() + "]", depth + 1);
        if (item != null) {
          items.add(item);
        }
      }
      return ConfigNode.list(path, position, directory, items);
    }
    if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)) {
      return ConfigNode.text(path, position, directory, scalar.getValue());
    }
    return ConfigNode.empty(path, position, directory);
  }

  private List<ConfigNode.Entry> entries(MappingNode map, String path, int depth) {
    List<ConfigNode.Entry> entries = new ArrayList<>();
    Map<String, ConfigPosition> seen = new HashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      ConfigPosition at = position(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
        problems.add(at, (path.isEmpty() ? "" : path + ": ") + "a key must be a text");
        continue;
      }
      String key = scalar.getValue();
      String keyPath = path.isEmpty() ? key : path + "." + key;
      ConfigPosition first = seen.putIfAbsent(key, at);
      if (first != null) {
        problems.add(
            at,
            keyPath + ": stands here a second time: it is in line " + first.line() + " already");
        continue;
      }
      ConfigNode value = node(tuple.getValueNode(), keyPath, depth + 1);
      if (value != null) {
        entries.add(new ConfigNode.Entry(key, at, value));
      }
    }
    return entries;
  }

  private ConfigPosition position(Node node) {
    return node.getStartMark()
        .map(mark -> position(name, mark))
        .orElse(new ConfigPosition(name, 1, 1));
  }

  private static ConfigPosition position(String name, Mark mark) {
    return new ConfigPosition(name, mark.getLine() + 1, mark.getColumn() + 1);
  }
}
