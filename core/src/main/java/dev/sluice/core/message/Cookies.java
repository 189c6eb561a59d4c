package dev.sluice.core.message;

/** The rule about split cookie fields that both protocols need (RFC 9113 8.2.3). */
public final class Cookies {
  private static final byte[] SEPARATOR = FieldText.latin("; ");

  private Cookies() {}

  /**
   * Joins all {@code cookie} lines into one, in their order: HTTP/2 may split them, other protocols
   * must not see that. {@code set-cookie} is never joined.
   *
   * @return false, with nothing changed, if the bound on bytes would be passed
   */
  public static boolean join(Fields fields) {
    return fields.join(FieldName.COOKIE, SEPARATOR);
  }
}
