package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.Side;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Settings;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("flow control (RFC 9113 6.9)")
class FlowControlTest {
  private static final int MIB = 1 << 20;
  private static final int INITIAL_WINDOW_SIZE = Settings.INITIAL_WINDOW_SIZE;

  /** Two responses of 1 MiB under way, each stopped by its stream's window of 65,535. */
  private static Rig stopped() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.windowUpdate(0, 16 * MIB).get(1).get(3);
    rig.writable = stream -> rig.send(stream.id(), MIB - rig.dataSent(stream.id()), true);
    for (int id : List.of(1, 3)) {
      rig.respond(id, 200, false);
    }
    rig.send(1, MIB, true);
    rig.send(3, MIB, true);
    pump(rig);
    assertThat(rig.dataSent(1)).isEqualTo(65_535);
    assertThat(rig.dataSent(3)).isEqualTo(65_535);
    return rig;
  }

  private static void pump(Rig rig) {
    do {
      rig.sent();
      rig.protocol.beginTurn();
    } while (rig.protocol.serveWaiting(1));
    rig.sent();
  }

  @Test
  @DisplayName("H2-4 (a): settings take away what was sent already")
  void windowGoesBelowZeroAndComesBack() {
    Rig rig = stopped();
    rig.settings(INITIAL_WINDOW_SIZE, 16_384);
    assertThat(rig.stream(1).sendWindowBytes()).isEqualTo(-49_151);
    rig.windowUpdate(1, 20_000);
    pump(rig);
    assertThat(rig.stream(1).sendWindowBytes()).isEqualTo(-29_151);
    assertThat(rig.dataSent(1)).isEqualTo(65_535);
    rig.windowUpdate(1, 40_000);
    pump(rig);
    assertThat(rig.dataSent(1)).isEqualTo(65_535 + 10_849);
    assertThat(rig.stream(1).sendWindowBytes()).isZero();
    assertThat(rig.dataSent(3)).isEqualTo(65_535);
  }

  @Test
  @DisplayName("H2-4 (b): settings give more")
  void enlargedWindowLetsContentGoOn() {
    Rig rig = stopped();
    rig.settings(INITIAL_WINDOW_SIZE, MIB);
    pump(rig);
    assertThat(rig.dataSent(1)).isEqualTo(MIB);
    assertThat(rig.dataSent(3)).isEqualTo(MIB);
    assertThat(rig.stream(1).state()).isSameAs(StreamState.ENDED);
  }

  @Test
  @DisplayName("H2-4 (c): a window of zero holds content back, and nothing else")
  void headIsSentWithAWindowOfZero() {
    Rig rig = stopped();
    rig.settings(INITIAL_WINDOW_SIZE, 0).get(5);
    rig.sent();
    rig.respond(5, 200, false);
    assertThat(rig.send(5, MIB, true)).isZero();
    assertThat(rig.sent()).containsExactly("HEADERS 5 [:status=200]");
    int connectionWindow = rig.protocol.sendWindowBytes();
    rig.settings(INITIAL_WINDOW_SIZE, 65_535);
    assertThat(rig.protocol.sendWindowBytes()).isEqualTo(connectionWindow);
    pump(rig);
    assertThat(rig.dataSent(5)).isEqualTo(65_535);
    assertThat(rig.dataSent(1)).isEqualTo(65_535);
  }

  @Test
  @DisplayName("H2-4 (d): settings that make a window too large")
  void settingsBeyondTheLargestWindowAreAConnectionError() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.get(1).windowUpdate(1, 1);
    rig.sent();
    rig.settings(INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
    assertThat(rig.sent()).containsExactly("GOAWAY 1 FLOW_CONTROL_ERROR");
  }

  @Test
  @DisplayName("H2-4 (e): a size above 2^31-1")
  void initialWindowAboveTheLimitIsAConnectionError() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.settings(INITIAL_WINDOW_SIZE, Integer.MIN_VALUE);
    assertThat(rig.sent()).containsExactly("GOAWAY 0 FLOW_CONTROL_ERROR");
  }

  @Test
  @DisplayName("H2-4 (f): increments of zero")
  void incrementOfZeroIsAnErrorOfItsScope() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.get(1).windowUpdate(1, 0);
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
    assertThat(rig.told())
        .containsExactly(
            "request 1 GET https h / end", "reset 1 PROTOCOL_ERROR: WINDOW_UPDATE of nothing");
    rig.windowUpdate(0, 0);
    assertThat(rig.sent()).containsExactly("GOAWAY 1 PROTOCOL_ERROR");
  }

  @Test
  @DisplayName("H2-4 (g): increments beyond 2^31-1")
  void incrementBeyondTheLargestWindowIsAnErrorOfItsScope() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.get(1).windowUpdate(1, Integer.MAX_VALUE - 65_535);
    assertThat(rig.stream(1).sendWindowBytes()).isEqualTo(Integer.MAX_VALUE);
    rig.windowUpdate(1, 1);
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 FLOW_CONTROL_ERROR");
    rig.windowUpdate(0, Integer.MAX_VALUE - 65_535);
    assertThat(rig.protocol.failed()).isFalse();
    rig.windowUpdate(0, 1);
    assertThat(rig.sent()).containsExactly("GOAWAY 1 FLOW_CONTROL_ERROR");
  }

  @Test
  @DisplayName("H2-4 from the side of uploads")
  void windowsOfUploadsFollowTheSameRules() {
    Rig rig = Rig.ready(Side.BACK);
    rig.windowUpdate(0, 16 * MIB);
    int id = rig.request("POST", false).id();
    rig.writable = stream -> rig.send(id, MIB - rig.dataSent(id), true);
    rig.send(id, MIB, true);
    pump(rig);
    rig.settings(INITIAL_WINDOW_SIZE, 16_384).windowUpdate(id, 60_000);
    pump(rig);
    assertThat(rig.dataSent(id)).isEqualTo(65_535 + 10_849);
    rig.windowUpdate(id, MIB);
    pump(rig);
    assertThat(rig.dataSent(id)).isEqualTo(MIB);
  }

  @Test
  void settingsCountOnlyOnceTheirFrameIsComplete() {
    Rig rig = Rig.ready(Side.BACK);
    byte[] frame = {0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 100, 0, 0, 0, 4, 1, 0, 0, 0, 0};
    rig.bytes(Arrays.copyOf(frame, 15));
    StreamRecord stream = rig.request("POST", false);
    rig.bytes(Arrays.copyOfRange(frame, 15, frame.length));
    assertThat(stream.sendWindowBytes()).isEqualTo(100);
  }

  @Test
  @DisplayName("a peer that has nothing left is not left waiting when our window gets smaller")
  void creditIsGivenWhenTheWindowShrinks() {
    Rig rig = new Rig(Side.FRONT, H2Options.defaults().withWindows(10_000, 1 << 20));
    rig.preface().settings().post(1).data(1, 16_384, false);
    rig.sent();
    rig.settingsAck();
    assertThat(rig.sent()).containsExactly("WINDOW_UPDATE 1 16384");
  }

  @Test
  void connectionWindowIsSharedInTurns() {
    Rig rig = Rig.ready(Side.FRONT, 4, MIB);
    rig.get(1).get(3);
    rig.writable = stream -> rig.send(stream.id(), MIB - rig.dataSent(stream.id()), true);
    rig.respond(1, 200, false);
    rig.respond(3, 200, false);
    rig.send(1, MIB, true);
    rig.send(3, MIB, true);
    pump(rig);
    assertThat(rig.dataSent(1) + rig.dataSent(3)).isEqualTo(65_535);
    assertThat(rig.dataSent(3)).isBetween(16_384, 49_152);
    rig.windowUpdate(0, 100_000);
    pump(rig);
    assertThat(rig.dataSent(1) + rig.dataSent(3)).isEqualTo(165_535);
    assertThat(Math.abs(rig.dataSent(1) - rig.dataSent(3))).isLessThanOrEqualTo(2 * 16_384);
  }

  @Test
  void contentIsCutToThePeersFrameSize() {
    Rig rig = Rig.ready(Side.FRONT, 5, 20_000, 4, 100_000);
    rig.get(1);
    rig.respond(1, 200, false);
    rig.sent();
    assertThat(rig.send(1, 50_000, true)).isEqualTo(16_384);
    assertThat(rig.sent()).containsExactly("DATA 1 16384");
    Rig small = Rig.ready(Side.FRONT);
    small.get(1);
    small.respond(1, 200, false);
    small.sent();
    assertThat(small.send(1, 10, true)).isEqualTo(10);
    assertThat(small.sent()).containsExactly("DATA 1 10 ES");
  }

  @Test
  void endCountsOnlyWhenEverythingWasTaken() {
    Rig rig = Rig.ready(Side.FRONT, INITIAL_WINDOW_SIZE, 5);
    rig.get(1);
    rig.respond(1, 200, false);
    rig.sent();
    assertThat(rig.send(1, 8, true)).isEqualTo(5);
    assertThat(rig.send(1, 3, true)).isZero();
    assertThat(rig.sent()).containsExactly("DATA 1 5");
    rig.windowUpdate(1, 3);
    rig.writable = stream -> rig.send(1, 3, true);
    pump(rig);
    assertThat(rig.stream(1).state()).isSameAs(StreamState.ENDED);
  }

  @Test
  void endWithoutContentNeedsNoWindow() {
    Rig rig = Rig.ready(Side.FRONT, INITIAL_WINDOW_SIZE, 0);
    rig.get(1);
    rig.respond(1, 200, false);
    rig.send(1, 0, true);
    assertThat(rig.sent()).containsExactly("HEADERS 1 [:status=200]", "DATA 1 0 ES");
  }

  // ---- what we receive

  @Test
  void creditIsGivenBackAsContentIsConsumed() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.consuming = false;
    rig.post(1).data(1, 16_384, false).data(1, 16_384, false).data(1, 10_000, false);
    assertThat(rig.sent()).isEmpty();
    StreamRecord stream = rig.stream(1);
    rig.protocol.consumed(stream, 30_000);
    assertThat(rig.sent()).isEmpty();
    rig.protocol.consumed(stream, 2_768);
    assertThat(rig.sent()).containsExactly("WINDOW_UPDATE 1 32768");
    assertThat(stream.unreadBytes()).isEqualTo(10_000);
  }

  @Test
  void contentBeyondTheStreamsWindowIsAStreamError() {
    Rig rig = Rig.ready(Side.FRONT, H2Options.defaults().withWindows(20_000, 1 << 20));
    rig.consuming = false;
    rig.post(1).data(1, 16_384, false).data(1, 3_616, false);
    assertThat(rig.protocol.failed()).isFalse();
    rig.data(1, 1, false);
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 FLOW_CONTROL_ERROR");
    assertThat(rig.told()).last().asString().startsWith("reset 1 FLOW_CONTROL_ERROR");
  }

  @Test
  void contentBeyondTheConnectionsWindowIsAConnectionError() {
    Rig rig = Rig.ready(Side.FRONT, H2Options.defaults().withWindows(1 << 17, 65_535));
    rig.consuming = false;
    rig.post(1);
    for (int i = 0; i < 3; i++) {
      rig.data(1, 16_384, false);
    }
    rig.data(1, 16_383, false);
    assertThat(rig.protocol.failed()).isFalse();
    rig.data(1, 1, false);
    assertThat(rig.sent()).containsExactly("GOAWAY 1 FLOW_CONTROL_ERROR");
  }

  @Test
  @DisplayName("RFC 9113 6.9.2: before our settings are acknowledged the initial window counts")
  void ownWindowCountsFromTheAcknowledgementOn() {
    Rig rig = new Rig(Side.FRONT, H2Options.defaults().withWindows(10_000, 1 << 20));
    rig.consuming = false;
    rig.preface().settings().post(1).data(1, 16_384, false);
    assertThat(rig.stream(1).receiveWindow.open()).isEqualTo(65_535 - 16_384);
    rig.settingsAck();
    assertThat(rig.stream(1).receiveWindow.open()).isEqualTo(10_000 - 16_384);
    rig.data(1, 1, false);
    assertThat(rig.told()).last().asString().startsWith("reset 1 FLOW_CONTROL_ERROR");
  }

  @Test
  void paddingCountsAndIsGivenBackByItself() {
    Rig rig = Rig.ready(Side.FRONT, H2Options.defaults().withWindows(100, 65_535));
    rig.consuming = false;
    rig.post(1).paddedData(1, 10, 49, false);
    assertThat(rig.stream(1).unreadBytes()).isEqualTo(10);
    assertThat(rig.sent()).containsExactly("WINDOW_UPDATE 1 50");
    assertThat(rig.told()).containsExactly("request 1 POST https h /", "data 1 10");
    rig.paddedData(1, 0, 10, true);
    assertThat(rig.told()).containsExactly("end 1");
  }

  @Test
  void contentOfAClosedStreamIsGivenBackToTheConnection() {
    Rig rig = Rig.ready(Side.FRONT, H2Options.defaults().withWindows(65_535, 65_536));
    rig.consuming = false;
    rig.post(1).data(1, 16_384, false);
    rig.protocol.reset(rig.stream(1), H2ErrorCode.CANCEL);
    assertThat(rig.protocol.receiveWindow().unread()).isEqualTo(16_384);
    rig.data(1, 10_000, false);
    assertThat(rig.protocol.receiveWindow().unread()).isEqualTo(16_384);
    rig.release(1);
    assertThat(rig.protocol.receiveWindow().unread()).isZero();
    rig.data(1, 16_000, false);
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 CANCEL", "WINDOW_UPDATE 0 42384");
    assertThat(rig.told()).containsExactly("request 1 POST https h /", "data 1 16384");
  }

  @Test
  void noCreditIsGivenForAStreamThatHasEnded() {
    Rig rig = Rig.ready(Side.FRONT, H2Options.defaults().withWindows(100, 65_535));
    rig.post(1).data(1, 100, true);
    assertThat(rig.sent()).isEmpty();
  }

  @Test
  void roomOfTheOutputLimitsContent() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.get(1);
    rig.respond(1, 200, false);
    rig.sent();
    rig.room = 1009;
    assertThat(rig.send(1, 1000, true)).isEqualTo(1000);
    rig.get(3);
    rig.respond(3, 200, false);
    rig.room = 255;
    assertThat(rig.send(3, 1000, true)).isZero();
    assertThat(rig.protocol.serveWaiting(1)).isTrue();
    rig.room = 5000;
    rig.writable = stream -> rig.send(stream.id(), 1000, true);
    assertThat(rig.protocol.serveWaiting(1)).isFalse();
    assertThat(rig.stream(3).state()).isSameAs(StreamState.ENDED);
  }
}
