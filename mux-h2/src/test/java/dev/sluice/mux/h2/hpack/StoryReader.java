package dev.sluice.mux.h2.hpack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of the story files: objects, arrays, strings, whole numbers and null. */
final class StoryReader {
  private final String text;
  private int at;

  private StoryReader(String text) {
    this.text = text;
  }

  /** One header block: what the encoder sent, and what it stands for. */
  static final class Case {
    private final byte[] wire;
    private final List<String[]> fields;
    private final int tableSize;

    private Case(byte[] wire, List<String[]> fields, int tableSize) {
      this.wire = wire;
      this.fields = fields;
      this.tableSize = tableSize;
    }

    byte[] wire() {
      return wire;
    }

    /** Names and values. */
    List<String[]> fields() {
      return fields;
    }

    /** The limit to set before this block, or -1. */
    int tableSize() {
      return tableSize;
    }
  }

  static List<Case> read(String json) {
    List<Case> cases = new ArrayList<>();
    Map<?, ?> story = (Map<?, ?>) value(new StoryReader(json));
    for (Object each : (List<?>) nonNull(story.get("cases"))) {
      Map<?, ?> one = (Map<?, ?>) each;
      List<String[]> fields = new ArrayList<>();
      for (Object field : (List<?>) nonNull(one.get("headers"))) {
        for (Map.Entry<?, ?> pair : ((Map<?, ?>) field).entrySet()) {
          fields.add(new String[] {(String) pair.getKey(), (String) pair.getValue()});
        }
      }
      Object size = one.get("header_table_size");
      cases.add(
          new Case(
              Bytes.ofHex((String) nonNull(one.get("wire"))),
              fields,
              size == null ? -1 : ((Long) size).intValue()));
    }
    return cases;
  }

  private static Object value(StoryReader reader) {
    return nonNull(reader.next());
  }

  private static Object nonNull(@Nullable Object object) {
    if (object == null) {
      throw new IllegalArgumentException("incomplete story");
    }
    return object;
  }

  private @Nullable Object next() {
    char c = peek();
    if (c == '{') {
      return object();
    }
    if (c == '[') {
      return array();
    }
    if (c == '"') {
      return string();
    }
    if (text.startsWith("null", at)) {
      at += 4;
      return null;
    }
    int from = at;
    while (at < text.length() && "0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return Long.valueOf(text.substring(from, at));
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    at++;
    while (peek() != '}') {
      String key = string();
      expect(':');
      map.put(key, next());
      if (peek() == ',') {
        at++;
      }
    }
    at++;
    return map;
  }

  private List<@Nullable Object> array() {
    List<@Nullable Object> list = new ArrayList<>();
    at++;
    while (peek() != ']') {
      list.add(next());
      if (peek() == ',') {
        at++;
      }
    }
    at++;
    return list;
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
      if (c != '\\') {
        string.append(c);
        continue;
      }
      char escaped = text.charAt(at++);
      switch (escaped) {
        case 'n' -> string.append('\n');
        case 't' -> string.append('\t');
        case 'u' -> {
          string.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
          at += 4;
        }
        default -> string.append(escaped);
      }
    }
    return string.toString();
  }

  private void expect(char c) {
    if (peek() != c) {
      throw new IllegalArgumentException("expected " + c + " at " + at);
    }
    at++;
  }

  private char peek() {
    while (Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.charAt(at);
  }
}
