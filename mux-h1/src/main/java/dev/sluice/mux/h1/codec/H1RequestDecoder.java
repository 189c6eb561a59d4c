package dev.sluice.mux.h1.codec;

import dev.sluice.core.message.Authority;
import dev.sluice.core.message.BodyLength;
import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.FieldSyntax;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.HopByHop;
import dev.sluice.core.message.HttpVersion;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Decodes request heads (RFC 9112 3 and 5). What it gives is complete: the authority is in its
 * place whatever the form of the target, {@code Host} and the hop-by-hop fields are gone, a wish to
 * change the protocol is in the head. Only the scheme of an origin-form request is left to the
 * caller, who knows whether its connection is protected.
 */
public final class H1RequestDecoder extends H1Decoder {
  /** Empty lines put up with before a request line. */
  public static final int EMPTY_LINES_MAX = 4;

  /** The longest method that is passed on. */
  public static final int METHOD_BYTES_MAX = 64;

  private static final byte[] HTTP = "http".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HTTPS = "https".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ROOT = {'/'};
  private static final byte[] ASTERISK = {'*'};

  private RequestHead head;
  private boolean authorityInTarget;

  /**
   * A decoder.
   *
   * @param headBytesMax bytes that a head may have, empty lines and line ends included
   */
  public H1RequestDecoder(int headBytesMax) {
    super(headBytesMax);
    head = new RequestHead(1, 1);
  }

  /** Begins the next request; the head is cleared, and filled by {@link #decode(ByteBuffer)}. */
  public void begin(RequestHead head) {
    head.clear();
    this.head = head;
    authorityInTarget = false;
    beginHead();
  }

  @Override
  Fields fields() {
    return head.fields();
  }

  @Override
  int emptyLinesMax() {
    return EMPTY_LINES_MAX;
  }

  @Override
  H1Error startLineTooLong() {
    return H1Error.TARGET_TOO_LONG;
  }

  /** RFC 9112 3: method SP request-target SP HTTP-version CRLF, and exactly so. */
  @Override
  int parseStartLine(byte[] src, int from, int end) {
    int at = from;
    while (at < end && FieldSyntax.isTokenByte(src[at])) {
      at++;
    }
    int methodLength = at - from;
    if (methodLength > METHOD_BYTES_MAX) {
      return fail(H1Error.METHOD_TOO_LONG, METHOD_BYTES_MAX);
    }
    if (at == end) {
      return NEED;
    }
    if (methodLength == 0 || src[at] != ' ') {
      boolean lineFeed = src[at] == '\n';
      return fail(lineFeed ? H1Error.BARE_LF : H1Error.BAD_REQUEST_LINE, at - from);
    }
    int target = ++at;
    while (at < end && FieldSyntax.isTargetByte(src[at])) {
      at++;
    }
    if (at == end) {
      return NEED;
    }
    if (at == target || src[at] != ' ') {
      return fail(H1Error.BAD_REQUEST_LINE, at - from);
    }
    int targetLength = at - target;
    int version = parseVersion(src, from, at + 1, end);
    if (version < 0) {
      return version;
    }
    int next = parseLineEnd(src, from, version, end, H1Error.BAD_REQUEST_LINE);
    if (next < 0) {
      return next;
    }
    H1Error wrong =
        head.setMethod(src, from, methodLength)
            ? target(src, target, targetLength)
            : H1Error.TARGET_TOO_LONG;
    return wrong == H1Error.NONE ? next : fail(wrong, target - from);
  }

  /** RFC 9112 3.2: the four forms of a target, told apart by the method and the first byte. */
  private H1Error target(byte[] src, int offset, int length) {
    Method method = head.method();
    if (method == Method.CONNECT) {
      // RFC 9112 3.2.3: authority-form, only and always with CONNECT; RFC 9110 9.3.6: with a port.
      if (!Authority.isValidWithPort(src, offset, length)) {
        return H1Error.BAD_TARGET;
      }
      authorityInTarget = true;
      return fits(head.setAuthority(src, offset, length));
    }
    if (src[offset] == '/') {
      return fits(head.setPath(src, offset, length));
    }
    if (length == 1 && src[offset] == '*') {
      // RFC 9112 3.2.4: asterisk-form, only with OPTIONS.
      return method == Method.OPTIONS
          ? fits(head.setPath(src, offset, length))
          : H1Error.BAD_TARGET;
    }
    return absolute(src, offset, length);
  }

  /** RFC 9112 3.2.2: absolute-form. Only the two schemes of HTTP are served. */
  private H1Error absolute(byte[] src, int offset, int length) {
    int end = offset + length;
    int colon = offset;
    while (colon < end && src[colon] != ':') {
      colon++;
    }
    byte[] scheme = scheme(src, offset, colon - offset);
    int authority = colon + 3;
    if (scheme.length == 0 || authority > end || src[colon + 1] != '/' || src[colon + 2] != '/') {
      return H1Error.BAD_TARGET;
    }
    int path = authority;
    while (path < end && src[path] != '/' && src[path] != '?') {
      path++;
    }
    if (!Authority.isValid(src, authority, path - authority)) {
      return H1Error.BAD_TARGET;
    }
    authorityInTarget = true;
    return fits(
        head.setScheme(scheme, 0, scheme.length)
            && head.setAuthority(src, authority, path - authority)
            && setPathOfAbsolute(src, path, end));
  }

  private boolean setPathOfAbsolute(byte[] src, int path, int end) {
    if (path == end) {
      // RFC 9112 3.2.4: OPTIONS for the whole server, said in absolute-form.
      return head.setPath(head.method() == Method.OPTIONS ? ASTERISK : ROOT, 0, 1);
    }
    if (src[path] == '/') {
      return head.setPath(src, path, end - path);
    }
    // RFC 9112 3.2.1: an empty path is sent as a slash.
    return head.setPathOfQuery(src, path, end - path);
  }

  private static byte[] scheme(byte[] src, int offset, int length) {
    if (FieldSyntax.equalsIgnoreCase(src, offset, length, HTTP, 0, HTTP.length)) {
      return HTTP;
    }
    return FieldSyntax.equalsIgnoreCase(src, offset, length, HTTPS, 0, HTTPS.length)
        ? HTTPS
        : new byte[0];
  }

  private static H1Error fits(boolean set) {
    return set ? H1Error.NONE : H1Error.TARGET_TOO_LONG;
  }

  @Override
  H1Error finish() {
    head.setVersion(version());
    H1Error wrong = host();
    if (wrong == H1Error.NONE) {
      wrong = framing.ofRequest(head);
    }
    if (wrong != H1Error.NONE) {
      return wrong;
    }
    Fields fields = head.fields();
    if (version() == HttpVersion.HTTP_1_0) {
      // RFC 9110 10.1.1: an expectation in HTTP/1.0 is ignored, and no 100 would be understood.
      fields.remove(FieldName.EXPECT);
    } else if (!UpgradeField.take(head)) {
      return H1Error.HEAD_TOO_LARGE;
    }
    if (!HopByHop.strip(fields)) {
      return H1Error.TOO_MANY_CONNECTION_OPTIONS;
    }
    // Equal lengths have become one, and leading zeros are gone.
    return BodyLength.normalize(fields) == BodyLength.INVALID
        ? H1Error.BAD_CONTENT_LENGTH
        : H1Error.NONE;
  }

  /** RFC 9112 3.2: exactly one valid Host in HTTP/1.1; 3.2.2: a target with an authority wins. */
  private H1Error host() {
    Fields fields = head.fields();
    int line = fields.find(FieldName.HOST);
    if (line < 0) {
      return version() == HttpVersion.HTTP_1_0 ? H1Error.NONE : H1Error.MISSING_HOST;
    }
    if (fields.next(FieldName.HOST, line + 1) >= 0) {
      return H1Error.BAD_HOST;
    }
    int length = fields.valueLength(line);
    if (length > 0) {
      if (!Authority.isValid(fields.bytes(), fields.valueOffset(line), length)) {
        return H1Error.BAD_HOST;
      }
      if (!authorityInTarget
          && !head.setAuthority(fields.bytes(), fields.valueOffset(line), length)) {
        return H1Error.HEAD_TOO_LARGE;
      }
    }
    fields.removeAt(line);
    return H1Error.NONE;
  }
}
