package dev.sluice.core.cli;

import dev.sluice.core.message.FieldSyntax;
import java.nio.charset.StandardCharsets;

/** Names of fields in a configuration. */
final class FieldText {
  private FieldText() {}

  /** Whether the text is the name of a field (RFC 9110 5.1). */
  static boolean isName(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length > 0 && FieldSyntax.isToken(bytes, 0, bytes.length);
  }
}
