package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.ExchangeRecord;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void whatIsExpectedHasNoProblems() {
    assertThat(compare(Records.CLEAR, false, Records.good(Records.CLEAR, false))).isEmpty();
    assertThat(compare(Records.ALPN, true, Records.good(Records.ALPN, true))).isEmpty();
    assertThat(compare(Records.IRC, false, Records.failed(Records.IRC, "GET"))).isEmpty();
  }

  @Test
  void eachDifferenceIsNamedWithWhatShouldBe() {
    assertThat(compare(Records.ALPN, true, Records.good(Records.ALPN, false)))
        .containsExactly("connection reused is false, should be true");
    assertThat(compare(Records.ALPN, false, Records.failed(Records.ALPN, "GET")))
        .contains(
            "status is 502, should be 200",
            "cause is NO_COMMON_PROTOCOL, should be COMPLETE",
            "protocol of the origin is none, should be h2",
            "retries is 1, should be 0");
  }

  @Test
  void successWhereFailureIsExpectedIsAProblem() {
    assertThat(compare(Records.IRC, false, Records.good(Records.IRC, false)))
        .contains("status is 200, should be 502");
  }

  @Test
  void reportEndsWithOneLineIfAllIsGood() {
    StringWriter text = new StringWriter();
    List<Outcome> outcomes =
        List.of(
            outcome(Records.CLEAR, Records.good(Records.CLEAR, false)),
            outcome(Records.IRC, Records.failed(Records.IRC, "GET")));
    assertThat(report(text).conclude(outcomes)).isTrue();
    assertThat(text.toString())
        .isEqualToNormalizingNewlines(
            "All 2 requests ended as they should, 1 of them with the failure that is expected.\n");
  }

  @Test
  void reportSaysWhichPairingIsWrongAndWhy() {
    StringWriter text = new StringWriter();
    List<Outcome> outcomes =
        List.of(
            outcome(Records.CLEAR, Records.good(Records.CLEAR, false)),
            outcome(Records.ALPN, Records.good(Records.ALPN, true)),
            new Outcome(Records.IRC, "POST", null, List.of("the engine has no record of it")));
    DemoReport report = report(text);
    report.show(outcomes, 0);
    assertThat(report.conclude(outcomes)).isFalse();
    assertThat(text.toString().lines().filter(line -> line.startsWith("WRONG")))
        .containsExactly(
            "WRONG: TLS h1 to TLS h2, h1, GET: connection reused is true, should be false",
            "WRONG: TLS h2 to TLS only irc, POST: the engine has no record of it");
  }

  private static List<String> compare(Pairing pairing, boolean again, ExchangeRecord record) {
    return Outcome.compare(pairing, again, record);
  }

  private static Outcome outcome(Pairing pairing, ExchangeRecord record) {
    return new Outcome(pairing, "GET", record, compare(pairing, false, record));
  }

  private static DemoReport report(StringWriter text) {
    return new DemoReport(new TextStyle(true, false), new PrintWriter(text));
  }
}
