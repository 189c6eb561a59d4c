package dev.sluice.mux.h2.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What was encoded decodes to the same, and rubbish does no harm (RFC 7541). */
class HpackProperties {
  private static final String[] NAMES = {
    "accept", "cookie", "authorization", "x-a", "x-b", "content-type", "etag", "via", "x-long-name"
  };

  @Property
  void blocksRoundTripThroughTablesOfAnySize(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 8192) int tableSize) {
    Random random = new Random(seed);
    HpackEncoder encoder = new HpackEncoder(16_384);
    HpackDecoder decoder = new HpackDecoder(4096, 1 << 20);
    decoder.tableSizeLimit(tableSize);
    encoder.peerTableSize(tableSize);
    FieldList fields = new FieldList();
    for (int block = 0; block < 30; block++) {
      if (random.nextInt(8) == 0) {
        int size = random.nextInt(8192);
        decoder.tableSizeLimit(size);
        encoder.peerTableSize(size);
      }
      List<String> expected = new ArrayList<>();
      encoder.beginBlock();
      for (int i = random.nextInt(12); i > 0; i--) {
        String name = NAMES[random.nextInt(NAMES.length)];
        String value = value(random);
        FieldText.add(encoder, name, value);
        expected.add(name + ": " + value);
      }
      int at = 0;
      while (at < encoder.length()) {
        int end = Math.min(encoder.length(), at + 1 + random.nextInt(50));
        assertThat(decoder.decode(encoder.block(), at, end, fields)).isSameAs(HpackStatus.OK);
        at = end;
      }
      assertThat(decoder.endBlock()).isSameAs(HpackStatus.OK);
      assertThat(fields.take().stream().map(f -> f.startsWith("!") ? f.substring(1) : f))
          .containsExactlyElementsOf(expected);
    }
  }

  @Property
  void rubbishIsAStatusAndNeverAnException(@ForAll byte[] rubbish, @ForAll long seed) {
    Random random = new Random(seed);
    HpackDecoder decoder = new HpackDecoder(4096, 200);
    FieldList fields = new FieldList();
    HpackStatus status = HpackStatus.OK;
    for (int at = 0; at < rubbish.length && status == HpackStatus.OK; ) {
      int end = Math.min(rubbish.length, at + 1 + random.nextInt(10));
      status = decoder.decode(rubbish, at, end, fields);
      at = end;
    }
    assertThat(decoder.tableSize()).isBetween(0, 4096);
  }

  private static String value(Random random) {
    int length = random.nextInt(10) == 0 ? random.nextInt(3000) : random.nextInt(30);
    StringBuilder value = new StringBuilder();
    int range = random.nextBoolean() ? 26 : 150;
    for (int i = 0; i < length; i++) {
      value.append((char) ('a' + random.nextInt(range)));
    }
    return value.toString();
  }
}
