package dev.sluice.core.observe;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes an {@link ExchangeRecord} as one line; {@link AccessLog} tells what is in it. Stateless;
 * any thread. Allocates nothing.
 */
final class AccessLogFormat {
  /** More than a line with an empty path can be long; a test holds it against the longest. */
  static final int BYTES_MAX_WITHOUT_PATH = 1664;

  static final int ADDRESS_BYTES_MAX = 64;
  static final int NAME_BYTES_MAX = 64;
  static final int METHOD_BYTES_MAX = 24;
  static final int HOST_BYTES_MAX = 128;
  static final int SESSION_BYTES_MAX = 96;
  static final int DETAIL_BYTES_MAX = 200;

  private static final byte[] TIME = ascii("time=");
  private static final byte[] CLIENT = ascii(" client=");
  private static final byte[] FRONTEND = ascii(" frontend=");
  private static final byte[] METHOD = ascii(" method=");
  private static final byte[] HOST = ascii(" host=");
  private static final byte[] PATH = ascii(" path=");
  private static final byte[] STATUS = ascii(" status=");
  private static final byte[] BACKEND = ascii(" backend=");
  private static final byte[] SERVER = ascii(" server=");
  private static final byte[] FRONT = ascii(" front=");
  private static final byte[] BACK = ascii(" back=");
  private static final byte[] NO_CONNECTION = ascii(" conn=- mux=-");
  private static final byte[] NEW = ascii(" conn=new mux=");
  private static final byte[] REUSED = ascii(" conn=reused mux=");
  private static final byte[] AT_CONNECT = ascii("connect");
  private static final byte[] AFTER_HANDSHAKE = ascii("handshake");
  private static final byte[] RETRIES = ascii(" retries=");
  private static final byte[] IN = ascii(" in=");
  private static final byte[] OUT = ascii(" out=");
  private static final byte[] T_REQUEST = ascii(" t_request=");
  private static final byte[] T_ROUTING = ascii(" t_routing=");
  private static final byte[] T_QUEUE = ascii(" t_queue=");
  private static final byte[] T_LOST = ascii(" t_lost=");
  private static final byte[] T_CONNECT = ascii(" t_connect=");
  private static final byte[] T_HANDSHAKE = ascii(" t_handshake=");
  private static final byte[] T_WAIT = ascii(" t_wait=");
  private static final byte[] T_RESPONSE = ascii(" t_response=");
  private static final byte[] T_FIRST = ascii(" t_first=");
  private static final byte[] T_TOTAL = ascii(" t_total=");
  private static final byte[] PHASE = ascii(" phase=");
  private static final byte[] BY = ascii(" by=");
  private static final byte[] CAUSE = ascii(" cause=");
  private static final byte[] TLS_FRONT = ascii(" tls_front=");
  private static final byte[] TLS_BACK = ascii(" tls_back=");
  private static final byte[] DETAIL = ascii(" detail=");

  private AccessLogFormat() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Writes a line, with its line feed.
   *
   * @param line emptied first
   * @param beganMillis when the exchange began, in milliseconds since 1970
   * @param pathBytesMax what the path may take, escapes included
   */
  static void encode(ExchangeRecord record, long beganMillis, int pathBytesMax, LogLine line) {
    line.clear();
    line.constant(TIME);
    line.time(beganMillis);
    text(line, CLIENT, record.client().addressText(), ADDRESS_BYTES_MAX);
    text(line, FRONTEND, record.frontend(), NAME_BYTES_MAX);
    request(record.requestText(), pathBytesMax, line);
    number(line, STATUS, record.status());
    text(line, BACKEND, record.backend(), NAME_BYTES_MAX);
    text(line, SERVER, record.server(), NAME_BYTES_MAX);
    text(line, FRONT, record.frontProtocol(), NAME_BYTES_MAX);
    text(line, BACK, record.backProtocol(), NAME_BYTES_MAX);
    connection(record, line);
    number(line, RETRIES, record.retries());
    number(line, IN, record.bytesFromClient());
    number(line, OUT, record.bytesToClient());
    times(record, line);
    text(line, PHASE, record.phase().name(), NAME_BYTES_MAX);
    text(line, BY, record.endedBy().name(), NAME_BYTES_MAX);
    text(line, CAUSE, record.cause().name(), NAME_BYTES_MAX);
    session(line, TLS_FRONT, record.frontSession().text());
    session(line, TLS_BACK, record.backSession().text());
    line.constant(DETAIL);
    line.quoted(record.detail(), DETAIL_BYTES_MAX);
    line.constant('\n');
  }

  private static void request(@Nullable RequestText text, int pathBytesMax, LogLine line) {
    line.constant(METHOD);
    line.beginText(METHOD_BYTES_MAX);
    if (text != null) {
      text.writeMethodTo(line);
    }
    line.endText();
    line.constant(HOST);
    line.beginText(HOST_BYTES_MAX);
    if (text != null) {
      text.writeHostTo(line);
    }
    line.endText();
    line.constant(PATH);
    line.beginText(pathBytesMax);
    if (text != null) {
      text.writePathTo(line);
    }
    line.endText();
  }

  private static void connection(ExchangeRecord record, LogLine line) {
    if (record.backProtocol().isEmpty()) {
      line.constant(NO_CONNECTION);
      return;
    }
    line.constant(record.reused() ? REUSED : NEW);
    line.constant(record.muxAfterHandshake() ? AFTER_HANDSHAKE : AT_CONNECT);
  }

  private static void times(ExchangeRecord record, LogLine line) {
    micros(line, T_REQUEST, record.requestNanos());
    micros(line, T_ROUTING, record.routingNanos());
    micros(line, T_QUEUE, record.queueNanos());
    micros(line, T_LOST, record.lostNanos());
    micros(line, T_CONNECT, record.connectNanos());
    micros(line, T_HANDSHAKE, record.handshakeNanos());
    micros(line, T_WAIT, record.waitNanos());
    micros(line, T_RESPONSE, record.responseNanos());
    micros(line, T_FIRST, record.firstByteNanos());
    micros(line, T_TOTAL, record.totalNanos());
  }

  private static void text(LogLine line, byte[] key, String value, int bytesMax) {
    line.constant(key);
    line.text(value, bytesMax);
  }

  private static void session(LogLine line, byte[] key, String value) {
    line.constant(key);
    line.facts(value, SESSION_BYTES_MAX);
  }

  private static void number(LogLine line, byte[] key, long value) {
    line.constant(key);
    line.number(value);
  }

  private static void micros(LogLine line, byte[] key, long nanos) {
    line.constant(key);
    line.micros(nanos);
  }
}
