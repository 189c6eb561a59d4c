package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A message of h1 as a scripted peer got it. */
final class Message {
  private final String head;
  final List<String> trailers = new ArrayList<>();
  final ByteArrayOutputStream body = new ByteArrayOutputStream();
  boolean complete;
  long headNanos;
  long completeNanos;

  Message(String head) {
    this.head = head;
  }

  /** Start line and fields, with the empty line. */
  String head() {
    return head;
  }

  String startLine() {
    return head.substring(0, head.indexOf("\r\n"));
  }

  String method() {
    return word(0);
  }

  String path() {
    return word(1);
  }

  int status() {
    return Integer.parseInt(word(1));
  }

  String bodyText() {
    return body.toString(ISO_8859_1);
  }

  private String word(int number) {
    return startLine().split(" ", 3)[number];
  }

  /** The value of the first field of that name, or null. */
  @Nullable String field(String name) {
    String[] lines = head.split("\r\n", -1);
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0 && lines[i].substring(0, colon).equalsIgnoreCase(name)) {
        return lines[i].substring(colon + 1).strip();
      }
    }
    return null;
  }

  /** The names of all fields, in lower case. */
  Set<String> fieldNames() {
    Set<String> names = new TreeSet<>();
    String[] lines = head.split("\r\n", -1);
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        names.add(lines[i].substring(0, colon).toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  @Override
  public String toString() {
    return startLine() + " (" + body.size() + " bytes" + (complete ? ")" : ", cut)");
  }
}
