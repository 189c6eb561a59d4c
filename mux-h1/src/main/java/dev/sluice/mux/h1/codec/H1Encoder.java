package dev.sluice.mux.h1.codec;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes heads in canonical form: HTTP/1.1, lower-case names, one space after the colon, exactly
 * one Host, our own {@code Connection}, and a length or {@code chunked} but never both. Stateless;
 * allocates nothing.
 *
 * <p>The caller provides room for {@link #bytesMax}.
 */
public final class H1Encoder {
  /** How the content is delimited on this hop. */
  public enum Framing {
    /** As the head says: by its {@code content-length} if it has one. */
    AS_GIVEN,
    /** Not at all: there is no content, or it ends with the connection; no length is written. */
    NO_LENGTH,
    /** There is no content, and that is said by {@code content-length: 0}. */
    ZERO_LENGTH,
    /** By {@code transfer-encoding: chunked}; no length is written. */
    CHUNKED
  }

  /** What our {@code Connection} says about persistence. */
  public enum Persistence {
    /** Nothing: the default of HTTP/1.1 holds. */
    DEFAULT,
    /** {@code keep-alive}, to a peer of HTTP/1.0. */
    KEEP_ALIVE,
    /** {@code close}. */
    CLOSE
  }

  private static final byte[] VERSION = ascii("HTTP/1.1");
  private static final byte[] HOST = ascii("host: ");
  private static final byte[] ZERO = ascii("content-length: 0\r\n");
  private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
  private static final byte[] CONNECTION = ascii("connection: ");
  private static final byte[] UPGRADE = ascii("upgrade: ");
  private static final byte[] OPTION_CLOSE = ascii("close");
  private static final byte[] OPTION_KEEP_ALIVE = ascii("keep-alive");
  private static final byte[] OPTION_UPGRADE = ascii("upgrade");
  private static final byte[] OPTION_TE = ascii("te");
  private static final byte[] LIST_COMMA = ascii(", ");
  private static final byte[] CRLF = {'\r', '\n'};

  /** Everything that is written besides the bytes of the head itself. */
  private static final int EXTRA_BYTES = 256;

  private H1Encoder() {}

  /** An upper bound of what writing this head takes. */
  public static int bytesMax(MessageHead head) {
    Fields fields = head.fields();
    return EXTRA_BYTES + fields.byteCount() + 4 * fields.size();
  }

  /**
   * Writes the head of a request: origin-form; authority-form for CONNECT; {@code *} as it is.
   *
   * @param out room for at least {@link #bytesMax}
   */
  public static void put(
      ByteBuffer out, RequestHead head, Framing framing, Persistence persistence) {
    assert out.remaining() >= bytesMax(head);
    byte[] store = head.bytes();
    out.put(head.methodBytes(), head.methodOffset(), head.methodLength());
    out.put((byte) ' ');
    // RFC 9112 3.2.3: CONNECT names an authority.
    if (head.method() == Method.CONNECT) {
      out.put(store, head.authorityOffset(), Math.max(0, head.authorityLength()));
    } else {
      out.put(store, head.pathOffset(), Math.max(0, head.pathLength()));
    }
    out.put((byte) ' ').put(VERSION).put(CRLF);
    // RFC 9112 3.2: always, first, and empty where there is no authority.
    out.put(HOST);
    out.put(store, head.authorityOffset(), Math.max(0, head.authorityLength()));
    out.put(CRLF);
    putRest(out, head, framing, persistence, head.hasProtocol());
  }

  /**
   * Writes the head of a response, final or interim.
   *
   * @param out room for at least {@link #bytesMax}
   */
  public static void put(
      ByteBuffer out, ResponseHead head, Framing framing, Persistence persistence) {
    assert out.remaining() >= bytesMax(head);
    int status = head.status();
    out.put(VERSION).put((byte) ' ');
    out.put((byte) ('0' + status / 100));
    out.put((byte) ('0' + status / 10 % 10));
    out.put((byte) ('0' + status % 10));
    // RFC 9112 4: the space stays even without a reason.
    out.put((byte) ' ');
    if (head.reasonLength() >= 0) {
      out.put(head.bytes(), head.reasonOffset(), head.reasonLength());
    } else {
      out.put(ReasonPhrase.of(status));
    }
    out.put(CRLF);
    putRest(out, head, framing, persistence, head.hasProtocol());
  }

  private static void putRest(
      ByteBuffer out, MessageHead head, Framing framing, Persistence persistence, boolean upgrade) {
    Fields fields = head.fields();
    // RFC 9112 6.2: never a length beside a coding.
    putFields(out, fields, framing == Framing.AS_GIVEN);
    if (framing == Framing.CHUNKED) {
      out.put(CHUNKED);
    } else if (framing == Framing.ZERO_LENGTH) {
      out.put(ZERO);
    }
    putConnection(out, persistence, upgrade, fields.contains(FieldName.TE));
    if (upgrade) {
      out.put(UPGRADE);
      out.put(head.bytes(), head.protocolOffset(), head.protocolLength());
      out.put(CRLF);
    }
    out.put(CRLF);
  }

  /** RFC 9110 7.6.1: whoever sends a field of the hop names it; 10.1.4 says so of TE. */
  private static void putConnection(
      ByteBuffer out, Persistence persistence, boolean upgrade, boolean te) {
    if (persistence == Persistence.DEFAULT && !upgrade && !te) {
      return;
    }
    out.put(CONNECTION);
    boolean more = false;
    if (persistence != Persistence.DEFAULT) {
      out.put(persistence == Persistence.CLOSE ? OPTION_CLOSE : OPTION_KEEP_ALIVE);
      more = true;
    }
    if (upgrade) {
      out.put(LIST_COMMA, 0, more ? LIST_COMMA.length : 0).put(OPTION_UPGRADE);
      more = true;
    }
    if (te) {
      out.put(LIST_COMMA, 0, more ? LIST_COMMA.length : 0).put(OPTION_TE);
    }
    out.put(CRLF);
  }

  static int fieldBytes(Fields fields) {
    return fields.byteCount() + 4 * fields.size();
  }

  static void putFields(ByteBuffer out, Fields fields, boolean length) {
    byte[] store = fields.bytes();
    for (int i = 0, n = fields.size(); i < n; i++) {
      FieldName name = fields.name(i);
      if (name == null) {
        out.put(store, fields.nameOffset(i), fields.nameLength(i));
      } else {
        // What describes the hop is ours to say; a rewriting hook can't smuggle it in.
        if (name.hopByHop()
            || name == FieldName.HOST
            || (name == FieldName.CONTENT_LENGTH && !length)) {
          continue;
        }
        out.put(name.bytes());
      }
      out.put((byte) ':').put((byte) ' ');
      out.put(store, fields.valueOffset(i), fields.valueLength(i));
      out.put(CRLF);
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
