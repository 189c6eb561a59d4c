package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.Side;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("floods (RFC 9113 10.5)")
class AbuseTest {
  private final Rig rig = Rig.ready(Side.FRONT);

  @Test
  @DisplayName("CVE-2023-44487: streams that are begun and reset")
  void rapidResetIsStopped() {
    int survived =
        flood(
            i -> {
              rig.get(2 * i + 1).rst(2 * i + 1, H2ErrorCode.CANCEL);
              rig.releaseClosed();
            });
    assertThat(survived).isEqualTo(1000);
    assertThat(rig.protocol.abuses(Abuse.RESET)).isEqualTo(1001);
  }

  @Test
  void resetsInTheCourseOfTimeAreFine() {
    for (int i = 0; i < 5000; i++) {
      rig.now += Rig.SECOND / 30;
      rig.get(2 * i + 1).rst(2 * i + 1, H2ErrorCode.CANCEL);
      rig.releaseClosed();
    }
    assertThat(rig.protocol.failed()).isFalse();
  }

  @Test
  void resetDoesNotFreeThePlaceOfAStreamThatIsStillHeld() {
    for (int i = 0; i < 150; i++) {
      rig.get(2 * i + 1).rst(2 * i + 1, H2ErrorCode.CANCEL);
    }
    assertThat(rig.protocol.openStreams()).isEqualTo(100);
    assertThat(rig.sent()).hasSize(50).allMatch(line -> line.endsWith("REFUSED_STREAM"));
  }

  @Test
  void pingFloodIsStopped() {
    assertThat(flood(rig::ping)).isEqualTo(500);
  }

  @Test
  void settingsFloodIsStopped() {
    // One was spent by the preface.
    assertThat(flood(i -> rig.settings(3, i))).isEqualTo(99);
  }

  @Test
  void emptyFrameFloodIsStopped() {
    rig.post(1);
    assertThat(flood(i -> rig.data(1, 0, false))).isEqualTo(500);
  }

  @Test
  void windowUpdateFloodIsStopped() {
    assertThat(flood(i -> rig.windowUpdate(0, 1))).isEqualTo(4000);
  }

  @Test
  void updatesThatAnswerContentAreFine() {
    rig.get(1);
    rig.respond(1, 200, false);
    for (int i = 0; i < 20_000; i++) {
      rig.protocol.beginTurn();
      assertThat(rig.send(1, 10, false)).isEqualTo(10);
      rig.windowUpdate(0, 10).windowUpdate(1, 10);
    }
    assertThat(rig.protocol.failed()).isFalse();
  }

  @Test
  void unknownFrameFloodIsStopped() {
    assertThat(flood(i -> rig.raw(0x77, 0, 0, new byte[0]))).isEqualTo(2000);
  }

  @Test
  void malformedRequestsAreStopped() {
    assertThat(flood(i -> rig.headers(2 * i + 1, true, ":method", "GET"))).isEqualTo(1000);
  }

  @Test
  void framesOnClosedStreamsAreStopped() {
    rig.get(1).rst(1, H2ErrorCode.CANCEL);
    assertThat(flood(i -> rig.data(1, 1, false))).isEqualTo(1000);
  }

  @Test
  void refusedStreamsAreStopped() {
    Rig narrow = Rig.ready(Side.FRONT, H2Options.defaults().withConcurrentStreamsMax(1));
    narrow.post(1);
    int i = 3;
    for (; !narrow.protocol.failed() && i < 10_000; i += 2) {
      narrow.get(i);
    }
    assertThat(narrow.protocol.faultCode()).isSameAs(H2ErrorCode.ENHANCE_YOUR_CALM);
    assertThat(i).isLessThan(2100);
  }

  @Test
  @DisplayName("CVE-2024-27316: CONTINUATION without end")
  void continuationFloodIsStopped() {
    rig.raw(FrameType.HEADERS, FrameFlags.END_STREAM, 1, new byte[0]);
    int frames = flood(i -> rig.raw(FrameType.CONTINUATION, 0, 1, new byte[] {(byte) 0x82}));
    assertThat(frames).isEqualTo(32);
  }

  @Test
  void blockFarBeyondTheLimitIsStopped() {
    rig.raw(FrameType.HEADERS, FrameFlags.END_STREAM, 1, new byte[0]);
    byte[] indexed = new byte[16_384];
    Arrays.fill(indexed, (byte) 0x82);
    int frames = flood(i -> rig.raw(FrameType.CONTINUATION, 0, 1, indexed));
    assertThat(frames).isLessThan(6);
  }

  @Test
  void blockInAFewContinuationsIsFine() {
    byte[] block = rig.block(":method", "GET", ":scheme", "https", ":path", "/", "host", "h");
    rig.raw(FrameType.HEADERS, FrameFlags.END_STREAM, 1, new byte[0]);
    for (int at = 0; at < block.length; at += 4) {
      int end = Math.min(block.length, at + 4);
      int flags = end == block.length ? FrameFlags.END_HEADERS : 0;
      rig.raw(FrameType.CONTINUATION, flags, 1, Arrays.copyOfRange(block, at, end));
    }
    assertThat(rig.told()).containsExactly("request 1 GET https h / end");
  }

  @Test
  @DisplayName("RFC 9113 6.10: nothing may come between")
  void framesBetweenContinuationsAreConnectionErrors() {
    Rig otherStream = Rig.ready(Side.FRONT);
    otherStream.raw(FrameType.HEADERS, 0, 1, new byte[0]);
    otherStream.raw(FrameType.CONTINUATION, 4, 3, new byte[0]);
    assertThat(otherStream.sent()).containsExactly("GOAWAY 1 PROTOCOL_ERROR");
    Rig otherFrame = Rig.ready(Side.FRONT);
    otherFrame.raw(FrameType.HEADERS, 0, 1, new byte[0]);
    otherFrame.windowUpdate(0, 1);
    assertThat(otherFrame.sent()).containsExactly("GOAWAY 1 PROTOCOL_ERROR");
    rig.get(1).raw(FrameType.CONTINUATION, 4, 1, new byte[0]);
    assertThat(rig.sent()).containsExactly("GOAWAY 1 PROTOCOL_ERROR");
  }

  @Test
  @DisplayName("RFC 9113 4.3: a block that can't be decoded ends the connection")
  void undecodableBlockIsACompressionError() {
    rig.raw(FrameType.HEADERS, FrameFlags.END_HEADERS, 1, new byte[] {(byte) 0xff});
    assertThat(rig.sent()).containsExactly("GOAWAY 1 COMPRESSION_ERROR");
  }

  @Test
  void budgetRefillsWithTime() {
    AbuseBudget budget = new AbuseBudget(100, 0);
    for (int i = 0; i < Abuse.PING.burst(); i++) {
      assertThat(budget.spend(Abuse.PING, 0)).isTrue();
    }
    assertThat(budget.spend(Abuse.PING, 0)).isFalse();
    assertThat(budget.spend(Abuse.PING, Rig.SECOND / 50)).isTrue();
    assertThat(budget.spend(Abuse.PING, Rig.SECOND / 50)).isFalse();
    assertThat(budget.spend(Abuse.SETTINGS, 0)).isTrue();
    int afterALongTime = 0;
    while (budget.spend(Abuse.PING, Long.MAX_VALUE)) {
      afterALongTime++;
    }
    assertThat(afterALongTime).isEqualTo(Abuse.PING.burst());
  }

  @Test
  void budgetScales() {
    AbuseBudget half = new AbuseBudget(50, 0);
    int count = 0;
    while (half.spend(Abuse.PING, 0)) {
      count++;
    }
    assertThat(count).isEqualTo(Abuse.PING.burst() / 2);
  }

  /** How many rounds the connection lasts. */
  private int flood(IntConsumer round) {
    int rounds = 0;
    for (; rounds < 100_000; rounds++) {
      round.accept(rounds);
      if (rig.protocol.failed()) {
        break;
      }
    }
    assertThat(rig.protocol.faultCode()).isSameAs(H2ErrorCode.ENHANCE_YOUR_CALM);
    return rounds;
  }
}
