package dev.sluice.tls.engine.bc;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

/**
 * How a peer's handshake messages lie in its records. TLS 1.3 allows to cut them and to put several
 * into one record, but nothing else between the parts of one, and nothing after one that changes
 * keys (RFC 8446 5.1); BouncyCastle looks at neither. Confined to its connection.
 */
final class HandshakeFraming {
  private static final int HEADER_BYTES = 4;

  private int headerSeen;
  private int type;
  private int bodyLeft;
  private @Nullable String violation;

  /** Whether a message has begun and not ended. */
  boolean unfinished() {
    return headerSeen > 0;
  }

  /** Looks at the content of a record before it is worked off. */
  void record(short contentType, byte[] content, int off, int len) {
    if (contentType != ContentType.handshake) {
      if (unfinished()) {
        violation = "a handshake message with another record in between";
      }
      return;
    }
    int end = off + len;
    int at = off;
    while (at < end) {
      if (headerSeen < HEADER_BYTES) {
        int octet = content[at++] & 0xFF;
        if (headerSeen == 0) {
          type = octet;
          bodyLeft = 0;
        } else {
          bodyLeft = bodyLeft << 8 | octet;
        }
        headerSeen++;
      } else {
        int step = Math.min(bodyLeft, end - at);
        at += step;
        bodyLeft -= step;
      }
      if (headerSeen == HEADER_BYTES && bodyLeft == 0) {
        headerSeen = 0;
        if (at < end && changesKeys(type)) {
          violation = HandshakeType.getText((short) type) + " and more in one record";
        }
      }
    }
  }

  private static boolean changesKeys(int type) {
    return type == HandshakeType.server_hello
        || type == HandshakeType.finished
        || type == HandshakeType.key_update;
  }

  /** To be called once it is known that TLS 1.3 is spoken, before and after a record. */
  void check() throws TlsFatalAlert {
    if (violation != null) {
      throw new TlsFatalAlert(AlertDescription.unexpected_message, violation);
    }
  }
}
