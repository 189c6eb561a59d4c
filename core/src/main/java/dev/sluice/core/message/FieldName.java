package dev.sluice.core.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field name that the engine knows: interned, so that it is compared by identity and indexed by a
 * small number. Names outside this table have no {@code FieldName} and live as bytes in the store
 * of their {@link Fields}.
 *
 * <p>Immutable; any thread.
 */
public final class FieldName {
  private static final List<FieldName> ALL = new ArrayList<>();

  /** Belongs to one hop and is never passed on (RFC 9110 7.6.1). */
  private static final int HOP = 1;

  /** Says where the message ends; no Connection field can take it away (RFC 9112 6). */
  private static final int FRAMING = 2;

  /** Has one value; several lines of it are not a list. */
  private static final int SINGLE = 4;

  /** Must not be taken from a trailer section (RFC 9110 6.5.1). */
  private static final int NO_TRAILER = 8;

  /** Added or relied upon by the proxy: a Connection field cannot take it away. */
  private static final int KEPT = 16;

  // Names in the order of HPACK's static table come first (RFC 7541 appendix A), the others follow.
  public static final FieldName ACCEPT_CHARSET = known("accept-charset", 0);
  public static final FieldName ACCEPT_ENCODING = known("accept-encoding", 0);
  public static final FieldName ACCEPT_LANGUAGE = known("accept-language", 0);
  public static final FieldName ACCEPT_RANGES = known("accept-ranges", 0);
  public static final FieldName ACCEPT = known("accept", 0);
  public static final FieldName ACCESS_CONTROL_ALLOW_ORIGIN =
      known("access-control-allow-origin", 0);
  public static final FieldName AGE = known("age", SINGLE | NO_TRAILER);
  public static final FieldName ALLOW = known("allow", 0);
  public static final FieldName AUTHORIZATION = known("authorization", SINGLE | NO_TRAILER);
  public static final FieldName CACHE_CONTROL = known("cache-control", NO_TRAILER);
  public static final FieldName CONTENT_DISPOSITION = known("content-disposition", SINGLE);
  public static final FieldName CONTENT_ENCODING = known("content-encoding", NO_TRAILER);
  public static final FieldName CONTENT_LANGUAGE = known("content-language", 0);
  public static final FieldName CONTENT_LENGTH =
      known("content-length", FRAMING | SINGLE | NO_TRAILER | KEPT);
  public static final FieldName CONTENT_LOCATION = known("content-location", SINGLE);
  public static final FieldName CONTENT_RANGE = known("content-range", SINGLE | NO_TRAILER);
  public static final FieldName CONTENT_TYPE = known("content-type", SINGLE | NO_TRAILER);
  public static final FieldName COOKIE = known("cookie", NO_TRAILER);
  public static final FieldName DATE = known("date", SINGLE | NO_TRAILER);
  public static final FieldName ETAG = known("etag", SINGLE);
  public static final FieldName EXPECT = known("expect", NO_TRAILER);
  public static final FieldName EXPIRES = known("expires", SINGLE | NO_TRAILER);
  public static final FieldName FROM = known("from", SINGLE);
  public static final FieldName HOST = known("host", SINGLE | NO_TRAILER | KEPT);
  public static final FieldName IF_MATCH = known("if-match", NO_TRAILER);
  public static final FieldName IF_MODIFIED_SINCE = known("if-modified-since", SINGLE | NO_TRAILER);
  public static final FieldName IF_NONE_MATCH = known("if-none-match", NO_TRAILER);
  public static final FieldName IF_RANGE = known("if-range", SINGLE | NO_TRAILER);
  public static final FieldName IF_UNMODIFIED_SINCE =
      known("if-unmodified-since", SINGLE | NO_TRAILER);
  public static final FieldName LAST_MODIFIED = known("last-modified", SINGLE);
  public static final FieldName LINK = known("link", 0);
  public static final FieldName LOCATION = known("location", SINGLE | NO_TRAILER);
  public static final FieldName MAX_FORWARDS = known("max-forwards", SINGLE | NO_TRAILER);
  public static final FieldName PROXY_AUTHENTICATE = known("proxy-authenticate", NO_TRAILER);
  public static final FieldName PROXY_AUTHORIZATION =
      known("proxy-authorization", SINGLE | NO_TRAILER);
  public static final FieldName RANGE = known("range", SINGLE | NO_TRAILER);
  public static final FieldName REFERER = known("referer", SINGLE);
  public static final FieldName REFRESH = known("refresh", 0);
  public static final FieldName RETRY_AFTER = known("retry-after", SINGLE | NO_TRAILER);
  public static final FieldName SERVER = known("server", SINGLE);
  public static final FieldName SET_COOKIE = known("set-cookie", NO_TRAILER);
  public static final FieldName STRICT_TRANSPORT_SECURITY = known("strict-transport-security", 0);
  public static final FieldName TRANSFER_ENCODING =
      known("transfer-encoding", HOP | FRAMING | NO_TRAILER);
  public static final FieldName USER_AGENT = known("user-agent", SINGLE);
  public static final FieldName VARY = known("vary", NO_TRAILER);
  public static final FieldName VIA = known("via", KEPT);
  public static final FieldName WWW_AUTHENTICATE = known("www-authenticate", NO_TRAILER);

  public static final FieldName ACCESS_CONTROL_ALLOW_CREDENTIALS =
      known("access-control-allow-credentials", 0);
  public static final FieldName ACCESS_CONTROL_ALLOW_HEADERS =
      known("access-control-allow-headers", 0);
  public static final FieldName ACCESS_CONTROL_ALLOW_METHODS =
      known("access-control-allow-methods", 0);
  public static final FieldName ACCESS_CONTROL_EXPOSE_HEADERS =
      known("access-control-expose-headers", 0);
  public static final FieldName ACCESS_CONTROL_MAX_AGE = known("access-control-max-age", 0);
  public static final FieldName ACCESS_CONTROL_REQUEST_HEADERS =
      known("access-control-request-headers", 0);
  public static final FieldName ACCESS_CONTROL_REQUEST_METHOD =
      known("access-control-request-method", 0);
  public static final FieldName ALT_SVC = known("alt-svc", 0);
  public static final FieldName CONNECTION = known("connection", HOP | NO_TRAILER);
  public static final FieldName CONTENT_SECURITY_POLICY = known("content-security-policy", 0);
  public static final FieldName DNT = known("dnt", 0);
  public static final FieldName FORWARDED = known("forwarded", NO_TRAILER | KEPT);
  public static final FieldName GRPC_ENCODING = known("grpc-encoding", 0);
  public static final FieldName GRPC_MESSAGE = known("grpc-message", 0);
  public static final FieldName GRPC_STATUS = known("grpc-status", 0);
  public static final FieldName GRPC_TIMEOUT = known("grpc-timeout", 0);
  public static final FieldName HTTP2_SETTINGS = known("http2-settings", HOP | NO_TRAILER);
  public static final FieldName KEEP_ALIVE = known("keep-alive", HOP | NO_TRAILER);
  public static final FieldName ORIGIN = known("origin", SINGLE);
  public static final FieldName PRAGMA = known("pragma", NO_TRAILER);
  public static final FieldName PRIORITY = known("priority", 0);
  public static final FieldName PROXY_CONNECTION = known("proxy-connection", HOP | NO_TRAILER);
  public static final FieldName SEC_FETCH_DEST = known("sec-fetch-dest", 0);
  public static final FieldName SEC_FETCH_MODE = known("sec-fetch-mode", 0);
  public static final FieldName SEC_FETCH_SITE = known("sec-fetch-site", 0);
  public static final FieldName SEC_WEBSOCKET_ACCEPT = known("sec-websocket-accept", SINGLE);
  public static final FieldName SEC_WEBSOCKET_EXTENSIONS = known("sec-websocket-extensions", 0);
  public static final FieldName SEC_WEBSOCKET_KEY = known("sec-websocket-key", SINGLE);
  public static final FieldName SEC_WEBSOCKET_PROTOCOL = known("sec-websocket-protocol", 0);
  public static final FieldName SEC_WEBSOCKET_VERSION = known("sec-websocket-version", 0);
  public static final FieldName SERVER_TIMING = known("server-timing", 0);

  /** Reaches the next hop only as {@code trailers}; see {@link HopByHop}. */
  public static final FieldName TE = known("te", NO_TRAILER);

  public static final FieldName TRACEPARENT = known("traceparent", 0);
  public static final FieldName TRACESTATE = known("tracestate", 0);
  public static final FieldName TRAILER = known("trailer", NO_TRAILER);
  public static final FieldName UPGRADE = known("upgrade", HOP | NO_TRAILER);
  public static final FieldName UPGRADE_INSECURE_REQUESTS = known("upgrade-insecure-requests", 0);
  public static final FieldName X_CONTENT_TYPE_OPTIONS = known("x-content-type-options", 0);
  public static final FieldName X_FORWARDED_FOR = known("x-forwarded-for", NO_TRAILER | KEPT);
  public static final FieldName X_FORWARDED_HOST = known("x-forwarded-host", NO_TRAILER | KEPT);
  public static final FieldName X_FORWARDED_PORT = known("x-forwarded-port", NO_TRAILER | KEPT);
  public static final FieldName X_FORWARDED_PROTO = known("x-forwarded-proto", NO_TRAILER | KEPT);
  public static final FieldName X_FRAME_OPTIONS = known("x-frame-options", 0);
  public static final FieldName X_REQUEST_ID = known("x-request-id", 0);

  private static final FieldName[] BY_ID = ALL.toArray(new FieldName[0]);
  private static final @Nullable FieldName[] TABLE = table();

  private final int id;
  private final String name;
  private final byte[] bytes;
  private final int traits;

  private FieldName(int id, String name, int traits) {
    this.id = id;
    this.name = name;
    this.bytes = name.getBytes(StandardCharsets.US_ASCII);
    this.traits = traits;
  }

  /** The known name of these bytes, in either case, or null. Allocates nothing. */
  public static @Nullable FieldName lookup(byte[] src, int offset, int length) {
    if (length == 0) {
      return null;
    }
    for (int slot = hash(src, offset, length); ; slot++) {
      FieldName candidate = TABLE[slot & (TABLE.length - 1)];
      if (candidate == null) {
        return null;
      }
      if (FieldSyntax.equalsIgnoreCase(
          candidate.bytes, 0, candidate.bytes.length, src, offset, length)) {
        return candidate;
      }
    }
  }

  /** The known name of this text, in either case, or null. */
  public static @Nullable FieldName lookup(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    return lookup(bytes, 0, bytes.length);
  }

  /** The number of known names; ids run from 0 to one less. */
  public static int count() {
    return BY_ID.length;
  }

  /** The name with this id. */
  public static FieldName byId(int id) {
    return BY_ID[id];
  }

  /** A small number from 0, the same for the life of the program; good as an array index. */
  public int id() {
    return id;
  }

  /** The name in lower case; lent, never written to. */
  public byte[] bytes() {
    return bytes;
  }

  /** The number of bytes of the name. */
  public int length() {
    return bytes.length;
  }

  /** Whether the field belongs to one hop and is never passed on (RFC 9110 7.6.1). */
  public boolean hopByHop() {
    return (traits & HOP) != 0;
  }

  /** Whether the field says where the message ends (RFC 9112 6). */
  public boolean framing() {
    return (traits & FRAMING) != 0;
  }

  /** Whether the field has one value, so that several lines of it are not a list. */
  public boolean singleton() {
    return (traits & SINGLE) != 0;
  }

  /** Whether the field may stand in a trailer section (RFC 9110 6.5.1). */
  public boolean trailerAllowed() {
    return (traits & NO_TRAILER) == 0;
  }

  /** Whether the field stays although a Connection field names it (RFC 9110 7.6.1). */
  public boolean keptAgainstConnection() {
    return (traits & KEPT) != 0;
  }

  /** The name in lower case. */
  @Override
  public String toString() {
    return name;
  }

  private static FieldName known(String name, int traits) {
    FieldName made = new FieldName(ALL.size(), name, traits);
    ALL.add(made);
    return made;
  }

  /** Cheap rather than perfect: lengths and three bytes tell nearly all known names apart. */
  private static int hash(byte[] src, int offset, int length) {
    int first = src[offset] | 0x20;
    int middle = src[offset + (length >> 1)] | 0x20;
    int last = src[offset + length - 1] | 0x20;
    int mixed = (length * 31 + first) * 31 + middle;
    mixed = (mixed * 31 + last) * 0x9E3779B1;
    return mixed >>> 22;
  }

  private static @Nullable FieldName[] table() {
    @Nullable FieldName[] table = new @Nullable FieldName[1024];
    for (FieldName name : BY_ID) {
      int slot = hash(name.bytes, 0, name.bytes.length);
      while (table[slot & (table.length - 1)] != null) {
        slot++;
      }
      table[slot & (table.length - 1)] = name;
    }
    return table;
  }
}
