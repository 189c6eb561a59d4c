package dev.sluice.core.cli;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.Authority;
import dev.sluice.core.message.FieldSyntax;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One route: which requests it takes, and where they go. Compares bytes and allocates nothing.
 * Immutable; any thread.
 *
 * @param hosts one of them must match; empty for any
 * @param paths one of them must match; empty for any
 * @param fields all of them must match
 * @param backend where matching requests go, or null
 * @param response what answers them, if no backend does
 */
record RouteRule(
    List<Host> hosts,
    List<PathPrefix> paths,
    List<FieldMatch> fields,
    @Nullable String backend,
    @Nullable FixedResponse response) {

  RouteRule {
    hosts = List.copyOf(hosts);
    paths = List.copyOf(paths);
    fields = List.copyOf(fields);
  }

  boolean matches(RequestHead request) {
    return matchesHost(request) && matchesPath(request) && matchesFields(request.fields());
  }

  private boolean matchesHost(RequestHead request) {
    if (hosts.isEmpty()) {
      return true;
    }
    int length = request.authorityLength();
    if (length <= 0) {
      return false;
    }
    byte[] bytes = request.bytes();
    int offset = request.authorityOffset();
    int hostLength = Authority.hostLength(bytes, offset, length);
    for (int i = 0; i < hosts.size(); i++) {
      if (hosts.get(i).matches(bytes, offset, hostLength)) {
        return true;
      }
    }
    return false;
  }

  private boolean matchesPath(RequestHead request) {
    if (paths.isEmpty()) {
      return true;
    }
    int length = request.pathLength();
    for (int i = 0; i < paths.size() && length > 0; i++) {
      if (paths.get(i).matches(request.bytes(), request.pathOffset(), length)) {
        return true;
      }
    }
    return false;
  }

  private boolean matchesFields(Fields present) {
    for (int i = 0; i < fields.size(); i++) {
      if (!fields.get(i).matches(present)) {
        return false;
      }
    }
    return true;
  }

  /** A host name, or all names below one. */
  static final class Host {
    private static final String WILDCARD = "*.";

    private final byte[] name;
    private final boolean below;
    private final String text;

    /** {@code www.example.com}, or {@code *.example.com} for all names that end so. */
    Host(String text) {
      this.text = text;
      below = text.startsWith(WILDCARD);
      String bare = below ? text.substring(1) : text;
      name = bare.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
    }

    boolean matches(byte[] src, int offset, int length) {
      if (below ? length <= name.length : length != name.length) {
        return false;
      }
      int from = offset + length - name.length;
      return FieldSyntax.equalsIgnoreCase(src, from, name.length, name, 0, name.length);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** A path and all below it: {@code /api} takes {@code /api/x} and not {@code /apis}. */
  static final class PathPrefix {
    private final byte[] prefix;
    private final String text;

    static boolean valid(String text) {
      return text.matches("/[!-~&&[^?#]]*");
    }

    PathPrefix(String text) {
      this.text = text;
      prefix = text.getBytes(StandardCharsets.ISO_8859_1);
    }

    boolean matches(byte[] src, int offset, int length) {
      if (length < prefix.length) {
        return false;
      }
      for (int i = 0; i < prefix.length; i++) {
        if (src[offset + i] != prefix[i]) {
          return false;
        }
      }
      if (length == prefix.length || prefix[prefix.length - 1] == '/') {
        return true;
      }
      byte next = src[offset + prefix.length];
      return next == '/' || next == '?';
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** A field that must be there: with any value, with this one, or with one that begins so. */
  static final class FieldMatch {
    private final byte[] name;
    private final byte[] value;
    private final Extent extent;
    private final String text;

    /** How much of a value is compared. */
    enum Extent {
      /** Nothing: the field is there. */
      NONE,
      /** Its beginning. */
      PREFIX,
      /** All of it. */
      ALL
    }

    FieldMatch(String name, String value, Extent extent) {
      this.name = name.getBytes(StandardCharsets.ISO_8859_1);
      this.value = value.getBytes(StandardCharsets.ISO_8859_1);
      this.extent = extent;
      text =
          switch (extent) {
            case NONE -> name;
            case PREFIX -> name + ": " + value + "*";
            case ALL -> name + ": " + value;
          };
    }

    boolean matches(Fields fields) {
      int line = fields.next(name, 0, name.length, 0);
      while (line >= 0) {
        if (matchesValue(fields, line)) {
          return true;
        }
        line = fields.next(name, 0, name.length, line + 1);
      }
      return false;
    }

    private boolean matchesValue(Fields fields, int line) {
      int length = fields.valueLength(line);
      if (extent == Extent.ALL ? length != value.length : length < value.length) {
        return false;
      }
      byte[] src = fields.bytes();
      int offset = fields.valueOffset(line);
      for (int i = 0; i < value.length; i++) {
        if (src[offset + i] != value[i]) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
