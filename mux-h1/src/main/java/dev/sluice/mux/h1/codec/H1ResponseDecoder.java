package dev.sluice.mux.h1.codec;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.FieldSyntax;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.HopByHop;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.ResponseHead;
import java.nio.ByteBuffer;

/**
 * Decodes response heads (RFC 9112 4 and 5), as strictly as requests are decoded: a response that
 * two readers could read differently poisons what comes after it. Interim responses are heads like
 * others; each is begun anew.
 */
public final class H1ResponseDecoder extends H1Decoder {
  private ResponseHead head;
  private Method method = Method.GET;
  private boolean upgradeAsked;

  /**
   * A decoder.
   *
   * @param headBytesMax bytes that a head may have, line ends included
   */
  public H1ResponseDecoder(int headBytesMax) {
    super(headBytesMax);
    head = new ResponseHead(1, 1);
  }

  /**
   * Begins the next response; the head is cleared, and filled by {@link #decode(ByteBuffer)}.
   *
   * @param method the method of the request that it answers: it decides on the content
   * @param upgradeAsked whether that request asked for another protocol, so that 101 may come
   */
  public void begin(ResponseHead head, Method method, boolean upgradeAsked) {
    head.clear();
    this.head = head;
    this.method = method;
    this.upgradeAsked = upgradeAsked;
    beginHead();
  }

  @Override
  Fields fields() {
    return head.fields();
  }

  @Override
  int emptyLinesMax() {
    return 0;
  }

  @Override
  H1Error startLineTooLong() {
    return H1Error.HEAD_TOO_LARGE;
  }

  /**
   * RFC 9112 4: HTTP-version SP status-code SP [ reason-phrase ] CRLF. The second space may be
   * missing where there is no reason, since servers are seen that leave it out and nothing can be
   * read into that.
   */
  @Override
  int parseStartLine(byte[] src, int from, int end) {
    int at = parseVersion(src, from, from, end);
    if (at < 0) {
      return at;
    }
    if (at == end) {
      return NEED;
    }
    if (src[at] != ' ') {
      return fail(H1Error.BAD_STATUS_LINE, at - from);
    }
    at++;
    int status = 0;
    for (int i = 0; i < 3; i++, at++) {
      if (at == end) {
        return NEED;
      }
      int digit = src[at] - '0';
      if (digit < 0 || digit > 9 || (i == 0 && digit == 0)) {
        return fail(H1Error.BAD_STATUS_LINE, at - from);
      }
      status = status * 10 + digit;
    }
    int reason = at;
    if (at < end && src[at] == ' ') {
      reason = ++at;
      while (at < end && FieldSyntax.isValueByte(src[at])) {
        at++;
      }
    }
    int next = parseLineEnd(src, from, at, end, H1Error.BAD_STATUS_LINE);
    if (next < 0) {
      return next;
    }
    head.setStatus(status);
    while (reason < at && FieldSyntax.isBlank(src[reason])) {
      reason++;
    }
    if (!head.setReason(src, reason, FieldSyntax.trimEnd(src, reason, at) - reason)) {
      return fail(H1Error.HEAD_TOO_LARGE, reason - from);
    }
    return next;
  }

  @Override
  H1Error finish() {
    head.setVersion(version());
    H1Error wrong = framing.ofResponse(head, method, upgradeAsked);
    if (wrong != H1Error.NONE) {
      return wrong;
    }
    int status = head.status();
    // RFC 9110 7.8 and 15.5.22: besides 101, only 426 has to name a protocol.
    if ((status == 101 || status == 426) && !UpgradeField.take(head)) {
      return H1Error.HEAD_TOO_LARGE;
    }
    if (status == 101 && !head.hasProtocol()) {
      return H1Error.UNASKED_UPGRADE;
    }
    if (!HopByHop.strip(head.fields())) {
      return H1Error.TOO_MANY_CONNECTION_OPTIONS;
    }
    if (framing.kind() == BodyFraming.Kind.TUNNEL || status < 200 || status == 204) {
      // RFC 9110 8.6: no length in these; a wrong one must not reach the client.
      head.fields().remove(FieldName.CONTENT_LENGTH);
    }
    return H1Error.NONE;
  }
}
