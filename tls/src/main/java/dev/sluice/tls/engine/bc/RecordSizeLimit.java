package dev.sluice.tls.engine.bc;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ExtensionType;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/**
 * The record size limit of RFC 8449: each end tells the longest protected record that it takes. In
 * TLS 1.3 the type byte and the padding count, in TLS 1.2 they don't exist. This end tells its
 * limit even where it is the protocol's own, because only then may the other end set one.
 */
@SuppressWarnings({"JdkObsolete", "rawtypes"}) // BouncyCastle's interface
final class RecordSizeLimit {
  /** RFC 8449 4: nothing below is a valid limit. */
  private static final int BYTES_MIN = 64;

  private static final int TYPE_BYTES = 1;

  private RecordSizeLimit() {}

  /**
   * Puts this end's limit into its extensions.
   *
   * @param contentBytesMax the most content of a record that this end takes
   * @param tls13 whether TLS 1.3 was chosen, or by a client is offered
   */
  static void add(Hashtable extensions, int contentBytesMax, boolean tls13) throws IOException {
    TlsExtensionsUtils.addRecordSizeLimitExtension(
        extensions, contentBytesMax + (tls13 ? TYPE_BYTES : 0));
  }

  /**
   * Notes the peer's limit.
   *
   * @return whether it sent one
   * @throws TlsFatalAlert illegal_parameter for one that is too small
   */
  static boolean note(@Nullable Hashtable extensions, boolean tls13, EngineEvents events)
      throws IOException {
    int limit =
        extensions == null ? -1 : TlsExtensionsUtils.getRecordSizeLimitExtension(extensions);
    return limit >= 0 && note(limit, tls13, events);
  }

  private static boolean note(int limit, boolean tls13, EngineEvents events) throws IOException {
    if (limit < BYTES_MIN) {
      throw new TlsFatalAlert(
          AlertDescription.illegal_parameter, "a record size limit of " + limit + " bytes");
    }
    // Above the protocol's own maximum it is for some later version to make use of.
    events.peerContentBytesMax(tls13 ? limit - TYPE_BYTES : limit);
    return true;
  }

  /**
   * Takes the server's limit out of its EncryptedExtensions, where BouncyCastle refuses the
   * extension although RFC 8449 4 puts it there.
   *
   * @param message the body of the message
   * @return the body without the extension; what is malformed is left for BouncyCastle to refuse
   */
  static byte[] takeFrom(byte[] message, EngineEvents events) throws IOException {
    int at = 2;
    while (at + 4 <= message.length) {
      int type = TlsUtils.readUint16(message, at);
      int length = TlsUtils.readUint16(message, at + 2);
      int next = at + 4 + length;
      if (type == ExtensionType.record_size_limit && length == 2 && next <= message.length) {
        note(TlsUtils.readUint16(message, at + 4), true, events);
        byte[] rest = new byte[message.length - (next - at)];
        System.arraycopy(message, 0, rest, 0, at);
        System.arraycopy(message, next, rest, at, message.length - next);
        TlsUtils.writeUint16(TlsUtils.readUint16(message, 0) - (next - at), rest, 0);
        return rest;
      }
      at = next;
    }
    return message;
  }
}
