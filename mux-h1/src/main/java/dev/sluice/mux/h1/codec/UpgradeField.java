package dev.sluice.mux.h1.codec;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.FieldSyntax;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import java.nio.charset.StandardCharsets;

/** The wish to change the protocol, moved from fields of the hop into the head (RFC 9110 7.8). */
final class UpgradeField {
  private static final byte[] UPGRADE = "upgrade".getBytes(StandardCharsets.US_ASCII);

  /** Changes that concern this hop alone; they must never reach another one. */
  private static final byte[][] OWN = {
    "h2c".getBytes(StandardCharsets.US_ASCII),
    "h2".getBytes(StandardCharsets.US_ASCII),
    "http/".getBytes(StandardCharsets.US_ASCII),
    "tls/".getBytes(StandardCharsets.US_ASCII)
  };

  private UpgradeField() {}

  /**
   * Takes the first protocol that may be passed on as {@link MessageHead#protocol}. The list is in
   * order of preference, and the proxy may offer a part of it.
   *
   * @return false if the head has no room for it
   */
  static boolean take(MessageHead head) {
    Fields fields = head.fields();
    int line = fields.find(FieldName.UPGRADE);
    if (line < 0 || !fields.hasToken(FieldName.CONNECTION, UPGRADE)) {
      return true;
    }
    for (; line >= 0; line = fields.next(FieldName.UPGRADE, line + 1)) {
      byte[] src = fields.bytes();
      int end = fields.valueOffset(line) + fields.valueLength(line);
      int from = fields.valueOffset(line);
      while ((from = FieldSyntax.memberStart(src, from, end)) < end) {
        int stop = FieldSyntax.memberStop(src, from, end);
        int length = FieldSyntax.trimEnd(src, from, stop) - from;
        if (!own(src, from, length)) {
          return head.setProtocol(src, from, length);
        }
        from = stop;
      }
    }
    return true;
  }

  private static boolean own(byte[] src, int offset, int length) {
    for (byte[] name : OWN) {
      boolean prefix = name[name.length - 1] == '/';
      int compared = prefix ? Math.min(length, name.length) : length;
      if (FieldSyntax.equalsIgnoreCase(src, offset, compared, name, 0, name.length)) {
        return true;
      }
    }
    return false;
  }
}
