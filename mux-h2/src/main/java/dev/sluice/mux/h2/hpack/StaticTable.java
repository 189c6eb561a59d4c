package dev.sluice.mux.h2.hpack;

import dev.sluice.core.message.FieldName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The static table of RFC 7541 appendix A, and the ways into it that the encoder needs. */
final class StaticTable {
  /** Indices run from 1 to this; dynamic entries follow (RFC 7541 2.3.3). */
  static final int LENGTH = 61;

  // RFC 7541 appendix A: the places that the encoder names directly.
  static final int AUTHORITY = 1;
  static final int METHOD = 2;
  static final int PATH = 4;
  static final int SCHEME = 6;
  static final int STATUS = 8;

  private static final String[] ENTRIES = {
    ":authority", "",
    ":method", "GET",
    ":method", "POST",
    ":path", "/",
    ":path", "/index.html",
    ":scheme", "http",
    ":scheme", "https",
    ":status", "200",
    ":status", "204",
    ":status", "206",
    ":status", "304",
    ":status", "400",
    ":status", "404",
    ":status", "500",
    "accept-charset", "",
    "accept-encoding", "gzip, deflate",
    "accept-language", "",
    "accept-ranges", "",
    "accept", "",
    "access-control-allow-origin", "",
    "age", "",
    "allow", "",
    "authorization", "",
    "cache-control", "",
    "content-disposition", "",
    "content-encoding", "",
    "content-language", "",
    "content-length", "",
    "content-location", "",
    "content-range", "",
    "content-type", "",
    "cookie", "",
    "date", "",
    "etag", "",
    "expect", "",
    "expires", "",
    "from", "",
    "host", "",
    "if-match", "",
    "if-modified-since", "",
    "if-none-match", "",
    "if-range", "",
    "if-unmodified-since", "",
    "last-modified", "",
    "link", "",
    "location", "",
    "max-forwards", "",
    "proxy-authenticate", "",
    "proxy-authorization", "",
    "range", "",
    "referer", "",
    "refresh", "",
    "retry-after", "",
    "server", "",
    "set-cookie", "",
    "strict-transport-security", "",
    "transfer-encoding", "",
    "user-agent", "",
    "vary", "",
    "via", "",
    "www-authenticate", "",
  };

  private static final byte[][] NAMES = new byte[LENGTH + 1][];
  private static final byte[][] VALUES = new byte[LENGTH + 1][];
  private static final @Nullable FieldName[] KNOWN = new @Nullable FieldName[LENGTH + 1];

  /** For each {@link FieldName#id()}: the first index with this name, or 0. */
  private static final byte[] INDEX_OF_KNOWN = new byte[FieldName.count()];

  static {
    for (int index = 1; index <= LENGTH; index++) {
      NAMES[index] = ENTRIES[2 * index - 2].getBytes(StandardCharsets.US_ASCII);
      VALUES[index] = ENTRIES[2 * index - 1].getBytes(StandardCharsets.US_ASCII);
      FieldName known = FieldName.lookup(NAMES[index], 0, NAMES[index].length);
      KNOWN[index] = known;
      if (known != null && INDEX_OF_KNOWN[known.id()] == 0) {
        INDEX_OF_KNOWN[known.id()] = (byte) index;
      }
    }
  }

  private StaticTable() {}

  /** The name at this index; never written to. */
  static byte[] name(int index) {
    return NAMES[index];
  }

  /** The value at this index; empty where the table gives none; never written to. */
  static byte[] value(int index) {
    return VALUES[index];
  }

  /** The name at this index as the engine knows it; null for the pseudo-fields. */
  static @Nullable FieldName known(int index) {
    return KNOWN[index];
  }

  /** The first index with this name, or 0. */
  static int indexOf(FieldName name) {
    return INDEX_OF_KNOWN[name.id()];
  }

  /**
   * The index with the same name as {@code first}, which is the first of that name, and this value;
   * or 0.
   */
  static int indexOfValue(int first, byte[] src, int offset, int length) {
    byte[] name = NAMES[first];
    for (int index = first; index <= LENGTH && Arrays.equals(NAMES[index], name); index++) {
      byte[] value = VALUES[index];
      // An entry without a value stands for its name only; the peer would read an empty value, and
      // that is what an empty value is.
      if (Arrays.equals(value, 0, value.length, src, offset, offset + length)) {
        return index;
      }
    }
    return 0;
  }
}
