package dev.sluice.core.message;

import org.jspecify.annotations.Nullable;

/** The head of a response, final or interim. */
public final class ResponseHead extends MessageHead {
  private static final int REASON = 1;

  private int status = 200;

  /**
   * An empty head with status 200.
   *
   * @param fieldBytesMax bytes that the reason and the fields may have together
   * @param fieldCountMax field lines that it may have
   */
  public ResponseHead(int fieldBytesMax, int fieldCountMax) {
    super(fieldBytesMax, fieldCountMax, REASON + 1);
  }

  /** The status code, 100 to 999. */
  public int status() {
    return status;
  }

  /** Sets the status code, and forgets the reason; throws unless it has three digits. */
  public void setStatus(int status) {
    if (status < 100 || status > 999) {
      throw new IllegalArgumentException("status must have three digits: " + status);
    }
    this.status = status;
    fields.clearPart(REASON);
  }

  /** Where the reason begins in {@link #bytes}. */
  public int reasonOffset() {
    return fields.partOffset(REASON);
  }

  /** The length of the reason, or -1: HTTP/1.1 has one, which may be empty; HTTP/2 has none. */
  public int reasonLength() {
    return fields.partLength(REASON);
  }

  /** The reason, or null. */
  public @Nullable String reason() {
    return fields.partText(REASON);
  }

  /** Sets the reason. */
  public boolean setReason(byte[] src, int offset, int length) {
    return fields.setPart(REASON, src, offset, length);
  }

  /** Sets the reason; throws for what could not stand in a status line. */
  public boolean setReason(String reason) {
    byte[] bytes = FieldText.latin(reason);
    if (!FieldSyntax.isValue(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException("not a reason (RFC 9112 4): " + reason);
    }
    return setReason(bytes, 0, bytes.length);
  }

  /** Whether a final response is still to come (RFC 9110 15.2); 101 is the last of its kind. */
  public boolean isInformational() {
    return status < 200;
  }

  /** Whether the status alone excludes content: 1xx, 204, 304 (RFC 9110 6.4.1). */
  public boolean bodyless() {
    return status < 200 || status == 204 || status == 304;
  }

  /** Makes this head equal to the other. False, with this one left empty, past a bound. */
  public boolean copyFrom(ResponseHead other) {
    clear();
    if (!fields.copyFrom(other.fields)) {
      return false;
    }
    status = other.status;
    setVersion(other.version());
    return true;
  }

  @Override
  public void clear() {
    super.clear();
    status = 200;
  }

  /** The status line and the fields, for logs and tests. */
  @Override
  public String toString() {
    String reason = reason();
    return status + (reason == null ? "" : " " + reason) + ' ' + version() + '\n' + fields;
  }
}
