package dev.sluice.core.stream;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.ResponseHead;
import java.nio.charset.StandardCharsets;

/**
 * Schemes that authenticate a connection instead of each request: NTLM, and Negotiate when it falls
 * back to it (RFC 4559 6). Whoever else sent a request on such a connection would be taken for the
 * client that was authenticated. Any thread; allocates nothing.
 */
final class ConnectionAuthentication {
  private static final byte[][] SCHEMES = {
    "ntlm".getBytes(StandardCharsets.US_ASCII), "nego".getBytes(StandardCharsets.US_ASCII)
  };

  private ConnectionAuthentication() {}

  /**
   * Whether an answer asks for such a scheme: a 401 by WWW-Authenticate, a 407 by
   * Proxy-Authenticate (RFC 9110 11.6.1, 11.7.1).
   */
  static boolean begins(ResponseHead response) {
    return switch (response.status()) {
      case 401 -> asks(response.fields(), FieldName.WWW_AUTHENTICATE);
      case 407 -> asks(response.fields(), FieldName.PROXY_AUTHENTICATE);
      default -> false;
    };
  }

  /** One field may hold several challenges; a scheme begins one, after the start or a comma. */
  private static boolean asks(Fields fields, FieldName name) {
    for (int i = fields.find(name); i >= 0; i = fields.next(name, i + 1)) {
      if (hasScheme(fields.bytes(), fields.valueOffset(i), fields.valueLength(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasScheme(byte[] bytes, int offset, int length) {
    int end = offset + length;
    boolean atStart = true;
    for (int i = offset; i < end; i++) {
      byte b = bytes[i];
      if (atStart && b != ' ' && b != '\t' && b != ',') {
        if (begins(bytes, i, end)) {
          return true;
        }
        atStart = false;
      } else if (b == ',') {
        atStart = true;
      }
    }
    return false;
  }

  private static boolean begins(byte[] bytes, int from, int end) {
    for (byte[] scheme : SCHEMES) {
      int matched = 0;
      while (matched < scheme.length
          && from + matched < end
          && (bytes[from + matched] | 0x20) == scheme[matched]) {
        matched++;
      }
      if (matched == scheme.length) {
        return true;
      }
    }
    return false;
  }
}
