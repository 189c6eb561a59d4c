package dev.sluice.core.message;

import org.jspecify.annotations.Nullable;

/**
 * What comes before the content of a message: the control data and the field section. The control
 * data are slices of the store of {@link #fields()}, so one array holds the whole head and one
 * bound limits it.
 *
 * <p>A slice is three calls, {@code bytes()}, {@code xOffset()} and {@code xLength()}; the length
 * is -1 when the part is absent. It is lent until the next change of the head.
 *
 * <p>Setters return false, and change nothing, where the bound on bytes would be passed. Those that
 * take bytes trust a decoder that has checked them; those that take a String check, and throw
 * {@link IllegalArgumentException}.
 */
public abstract sealed class MessageHead permits RequestHead, ResponseHead {
  static final int PROTOCOL = 0;

  final Fields fields;
  private HttpVersion version = HttpVersion.HTTP_1_1;

  MessageHead(int fieldBytesMax, int fieldCountMax, int parts) {
    fields = new Fields(fieldBytesMax, fieldCountMax, parts);
  }

  /** The field section. */
  public final Fields fields() {
    return fields;
  }

  /** The store of the head; lent until its next change. */
  public final byte[] bytes() {
    return fields.bytes();
  }

  /** The version of the hop that the message came from. */
  public final HttpVersion version() {
    return version;
  }

  /** Sets the version of the hop that the message came from. */
  public final void setVersion(HttpVersion version) {
    this.version = version;
  }

  /**
   * The value of {@code content-length}; {@link BodyLength#UNKNOWN} if there is none, {@link
   * BodyLength#INVALID} if it is no length. For a response to HEAD and for 304 it is the length
   * that a GET would have had, not that of the content.
   */
  public final long contentLength() {
    return BodyLength.of(fields);
  }

  /** Where the name of the other protocol begins in {@link #bytes}. */
  public final int protocolOffset() {
    return fields.partOffset(PROTOCOL);
  }

  /**
   * The length of the name of the other protocol, or -1. In a request it is what the client asks
   * for ({@code Upgrade}, RFC 9110 7.8; {@code :protocol}, RFC 8441 4), in a 101 response what the
   * server has changed to.
   */
  public final int protocolLength() {
    return fields.partLength(PROTOCOL);
  }

  /** The name of the other protocol, or null. */
  public final @Nullable String protocol() {
    return fields.partText(PROTOCOL);
  }

  /** Whether the message names another protocol. */
  public final boolean hasProtocol() {
    return protocolLength() >= 0;
  }

  /** Sets the name of the other protocol. */
  public final boolean setProtocol(byte[] src, int offset, int length) {
    return fields.setPart(PROTOCOL, src, offset, length);
  }

  /** Sets the name of the other protocol; throws for what is no field value. */
  public final boolean setProtocol(String protocol) {
    byte[] bytes = FieldText.latin(protocol);
    if (bytes.length == 0 || !FieldSyntax.isValue(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException("not a protocol name (RFC 9110 7.8): " + protocol);
    }
    return setProtocol(bytes, 0, bytes.length);
  }

  /** Makes the head name no other protocol. */
  public final void clearProtocol() {
    fields.clearPart(PROTOCOL);
  }

  /** Forgets everything; the store is kept. */
  public void clear() {
    fields.clear();
    version = HttpVersion.HTTP_1_1;
  }
}
