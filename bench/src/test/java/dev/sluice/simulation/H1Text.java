package dev.sluice.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.simulation.Exchange.Framing;
import java.io.ByteArrayOutputStream;

/** Writes content in its framing. */
final class H1Text {
  private static final int CHUNK_BYTES = 1000;

  private H1Text() {}

  static void content(ByteArrayOutputStream out, Framing framing, byte[] content) {
    if (framing != Framing.CHUNKED) {
      out.writeBytes(content);
      return;
    }
    for (int at = 0; at < content.length; at += CHUNK_BYTES) {
      int n = Math.min(CHUNK_BYTES, content.length - at);
      out.writeBytes((Integer.toHexString(n) + "\r\n").getBytes(ISO_8859_1));
      out.write(content, at, n);
      out.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    out.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
  }
}
