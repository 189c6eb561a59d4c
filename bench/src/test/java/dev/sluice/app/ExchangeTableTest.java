package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeTableTest {
  private static final TextStyle DRAWN = new TextStyle(true, false);

  private final ExchangeTable table = new ExchangeTable(DRAWN);

  @Test
  void newAndReusedConnectionsOfAPairingStandBelowEachOther() {
    assertThat(
            table.pairing(
                List.of(Records.good(Records.ALPN, false), Records.good(Records.ALPN, true))))
        .containsExactly(
            "TLS   → TLS h2, h1   │ h1 → h2   after handshake  new    │ GET   200     65,536 │"
                + "    0.25  12.35  19.00  123.5",
            "                     │ h1 → h2   was there        reused │ GET   200     65,536 │"
                + "       –      –  19.00  123.5");
  }

  @Test
  void clearConnectionHasItsMuxAtConnect() {
    assertThat(table.pairing(List.of(Records.good(Records.CLEAR, false))))
        .containsExactly(
            "clear → clear h1     │ h1 → h1   at connect       new    │ GET   200     65,536 │"
                + "    0.25      –  19.00  123.5");
  }

  @Test
  void causeOfAFailureStandsOnceBelowItsRows() {
    assertThat(
            table.pairing(
                List.of(Records.failed(Records.IRC, "GET"), Records.failed(Records.IRC, "POST"))))
        .containsExactly(
            "TLS   → TLS only irc │ h2 → –    never            none   │ GET   502         16 │"
                + "       –      –      –   2.00",
            "                     │ h2 → –    never            none   │ POST  502         16 │"
                + "       –      –      –   2.00",
            "  ╰─ no common protocol: server sent alert 120 (2 attempts)");
  }

  @Test
  void whatTheEngineAnswersItselfHasNoServerSide() {
    assertThat(table.pairing(List.of(Records.answered())))
        .containsExactly(
            "clear → Sluice       │ h1 → –    –                –      │ GET   404      10.5M │"
                + "       –      –      –   1.00");
  }

  @Test
  void nothingIsWiderThanTheTable() {
    ExchangeRecord wordy = Records.failed(Records.IRC, "OPTIONS");
    Records.failWith(wordy, CloseCause.HANDSHAKE_FAILED, "x".repeat(300));
    for (TextStyle style : List.of(DRAWN, new TextStyle(false, false))) {
      assertThat(everything(style, wordy))
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
    }
  }

  @Test
  void headingAndRowsHaveTheirBarsInTheSamePlaces() {
    List<String> lines = new ArrayList<>(table.heading());
    lines.addAll(table.pairing(List.of(Records.good(Records.ALPN, false))));
    assertThat(lines.stream().map(ExchangeTableTest::barsOf).distinct()).hasSize(1);
  }

  @Test
  void withoutUnicodeEverythingIsAscii() {
    assertThat(everything(new TextStyle(false, false), Records.failed(Records.IRC, "GET")))
        .allSatisfy(line -> assertThat(line).isPrintable().isASCII());
  }

  @Test
  void coloursChangeNothingElse() {
    ExchangeRecord failed = Records.failed(Records.IRC, "GET");
    List<String> coloured = everything(new TextStyle(true, true), failed);
    assertThat(coloured).allSatisfy(line -> assertThat(line).contains("\u001b["));
    assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[\\d+m", "").stripTrailing()))
        .containsExactlyElementsOf(everything(DRAWN, failed));
  }

  @Test
  void causesAreWordsAPersonWouldWrite() {
    assertThat(ExchangeTable.words(CloseCause.PLAIN_HTTP_TO_TLS)).isEqualTo("plain HTTP to TLS");
    assertThat(ExchangeTable.words(CloseCause.CONNECT_REFUSED)).isEqualTo("connect refused");
  }

  private static List<String> everything(TextStyle style, ExchangeRecord last) {
    ExchangeTable table = new ExchangeTable(style);
    List<String> lines = new ArrayList<>(table.heading());
    lines.addAll(table.pairing(List.of(Records.good(Records.CLEAR, false))));
    lines.add(table.rule());
    lines.addAll(table.pairing(List.of(last)));
    return lines;
  }

  private static List<Integer> barsOf(String line) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '│' || line.charAt(i) == '┼') {
        places.add(i);
      }
    }
    return places;
  }
}
