package dev.sluice.core.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogLineTest {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final LogLine line = new LogLine(1000);

  private String text() {
    return new String(line.bytes(), 0, line.length(), ISO_8859_1);
  }

  private String text(String text, int bytesMax) {
    line.clear();
    line.text(text, bytesMax);
    return text();
  }

  private String quoted(String text, int bytesMax) {
    line.clear();
    line.quoted(text, bytesMax);
    return text();
  }

  private String bytes(String latin, int bytesMax) {
    line.clear();
    line.beginText(bytesMax);
    byte[] bytes = ("##" + latin + "##").getBytes(ISO_8859_1);
    line.write(bytes, 2, bytes.length - 4);
    line.endText();
    return text();
  }

  @Test
  void nothingThatAPeerSendsEndsALineOrAValue() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 256; i++) {
      all.append((char) i);
    }
    String written = bytes(all.toString(), 990);

    assertThat(written).matches("[!-~]+").doesNotContain("\"");
    assertThat(written)
        .contains("\\x00", "\\x0a", "\\x0d", "\\x1b", "\\x20", "\\x22", "\\x5c", "\\x7f", "\\xff")
        .contains("!\\x22#$%&'()*+,-./0123456789:;<=>?@AB", "[\\x5c]^_`ab", "{|}~\\x7f");
  }

  @Test
  void quotedTextKeepsItsSpacesAndNothingElse() {
    assertThat(quoted("a b\tc\"d\\e\n", 100)).isEqualTo("\"a b\\x09c\\x22d\\x5ce\\x0a\"");
    assertThat(quoted("", 100)).isEqualTo("\"\"");
    assertThat(text("a b", 100)).isEqualTo("a\\x20b");
  }

  @Test
  void factsHaveCommasForSpaces() {
    line.clear();
    line.constant('x');
    line.constant(' ');
    line.facts("TLSv1.3 AES resumed", 100);
    assertThat(text()).isEqualTo("x TLSv1.3,AES,resumed");
  }

  @Test
  void emptyTextIsADash() {
    assertThat(text("", 10)).isEqualTo("-");
    assertThat(bytes("", 10)).isEqualTo("-");
  }

  @Test
  void longTextIsCutWithDotsWithinItsBound() {
    assertThat(text("0123456", 10)).isEqualTo("0123456");
    assertThat(text("01234567", 10)).isEqualTo("0123456...");
    assertThat(text("0".repeat(5000), 10)).isEqualTo("0000000...");
    assertThat(bytes("01234567", 10)).isEqualTo("0123456...");
    assertThat(quoted("01234567", 10)).isEqualTo("\"0123456...\"");
    // An escape is whole or not there, and nothing that is shorter slips in behind the gap.
    assertThat(text("012345\n6", 10)).isEqualTo("012345...");
    assertThat(bytes("\n", 8)).isEqualTo("\\x0a");
  }

  @Test
  void ourOwnTextsAreUtf8() {
    assertThat(text("é€😀", 100)).isEqualTo("\\xc3\\xa9\\xe2\\x82\\xac\\xf0\\x9f\\x98\\x80");
  }

  @Test
  void numbersAreDecimal() {
    for (long value :
        new long[] {
          0, 1, 9, 10, 99, 100, -1, -10, Long.MAX_VALUE, Long.MIN_VALUE, 1234567890123L
        }) {
      line.clear();
      line.number(value);
      assertThat(text()).isEqualTo(Long.toString(value));
    }
  }

  @Test
  void microsecondsAreRoundedDown() {
    line.clear();
    line.micros(1_999);
    assertThat(text()).isEqualTo("1");
  }

  @Test
  void timeIsThatOfTheCalendar() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      // From 0000 to 9999.
      assertTime(random.nextLong(-62_167_219_200_000L, 253_402_300_800_000L));
    }
    assertTime(0);
    assertTime(-1);
    assertTime(Instant.parse("2024-02-29T23:59:59.999Z").toEpochMilli());
    assertTime(Instant.parse("2000-03-01T00:00:00.000Z").toEpochMilli());
    assertTime(Instant.parse("1900-02-28T23:59:59.999Z").toEpochMilli());
  }

  private void assertTime(long millis) {
    line.clear();
    line.time(millis);
    assertThat(text()).isEqualTo(ISO.format(Instant.ofEpochMilli(millis)));
  }
}
