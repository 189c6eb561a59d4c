package dev.sluice.core.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AccessLogFormatTest {
  private static final long TIME = Instant.parse("2026-11-25T10:25:00.123Z").toEpochMilli();
  private static final int PATH_BYTES_MAX = 40;

  private final ExchangeRecord record = new ExchangeRecord();
  private final LogLine line = new LogLine(AccessLogFormat.BYTES_MAX_WITHOUT_PATH + PATH_BYTES_MAX);

  private static SessionFacts session(String version, String suite) {
    return new SessionFacts(version, suite, "", "example.org", "h2", false);
  }

  private String encode() {
    AccessLogFormat.encode(record, TIME, PATH_BYTES_MAX, line);
    return new String(line.bytes(), 0, line.length(), ISO_8859_1);
  }

  @Test
  void completeExchange() {
    ClientFacts client =
        new ClientFacts(new InetSocketAddress("192.0.2.7", 5123), session("TLSv1.3", "X"));
    record.begin("web", "h2", client, 0);
    record.request(Texts.of("GET", "example.org", "/a?b=c"), 1_000);
    record.routed("app", 3_000);
    record.attempt("one");
    record.attempt("two");
    record.queued(4_000);
    record.connected("h1", session("TLSv1.2", "Y"), true, 5_000, 6_000, 20_000);
    record.firstByte(30_000);
    record.status(200);
    record.addFromClient(12);
    record.addToClient(3456);
    record.end(CloseCause.COMPLETE, CloseCause.Origin.NOBODY, "", 45_999);

    assertThat(encode())
        .isEqualTo(
            "time=2026-11-25T10:25:00.123Z client=192.0.2.7:5123 frontend=web method=GET"
                + " host=example.org path=/a?b=c status=200 backend=app server=two front=h2"
                + " back=h1 conn=new mux=handshake retries=1 in=12 out=3456 t_request=1"
                + " t_routing=2 t_queue=4 t_lost=2 t_connect=5 t_handshake=6 t_wait=10"
                + " t_response=15 t_first=29 t_total=45 phase=DONE by=NOBODY cause=COMPLETE"
                + " tls_front=TLSv1.3,X tls_back=TLSv1.2,Y detail=\"\"\n");
  }

  @Test
  void exchangeThatNeverHadAHead() {
    record.begin("web", "h1", ClientFacts.NONE, 0);
    record.status(400);
    record.firstByte(0);
    record.end(CloseCause.BAD_REQUEST, CloseCause.Origin.CLIENT, "no colon", 0);

    assertThat(encode())
        .isEqualTo(
            "time=2026-11-25T10:25:00.123Z client=- frontend=web method=- host=- path=-"
                + " status=400 backend=- server=- front=h1 back=- conn=- mux=- retries=0 in=0"
                + " out=0 t_request=0 t_routing=0 t_queue=0 t_lost=0 t_connect=0 t_handshake=0"
                + " t_wait=0 t_response=0 t_first=0 t_total=0 phase=REQUEST by=CLIENT"
                + " cause=BAD_REQUEST tls_front=- tls_back=- detail=\"no colon\"\n");
  }

  @Test
  void reusedConnectionAndClearMux() {
    record.begin("web", "h1", ClientFacts.NONE, 0);
    record.routed("app", 0);
    record.attempt("a");
    record.reused("h1", SessionFacts.NONE, false, 0);
    record.end(CloseCause.COMPLETE, CloseCause.Origin.NOBODY, "", 0);

    assertThat(encode()).contains(" conn=reused mux=connect ");
  }

  @Test
  void hostileRequestStaysWithinItsLine() {
    record.begin("web", "h1", ClientFacts.NONE, 0);
    record.request(Texts.of("G\nT", "a b", "/\r\ntime=0 \"status=200"), 0);
    record.end(CloseCause.INTERNAL_ERROR, CloseCause.Origin.PROXY, "a\nb \"c", 0);

    String written = encode();

    assertThat(written.indexOf('\n')).isEqualTo(written.length() - 1);
    assertThat(written)
        .contains(
            " method=G\\x0aT ", " host=a\\x20b ", " path=/\\x0d\\x0atime=0\\x20\\x22status=200 ")
        .contains(" detail=\"a\\x0ab \\x22c\"\n");
  }

  @Test
  void longestLineFitsIntoItsArray() {
    String long_ = "\n".repeat(1000);
    record.begin(
        long_, long_, new ClientFacts(new Verbose(long_), session(long_, "")), -Long.MAX_VALUE);
    record.request(Texts.of(long_, long_, long_), -1);
    record.routed(long_, 0);
    record.attempt(long_);
    record.queued(Long.MIN_VALUE);
    record.connected(long_, session(long_, ""), true, Long.MIN_VALUE, Long.MIN_VALUE, 0);
    record.firstByte(-1);
    record.status(Integer.MIN_VALUE);
    record.addFromClient(Long.MIN_VALUE);
    record.addToClient(Long.MIN_VALUE);
    record.phase(ExchangePhase.RESPONSE);
    record.end(CloseCause.PROTOCOL_NOT_OFFERED, CloseCause.Origin.NOBODY, long_, 0);

    assertThat(encode().length()).isBetween(1000, line.bytes().length - 20);
  }

  /** An address of a kind that the engine does not know, with much to say. */
  private static final class Verbose extends java.net.SocketAddress {
    private static final long serialVersionUID = 1L;
    private final String text;

    Verbose(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
