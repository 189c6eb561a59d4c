package dev.sluice.mux.h2.protocol;

import dev.sluice.core.message.Authority;
import dev.sluice.core.message.BodyLength;
import dev.sluice.core.message.Cookies;
import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.FieldSyntax;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.HopByHop;
import dev.sluice.core.message.HttpVersion;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.mux.h2.hpack.FieldHandler;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes heads and trailers of decoded fields, and holds them against the rules of RFC 9113 8.
 *
 * <p>One section at a time: {@code begin}, the decoder's calls, then the {@code end} of that sort.
 * After the first fault the rest is passed over; the decoder runs on, for the sake of its table.
 * The heads belong to the reader and are lent until the next section begins.
 *
 * <p>Confined to its connection. Allocates nothing once its heads have grown.
 */
final class HeadReader implements FieldHandler {
  private static final int METHOD = 1;
  private static final int SCHEME = 2;
  private static final int AUTHORITY = 4;
  private static final int PATH = 8;
  private static final int PROTOCOL = 16;
  private static final int STATUS = 32;
  private static final int REQUEST_PARTS = METHOD | SCHEME | AUTHORITY | PATH | PROTOCOL;

  private static final int SCHEME_BYTES_MAX = 32;
  private static final byte[] TRAILERS = "trailers".getBytes(StandardCharsets.US_ASCII);

  private enum Section {
    REQUEST,
    RESPONSE,
    TRAILERS,
    DISCARDED
  }

  private final RequestHead request;
  private final ResponseHead response;
  private final Fields trailers;
  private final byte[] scheme = new byte[SCHEME_BYTES_MAX];

  private Section section = Section.DISCARDED;
  private Fields target;
  private int partsAllowed;
  private int partsSeen;
  private boolean fieldSeen;
  private boolean hostSeen;
  private HeadFault fault = HeadFault.NONE;
  private String reason = "";

  HeadReader(int fieldBytesMax, int fieldCountMax) {
    request = new RequestHead(fieldBytesMax, fieldCountMax);
    response = new ResponseHead(fieldBytesMax, fieldCountMax);
    trailers = new Fields(fieldBytesMax, fieldCountMax);
    target = trailers;
  }

  RequestHead request() {
    return request;
  }

  ResponseHead response() {
    return response;
  }

  Fields trailers() {
    return trailers;
  }

  /** What was wrong; a constant. */
  String reason() {
    return reason;
  }

  void beginRequest() {
    request.clear();
    request.setVersion(HttpVersion.HTTP_2);
    begin(Section.REQUEST, request.fields(), REQUEST_PARTS);
  }

  void beginResponse() {
    response.clear();
    response.setVersion(HttpVersion.HTTP_2);
    begin(Section.RESPONSE, response.fields(), STATUS);
  }

  void beginTrailers() {
    trailers.clear();
    begin(Section.TRAILERS, trailers, 0);
  }

  /** The fields that follow are of no interest. */
  void beginDiscarded() {
    trailers.clear();
    begin(Section.DISCARDED, trailers, 0);
  }

  private void begin(Section next, Fields fields, int allowed) {
    section = next;
    target = fields;
    partsAllowed = allowed;
    partsSeen = 0;
    fieldSeen = false;
    hostSeen = false;
    fault = HeadFault.NONE;
    reason = "";
  }

  /**
   * Ends a request.
   *
   * @param listTooLarge whether the decoder has left out fields
   * @param connectProtocol whether we have allowed extended CONNECT (RFC 8441)
   */
  HeadFault endRequest(boolean listTooLarge, boolean connectProtocol) {
    if (fault == HeadFault.NONE && listTooLarge) {
      fail(HeadFault.TOO_LARGE, "fields larger than the limit");
    }
    if (fault == HeadFault.NONE) {
      checkParts(connectProtocol);
    }
    if (fault == HeadFault.NONE && !Cookies.join(target)) {
      fail(HeadFault.TOO_LARGE, "cookies larger than the limit");
    }
    if (fault == HeadFault.NONE && request.isConnect() && !request.hasProtocol()) {
      // RFC 9110 9.3.6: content has no meaning in CONNECT.
      target.remove(FieldName.CONTENT_LENGTH);
    }
    checkLength();
    return fault;
  }

  /** Ends a response. */
  HeadFault endResponse(boolean listTooLarge) {
    if (fault == HeadFault.NONE && listTooLarge) {
      fail(HeadFault.TOO_LARGE, "fields larger than the limit");
    }
    if (fault == HeadFault.NONE && (partsSeen & STATUS) == 0) {
      fail(HeadFault.MALFORMED, "no :status");
    }
    checkLength();
    return fault;
  }

  /** Ends trailers; those that have no place there are gone (RFC 9110 6.5.1). */
  HeadFault endTrailers(boolean listTooLarge) {
    if (fault == HeadFault.NONE && listTooLarge) {
      fail(HeadFault.TOO_LARGE, "trailers larger than the limit");
    }
    if (fault == HeadFault.NONE) {
      HopByHop.stripTrailers(trailers);
    }
    return fault;
  }

  @Override
  public void onField(
      @Nullable FieldName known,
      byte[] name,
      int nameOffset,
      int nameLength,
      byte[] value,
      int valueOffset,
      int valueLength,
      boolean neverIndexed) {
    if (fault != HeadFault.NONE || section == Section.DISCARDED) {
      return;
    }
    if (nameLength > 0 && name[nameOffset] == ':') {
      pseudoField(name, nameOffset, nameLength, value, valueOffset, valueLength);
      return;
    }
    fieldSeen = true;
    // RFC 9113 8.2.1
    if (!isLowerCaseToken(name, nameOffset, nameLength)) {
      fail(HeadFault.MALFORMED, "field name with a byte that is not allowed");
      return;
    }
    if (!FieldSyntax.isValue(value, valueOffset, valueLength)) {
      fail(HeadFault.MALFORMED, "field value with a byte that is not allowed");
      return;
    }
    if (known != null && isSpecial(known, value, valueOffset, valueLength)) {
      return;
    }
    if (target.size() == target.fieldCountMax() && section == Section.REQUEST) {
      // RFC 9113 8.2.3: however many pieces it comes in, it is one field.
      Cookies.join(target);
    }
    boolean added =
        known != null
            ? target.add(known, value, valueOffset, valueLength)
            : target.add(name, nameOffset, nameLength, value, valueOffset, valueLength);
    if (!added) {
      fail(HeadFault.TOO_LARGE, "more fields than the limit");
    } else if (neverIndexed) {
      target.setSensitive(target.size() - 1, true);
    }
  }

  /** Fields that are no mere fields; true if this one must not be added. */
  private boolean isSpecial(FieldName known, byte[] value, int offset, int length) {
    if (known.hopByHop()) {
      // RFC 9113 8.2.2
      fail(HeadFault.MALFORMED, "field of a connection");
      return true;
    }
    if (known == FieldName.TE) {
      if (!FieldSyntax.equalsIgnoreCase(value, offset, length, TRAILERS, 0, TRAILERS.length)) {
        fail(HeadFault.MALFORMED, "te other than trailers");
      }
      return fault != HeadFault.NONE;
    }
    if (known == FieldName.HOST && section == Section.REQUEST) {
      host(value, offset, length);
      return true;
    }
    return false;
  }

  /** RFC 9113 8.3.1: Host and :authority are the same thing; two that differ are an attack. */
  private void host(byte[] value, int offset, int length) {
    if (hostSeen) {
      fail(HeadFault.BAD_REQUEST, "two host fields");
      return;
    }
    hostSeen = true;
    if ((partsSeen & AUTHORITY) == 0) {
      if (!request.setAuthority(value, offset, length)) {
        fail(HeadFault.TOO_LARGE, "fields larger than the limit");
      }
    } else if (!FieldSyntax.equalsIgnoreCase(
        request.bytes(),
        request.authorityOffset(),
        request.authorityLength(),
        value,
        offset,
        length)) {
      fail(HeadFault.BAD_REQUEST, "host differs from :authority");
    }
  }

  private void pseudoField(
      byte[] name, int nameOffset, int nameLength, byte[] value, int offset, int length) {
    int part = part(name, nameOffset, nameLength);
    // RFC 9113 8.3
    if (part == 0 || (part & partsAllowed) == 0) {
      fail(HeadFault.MALFORMED, "pseudo-field that has no place here");
      return;
    }
    if (fieldSeen) {
      fail(HeadFault.MALFORMED, "pseudo-field after a field");
      return;
    }
    if ((partsSeen & part) != 0) {
      fail(HeadFault.MALFORMED, "pseudo-field twice");
      return;
    }
    partsSeen |= part;
    switch (part) {
      case METHOD ->
          take(
              FieldSyntax.isToken(value, offset, length), request.setMethod(value, offset, length));
      case SCHEME -> scheme(value, offset, length);
      case AUTHORITY ->
          take(
              FieldSyntax.isValue(value, offset, length),
              request.setAuthority(value, offset, length));
      case PATH ->
          take(FieldSyntax.isTarget(value, offset, length), request.setPath(value, offset, length));
      case PROTOCOL ->
          take(
              FieldSyntax.isToken(value, offset, length),
              request.setProtocol(value, offset, length));
      default -> status(value, offset, length);
    }
  }

  private void take(boolean valid, boolean fits) {
    if (!valid) {
      fail(HeadFault.MALFORMED, "pseudo-field with a byte that is not allowed");
    } else if (!fits) {
      fail(HeadFault.TOO_LARGE, "fields larger than the limit");
    }
  }

  private void scheme(byte[] value, int offset, int length) {
    if (length > SCHEME_BYTES_MAX || !Authority.isScheme(value, offset, length)) {
      fail(HeadFault.MALFORMED, ":scheme that is none");
      return;
    }
    for (int i = 0; i < length; i++) {
      scheme[i] = FieldSyntax.lower(value[offset + i]);
    }
    take(true, request.setScheme(scheme, 0, length));
  }

  private void status(byte[] value, int offset, int length) {
    int status = 0;
    for (int i = 0; i < length; i++) {
      int digit = value[offset + i] - '0';
      status = digit < 0 || digit > 9 || status > 99 ? 1000 : status * 10 + digit;
    }
    // RFC 9113 8.6: there is no 101 in HTTP/2.
    if (length != 3 || status < 100 || status > 999 || status == 101) {
      fail(HeadFault.MALFORMED, ":status that is none");
      return;
    }
    response.setStatus(status);
  }

  private void checkParts(boolean connectProtocol) {
    boolean extended = (partsSeen & PROTOCOL) != 0;
    if ((partsSeen & METHOD) == 0) {
      fail(HeadFault.MALFORMED, "no :method");
    } else if (extended && (!connectProtocol || request.method() != Method.CONNECT)) {
      // RFC 8441 4
      fail(HeadFault.MALFORMED, ":protocol that was not allowed");
    } else if (request.isConnect() && !extended) {
      checkConnect();
    } else if ((partsSeen & (SCHEME | PATH)) != (SCHEME | PATH)) {
      // RFC 9113 8.3.1
      fail(HeadFault.MALFORMED, "no :scheme or no :path");
    } else if (!isPathForm()) {
      fail(HeadFault.MALFORMED, ":path that does not begin with a slash");
    } else if (request.authorityLength() < 0) {
      fail(HeadFault.BAD_REQUEST, "neither :authority nor host");
    } else if (!Authority.isValid(
        request.bytes(), request.authorityOffset(), request.authorityLength())) {
      fail(HeadFault.BAD_REQUEST, "authority that is none");
    }
  }

  private void checkConnect() {
    // RFC 9113 8.5
    if ((partsSeen & (SCHEME | PATH)) != 0 || (partsSeen & AUTHORITY) == 0) {
      fail(HeadFault.MALFORMED, "CONNECT with other parts than :authority");
    } else if (!Authority.isValidWithPort(
        request.bytes(), request.authorityOffset(), request.authorityLength())) {
      fail(HeadFault.BAD_REQUEST, "CONNECT without host and port");
    }
  }

  private boolean isPathForm() {
    byte first = request.bytes()[request.pathOffset()];
    return first == '/'
        || (first == '*' && request.pathLength() == 1 && request.method() == Method.OPTIONS);
  }

  private void checkLength() {
    if (fault == HeadFault.NONE && BodyLength.normalize(target) == BodyLength.INVALID) {
      // RFC 9113 8.1.1
      fail(HeadFault.MALFORMED, "content-length that is none");
    }
  }

  private void fail(HeadFault found, String why) {
    fault = found;
    reason = why;
  }

  private static int part(byte[] name, int offset, int length) {
    return switch (length) {
      case 5 -> is(name, offset, ":path") ? PATH : 0;
      case 7 -> {
        if (is(name, offset, ":method")) {
          yield METHOD;
        }
        yield is(name, offset, ":scheme") ? SCHEME : is(name, offset, ":status") ? STATUS : 0;
      }
      case 9 -> is(name, offset, ":protocol") ? PROTOCOL : 0;
      case 10 -> is(name, offset, ":authority") ? AUTHORITY : 0;
      default -> 0;
    };
  }

  private static boolean is(byte[] src, int offset, String expected) {
    for (int i = 0; i < expected.length(); i++) {
      if (src[offset + i] != expected.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLowerCaseToken(byte[] src, int offset, int length) {
    for (int i = offset, end = offset + length; i < end; i++) {
      byte b = src[i];
      if (!FieldSyntax.isTokenByte(b) || FieldSyntax.lower(b) != b) {
        return false;
      }
    }
    return length > 0;
  }
}
