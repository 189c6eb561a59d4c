package dev.sluice.core.message;

/** Turns the Strings of cold code into bytes, and rejects what could not be sent. */
final class FieldText {
  private FieldText() {}

  /** One byte for each character; throws for a character that is none. */
  static byte[] latin(String text) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = text.charAt(i);
      if (c > 0xff) {
        throw new IllegalArgumentException(
            "not a byte: character " + (int) c + " at " + i + " of a field or target");
      }
      bytes[i] = (byte) c;
    }
    return bytes;
  }

  /** The bytes of a name; throws for one that is no token. */
  static byte[] checkedName(String name) {
    byte[] bytes = latin(name);
    if (!FieldSyntax.isToken(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException("not a field name (RFC 9110 5.1): '" + name + "'");
    }
    return bytes;
  }

  /** The bytes of a value; throws for one that is not allowed. */
  static byte[] checkedValue(String name, String value) {
    byte[] bytes = latin(value);
    if (!FieldSyntax.isValue(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException("not a field value (RFC 9110 5.5), field " + name);
    }
    return bytes;
  }
}
