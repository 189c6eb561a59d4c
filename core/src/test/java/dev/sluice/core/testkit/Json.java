package dev.sluice.core.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads test vectors in JSON: objects, arrays, strings, whole numbers, true and false. */
public final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** The value of a text; throws on what is no JSON of this kind. */
  public static Object read(String text) {
    return new Json(text).value();
  }

  private Object value() {
    skip();
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't', 'f' -> {
        at += c == 't' ? 4 : 5;
        yield c == 't';
      }
      default -> number();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    skip();
    while (text.charAt(at) != '}') {
      String name = string();
      skip();
      at++;
      members.put(name, value());
      separator();
    }
    at++;
    return members;
  }

  private List<Object> array() {
    List<Object> items = new ArrayList<>();
    at++;
    skip();
    while (text.charAt(at) != ']') {
      items.add(value());
      separator();
    }
    at++;
    return items;
  }

  private String string() {
    StringBuilder read = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      char c = text.charAt(at);
      if (c != '\\') {
        read.append(c);
        continue;
      }
      char escaped = text.charAt(++at);
      switch (escaped) {
        case 'r' -> read.append('\r');
        case 'n' -> read.append('\n');
        case 't' -> read.append('\t');
        case 'u' -> {
          read.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
          at += 4;
        }
        default -> read.append(escaped);
      }
    }
    at++;
    return read.toString();
  }

  private Integer number() {
    int from = at;
    while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return Integer.valueOf(text.substring(from, at));
  }

  private void separator() {
    skip();
    if (text.charAt(at) == ',') {
      at++;
      skip();
    }
  }

  private void skip() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
