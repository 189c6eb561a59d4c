package dev.sluice.core.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.ProxyProtocolVersion;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("PROXY protocol 2.1 and 2.2")
class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String FOUR = "c0000207" + "c633640a" + "1403" + "01bb";
  private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.7", 5123);
  private static final InetSocketAddress SERVER = new InetSocketAddress("198.51.100.10", 443);
  private static final InetSocketAddress CLIENT6 = new InetSocketAddress("2001:db8::7", 5123);
  private static final InetSocketAddress SERVER6 = new InetSocketAddress("2001:db8::a", 443);

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  /** Feeds in pieces as a socket would, and returns how many bytes were taken. */
  private static int feed(ProxyHeaderDecoder decoder, byte[] bytes, int pieceMax) {
    int at = 0;
    while (at < bytes.length && decoder.needed() > 0) {
      ByteBuffer space = decoder.space();
      int count = Math.min(Math.min(space.remaining(), pieceMax), bytes.length - at);
      space.put(bytes, at, count);
      decoder.put(count);
      at += count;
    }
    return at;
  }

  private static ProxyHeaderDecoder decoded(byte[] bytes) {
    ProxyHeaderDecoder decoder = new ProxyHeaderDecoder();
    feed(decoder, bytes, Integer.MAX_VALUE);
    return decoder;
  }

  private static ProxyHeaderDecoder line(String text) {
    return decoded(text.getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsReadAtEveryCutAndNothingBehindItIsTaken(ProxyProtocolVersion version) {
    for (ProxyHeader header :
        new ProxyHeader[] {
          new ProxyHeader(version, CLIENT, SERVER),
          new ProxyHeader(version, CLIENT6, SERVER6),
          ProxyHeader.local(version)
        }) {
      byte[] bytes = ProxyHeaderEncoder.encode(header);
      byte[] followed = new byte[bytes.length + 50];
      System.arraycopy(bytes, 0, followed, 0, bytes.length);
      for (int piece = 1; piece <= followed.length; piece++) {
        ProxyHeaderDecoder decoder = new ProxyHeaderDecoder();
        assertThat(feed(decoder, followed, piece)).isEqualTo(bytes.length);
        assertThat(decoder.header()).isEqualTo(header);
      }
      for (int cut = 0; cut < bytes.length; cut++) {
        ProxyHeaderDecoder decoder = new ProxyHeaderDecoder();
        assertThat(feed(decoder, java.util.Arrays.copyOf(bytes, cut), 9)).isEqualTo(cut);
        assertThat(decoder.header()).isNull();
        assertThat(decoder.problem()).isNull();
        assertThat(decoder.needed()).isPositive();
      }
    }
  }

  @Test
  void bytesAreThoseOfTheSpecification() {
    assertThat(ProxyHeaderEncoder.encode(new ProxyHeader(ProxyProtocolVersion.V1, CLIENT, SERVER)))
        .asString(ISO_8859_1)
        .isEqualTo("PROXY TCP4 192.0.2.7 198.51.100.10 5123 443\r\n");
    assertThat(ProxyHeaderEncoder.encode(new ProxyHeader(ProxyProtocolVersion.V2, CLIENT, SERVER)))
        .isEqualTo(hex(SIGNATURE + "2111000c" + FOUR));
    assertThat(ProxyHeaderEncoder.encode(ProxyHeader.local(ProxyProtocolVersion.V2)))
        .isEqualTo(hex(SIGNATURE + "20000000"));
    assertThat(ProxyHeaderEncoder.encode(ProxyHeader.local(ProxyProtocolVersion.V1)))
        .asString(ISO_8859_1)
        .isEqualTo("PROXY UNKNOWN\r\n");
  }

  @ParameterizedTest
  @EnumSource
  void addressesOfTwoFamiliesAreBothWrittenAsIpv6(ProxyProtocolVersion version) {
    byte[] bytes = ProxyHeaderEncoder.encode(new ProxyHeader(version, CLIENT, SERVER6));

    // The JDK gives a mapped address back as what it stands for.
    assertThat(decoded(bytes).header()).isEqualTo(new ProxyHeader(version, CLIENT, SERVER6));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY UNKNOWN\r\n",
        "PROXY UNKNOWN ffff:f...f:ffff 1 2 3\r\n",
        "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n",
        "PROXY TCP6 :: ::1 1 1\r\n",
        "PROXY TCP6 2001:DB8:0:0:0:0:0:1 ::ffff:1.2.3.4 1 1\r\n",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
            + " 65535 65535\r\n",
      })
  void lineThatIsValidIsTaken(String text) {
    assertThat(line(text).problem()).isNull();
    assertThat(line(text).header()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "proxy TCP4 1.2.3.4 1.2.3.4 1 1\r\n",
        "PROXY TCP5 1.2.3.4 1.2.3.4 1 1\r\n",
        "PROXY UNKNOWNS\r\n",
        "PROXY  TCP4 1.2.3.4 1.2.3.4 1 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 1 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 1 \r\n",
        "PROXY TCP4 1.2.3 1.2.3.4 1 1\r\n",
        "PROXY TCP4 01.2.3.4 1.2.3.4 1 1\r\n",
        "PROXY TCP4 256.2.3.4 1.2.3.4 1 1\r\n",
        "PROXY TCP4 ::1 1.2.3.4 1 1\r\n",
        "PROXY TCP4 localhost 1.2.3.4 1 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 01 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 65536 1\r\n",
        "PROXY TCP4 1.2.3.4 1.2.3.4 -1 1\r\n",
        "PROXY TCP6 1.2.3.4 ::1 1 1\r\n",
        "PROXY TCP6 1::2::3 ::1 1 1\r\n",
        "PROXY TCP6 1:2:3:4:5:6:7 ::1 1 1\r\n",
        "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 1\r\n",
        "PROXY TCP6 fe80::1%eth0 ::1 1 1\r\n",
        "PROXY TCP6 12345::1 ::1 1 1\r\n",
        "PROXY TCP6 1.2.3.4::1 ::1 1 1\r\n",
      })
  void lineThatIsNotValidIsRefused(String text) {
    assertThat(line(text).problem()).isNotNull();
    assertThat(line(text).needed()).isZero();
  }

  @Test
  void lineWithoutAnEndIsReadToItsLongestAndNoFurther() {
    ProxyHeaderDecoder decoder = new ProxyHeaderDecoder();

    assertThat(feed(decoder, ("PROXY UNKNOWN " + "x".repeat(500)).getBytes(ISO_8859_1), 500))
        .isLessThanOrEqualTo(107);
    assertThat(decoder.problem()).contains("107");
  }

  @ParameterizedTest
  @CsvSource({
    // Extensions of unknown types, and one without a value.
    "2111, 0013, " + FOUR + "ee0001aa" + "040000",
    "2121, 0024, 20010db800000000000000000000000720010db8000000000000000000000" + "00a140301bb",
    // LOCAL: whatever stands there is skipped.
    "2000, 0000, ''",
    "2011, 000c, " + FOUR,
    "20ff, 0003, 010203",
    // No family, whatever follows.
    "2100, 0000, ''",
    "2100, 0002, 0102",
  })
  void binaryHeaderThatIsValidIsTaken(String what, String length, String rest) {
    ProxyHeaderDecoder decoder = decoded(hex(SIGNATURE + what + length + rest));

    assertThat(decoder.problem()).isNull();
    assertThat(decoder.header()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    // Version, command, families that are no stream's, unknown ones.
    "1111, 000c, " + FOUR,
    "3111, 000c, " + FOUR,
    "2211, 000c, " + FOUR,
    "2112, 000c, " + FOUR,
    "2141, 000c, " + FOUR,
    // Shorter than its addresses.
    "2111, 000b, " + FOUR,
    "2121, 0023, " + FOUR,
    // Extensions that are cut, or longer than the header.
    "2111, 000e, " + FOUR + "ee00",
    "2111, 0010, " + FOUR + "ee0002aa",
    // Longer than what is read of a header.
    "2111, ffff, " + FOUR,
    "2000, 0ff1, ''",
  })
  void binaryHeaderThatIsNotValidIsRefused(String what, String length, String rest) {
    ProxyHeaderDecoder decoder = decoded(hex(SIGNATURE + what + length + rest));

    assertThat(decoder.problem()).isNotNull();
    assertThat(decoder.needed()).isZero();
  }

  @Test
  void socketOfTheUnixFamilyNamesNobody() {
    String header = SIGNATURE + "213100d8" + "00".repeat(216);

    assertThat(decoded(hex(header)).header()).isEqualTo(ProxyHeader.local(ProxyProtocolVersion.V2));
  }

  @Test
  void unknownAddressesMakeAHeaderThatNamesNobody() {
    for (ProxyProtocolVersion version : ProxyProtocolVersion.values()) {
      assertThat(ProxyHeader.of(version, null, SERVER)).isEqualTo(ProxyHeader.local(version));
      assertThat(ProxyHeader.of(version, CLIENT, null)).isEqualTo(ProxyHeader.local(version));
      assertThat(ProxyHeader.of(version, InetSocketAddress.createUnresolved("a.test", 1), SERVER))
          .isEqualTo(ProxyHeader.local(version));
    }
  }

  @Test
  void whateverComesIsTakenOrRefusedWithinTheBound() {
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes =
          random.nextBoolean()
              ? ProxyHeaderEncoder.encode(new ProxyHeader(ProxyProtocolVersion.V1, CLIENT, SERVER6))
              : hex(SIGNATURE + "21110013" + FOUR + "ee0001aa" + "040000");
      byte[] longer = new byte[bytes.length + random.nextInt(5000)];
      random.nextBytes(longer);
      System.arraycopy(bytes, 0, longer, 0, bytes.length);
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        longer[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      ProxyHeaderDecoder decoder = new ProxyHeaderDecoder();

      int taken = feed(decoder, longer, 1 + random.nextInt(40));

      assertThat(taken).as("seed %d", seed).isLessThanOrEqualTo(ProxyHeaderDecoder.BYTES_MAX);
      assertThat(decoder.needed() > 0 && taken < longer.length).as("seed %d", seed).isFalse();
    }
  }
}
