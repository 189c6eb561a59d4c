package dev.sluice.core.testkit.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of the simulated handshake: one byte of type, two of length, then the payload.
 *
 * <pre>
 * client                                server
 *   HELLO protocols, server name  --&gt;
 *                                 &lt;--  ANSWER protocol, or none
 *   FINISHED                      --&gt;
 *   DATA ...                     &lt;--&gt;  DATA ...
 *   CLOSE                        &lt;--&gt;  CLOSE         nothing follows, in either direction
 *   ALERT                        &lt;--&gt;  ALERT         instead of any of these, up to FINISHED
 * </pre>
 */
public final class SimRecords {
  /** Begins the handshake. */
  public static final int HELLO = 1;

  /** Names the protocol that the server has chosen. */
  public static final int ANSWER = 2;

  /** Ends the handshake. */
  public static final int FINISHED = 3;

  /** Carries plain bytes. */
  public static final int DATA = 4;

  /** Ends the connection cleanly. */
  public static final int CLOSE = 5;

  /** Gives the handshake up. */
  public static final int ALERT = 6;

  /** The alert that tells of a protocol which was not offered; the number is that of TLS. */
  public static final int ILLEGAL_PARAMETER = 47;

  /** The alert that tells of no common protocol; the number is that of TLS. */
  public static final int NO_APPLICATION_PROTOCOL = 120;

  /** The alert that tells of anything else. */
  public static final int HANDSHAKE_FAILURE = 40;

  /** Bytes before a payload. */
  public static final int HEADER_BYTES = 3;

  /** The largest payload; a record is opened only into room for all of it. */
  public static final int PAYLOAD_BYTES_MAX = 4096;

  private static final byte[] NOTHING = {};

  private SimRecords() {}

  /** A record. */
  public static byte[] record(int type, byte[] payload) {
    byte[] bytes = new byte[HEADER_BYTES + payload.length];
    header(ByteBuffer.wrap(bytes), type, payload.length);
    System.arraycopy(payload, 0, bytes, HEADER_BYTES, payload.length);
    return bytes;
  }

  static void header(ByteBuffer target, int type, int length) {
    target.put((byte) type).putShort((short) length);
  }

  /** A record without payload. */
  public static byte[] empty(int type) {
    return record(type, NOTHING);
  }

  /** A client's first record. */
  public static byte[] hello(List<String> protocols, String serverName) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(protocols.size());
    for (String protocol : protocols) {
      text(out, protocol);
    }
    text(out, serverName);
    return record(HELLO, out.toByteArray());
  }

  /** A server's answer; an empty protocol says that none was chosen. */
  public static byte[] answer(String protocol) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    text(out, protocol);
    return record(ANSWER, out.toByteArray());
  }

  /** An alert. */
  public static byte[] alert(int code) {
    return record(ALERT, new byte[] {(byte) code});
  }

  /** Plain bytes in as many records as they need. */
  public static byte[] data(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < plain.length; at += PAYLOAD_BYTES_MAX) {
      int n = Math.min(PAYLOAD_BYTES_MAX, plain.length - at);
      byte[] piece = new byte[n];
      System.arraycopy(plain, at, piece, 0, n);
      out.writeBytes(record(DATA, piece));
    }
    return out.toByteArray();
  }

  /** The protocols of a HELLO's payload. */
  static List<String> protocols(ByteBuffer payload) {
    int count = payload.get() & 0xff;
    List<String> protocols = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      protocols.add(text(payload));
    }
    return protocols;
  }

  static String text(ByteBuffer payload) {
    byte[] bytes = new byte[payload.get() & 0xff];
    payload.get(bytes);
    return new String(bytes, ISO_8859_1);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  /** Whether a header can be one of these; a length past the largest is no record either. */
  static boolean valid(int type, int length) {
    return type >= HELLO && type <= ALERT && length <= PAYLOAD_BYTES_MAX;
  }
}
