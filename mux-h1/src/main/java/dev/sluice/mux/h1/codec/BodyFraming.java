package dev.sluice.mux.h1.codec;

import dev.sluice.core.message.BodyLength;
import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.FieldSyntax;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.HttpVersion;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import java.nio.charset.StandardCharsets;

/**
 * What follows a head that was read, and whether the connection can be used after it (RFC 9112 6.3
 * and 9.3). Reads fields only; set anew for each head.
 */
public final class BodyFraming {
  /** How the end of the content is found. */
  public enum Kind {
    /** There is no content. */
    NONE,
    /** The content has {@link BodyFraming#length} bytes. */
    LENGTH,
    /** The content is chunked. */
    CHUNKED,
    /** The content ends with the connection; responses only. */
    UNTIL_CLOSE,
    /** No message follows any more: the connection is a tunnel from here on. */
    TUNNEL
  }

  private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CLOSE = "close".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(StandardCharsets.US_ASCII);

  private Kind kind = Kind.NONE;
  private long length;
  private boolean persistent;

  BodyFraming() {}

  /** How the end of the content is found. */
  public Kind kind() {
    return kind;
  }

  /** The length of the content, for {@link Kind#LENGTH}; 0 for {@link Kind#NONE}. */
  public long length() {
    return length;
  }

  /** Whether the message ends with its head. */
  public boolean endsWithHead() {
    return kind == Kind.NONE || (kind == Kind.LENGTH && length == 0);
  }

  /** Whether the sender lets the connection be used after this message (RFC 9112 9.3). */
  public boolean persistent() {
    return persistent;
  }

  /** RFC 9112 6.3, for requests. */
  H1Error ofRequest(RequestHead head) {
    Fields fields = head.fields();
    persistent = persistent(head);
    H1Error wrong = coding(head, true);
    if (wrong != H1Error.NONE) {
      return wrong;
    }
    if (kind != Kind.CHUNKED) {
      length = BodyLength.of(fields);
      if (length == BodyLength.INVALID) {
        // RFC 9112 6.3 rule 5: unrecoverable.
        return H1Error.BAD_CONTENT_LENGTH;
      }
      // RFC 9112 6.3 rule 7: a request without a length has no content.
      kind = length == BodyLength.UNKNOWN ? Kind.NONE : Kind.LENGTH;
      length = Math.max(0, length);
    }
    return contentAllowed(head) ? H1Error.NONE : H1Error.CONTENT_NOT_ALLOWED;
  }

  /**
   * RFC 9112 6.3, for responses.
   *
   * @param method the method of the request
   * @param upgradeAsked whether the request asked for another protocol
   */
  H1Error ofResponse(ResponseHead head, Method method, boolean upgradeAsked) {
    persistent = persistent(head);
    int status = head.status();
    if (status == 101) {
      if (!upgradeAsked) {
        return H1Error.UNASKED_UPGRADE;
      }
      return ends(Kind.TUNNEL);
    }
    // Rule 2: whatever the fields say, a 2xx to CONNECT opens the tunnel.
    if (method == Method.CONNECT && status >= 200 && status < 300) {
      return ends(Kind.TUNNEL);
    }
    // Rule 1: these have no content, whatever the fields say.
    if (method == Method.HEAD || head.bodyless()) {
      boolean bad = BodyLength.normalize(head.fields()) == BodyLength.INVALID;
      return bad ? H1Error.BAD_CONTENT_LENGTH : ends(Kind.NONE);
    }
    H1Error wrong = coding(head, false);
    if (wrong != H1Error.NONE || kind == Kind.CHUNKED) {
      return wrong;
    }
    length = BodyLength.normalize(head.fields());
    if (length == BodyLength.INVALID) {
      return H1Error.BAD_CONTENT_LENGTH;
    }
    if (length == BodyLength.UNKNOWN) {
      // Rule 8: until the server closes.
      persistent = false;
      return ends(Kind.UNTIL_CLOSE);
    }
    kind = Kind.LENGTH;
    return H1Error.NONE;
  }

  private H1Error ends(Kind how) {
    kind = how;
    length = 0;
    return H1Error.NONE;
  }

  /**
   * RFC 9112 6.1: chunked, once and alone. Sets the kind to {@link Kind#CHUNKED} or {@link
   * Kind#NONE}.
   */
  private H1Error coding(MessageHead head, boolean request) {
    kind = Kind.NONE;
    length = 0;
    Fields fields = head.fields();
    int line = fields.find(FieldName.TRANSFER_ENCODING);
    if (line < 0) {
      return H1Error.NONE;
    }
    if (head.version() == HttpVersion.HTTP_1_0) {
      // RFC 9112 6.1: its framing is faulty.
      return H1Error.CODING_IN_HTTP_1_0;
    }
    if (fields.contains(FieldName.CONTENT_LENGTH)) {
      // RFC 9112 6.3 rule 3: ought to be handled as an error, and is.
      return H1Error.LENGTH_AND_CODING;
    }
    boolean chunked = false;
    for (; line >= 0; line = fields.next(FieldName.TRANSFER_ENCODING, line + 1)) {
      byte[] src = fields.bytes();
      int end = fields.valueOffset(line) + fields.valueLength(line);
      for (int from = fields.valueOffset(line); from <= end; ) {
        int stop = FieldSyntax.memberStop(src, from, end);
        while (from < stop && FieldSyntax.isBlank(src[from])) {
          from++;
        }
        int memberLength = FieldSyntax.trimEnd(src, from, stop) - from;
        if (memberLength == 0 || chunked) {
          // No member, or something after chunked: chunked twice, or not last.
          return H1Error.BAD_TRANSFER_ENCODING;
        }
        if (!FieldSyntax.equalsIgnoreCase(src, from, memberLength, CHUNKED, 0, CHUNKED.length)) {
          return H1Error.UNKNOWN_CODING;
        }
        chunked = true;
        from = stop + 1;
      }
    }
    assert chunked || !request;
    kind = Kind.CHUNKED;
    length = BodyLength.UNKNOWN;
    return H1Error.NONE;
  }

  private boolean contentAllowed(RequestHead head) {
    if (endsWithHead()) {
      return true;
    }
    Method method = head.method();
    if (method == Method.CONNECT) {
      // RFC 9110 9.3.6: content of CONNECT has no meaning, and could be taken for the tunnel's.
      return false;
    }
    // Servers of HTTP/1.0 times don't read content of these, and would take it for a request.
    return head.version() != HttpVersion.HTTP_1_0
        || (method != Method.GET && method != Method.HEAD && method != Method.DELETE);
  }

  /** RFC 9112 9.3: close wins; 1.1 persists unless told otherwise, 1.0 only if told so. */
  private static boolean persistent(MessageHead head) {
    Fields fields = head.fields();
    if (fields.hasToken(FieldName.CONNECTION, CLOSE)) {
      return false;
    }
    return head.version() != HttpVersion.HTTP_1_0
        || fields.hasToken(FieldName.CONNECTION, KEEP_ALIVE);
  }
}
