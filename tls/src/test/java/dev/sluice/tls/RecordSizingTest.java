package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordSizingTest {
  private static final int FULL = 16_384;
  private static final int FIRST = RecordSizing.SEGMENT_RECORDS * RecordSizing.SEGMENT_BYTES;

  @Test
  void aConnectionBeginsWithRecordsOfOneSegmentAndGoesOverToFullOnes() {
    RecordSizing sizing = RecordSizing.growing(FULL);
    long now = 5;
    int sent = 0;
    while (sizing.contentBytesMax(now) == RecordSizing.SEGMENT_BYTES) {
      sizing.onSealed(RecordSizing.SEGMENT_BYTES, now);
      sent += RecordSizing.SEGMENT_BYTES;
    }
    assertThat(sent).isEqualTo(FIRST);
    assertThat(sizing.contentBytesMax(now)).isEqualTo(FULL);
  }

  @Test
  void afterAPauseItBeginsAnewButNotWhileDataFlows() {
    RecordSizing sizing = RecordSizing.growing(FULL);
    long now = -100;
    sizing.onSealed(FIRST, now);
    for (int i = 0; i < 10; i++) {
      now += RecordSizing.PAUSE_NANOS - 1;
      assertThat(sizing.contentBytesMax(now)).isEqualTo(FULL);
      sizing.onSealed(1, now);
    }
    now += RecordSizing.PAUSE_NANOS;
    assertThat(sizing.contentBytesMax(now)).isEqualTo(RecordSizing.SEGMENT_BYTES);
  }

  @Test
  void aConstantOneNeverShrinks() {
    RecordSizing sizing = RecordSizing.constant(FULL);
    assertThat(sizing.contentBytesMax(0)).isEqualTo(FULL);
    assertThat(sizing.contentBytesMax(10 * RecordSizing.PAUSE_NANOS)).isEqualTo(FULL);
  }
}
