package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.Side;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("connection preface and settings (RFC 9113 3.4, 6.5)")
class HandshakeTest {
  @Test
  void serverSendsItsSettingsAtOnce() {
    assertThat(new Rig(Side.FRONT).sent())
        .containsExactly("SETTINGS 3=100 4=65536 6=19584 8=1", "WINDOW_UPDATE 0 16711681");
  }

  @Test
  void clientSendsPrefaceAndSettingsWithoutPush() {
    assertThat(new Rig(Side.BACK).sent())
        .containsExactly("preface", "SETTINGS 2=0 4=65536 6=19584", "WINDOW_UPDATE 0 16711681");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1000})
  void settingsOfAClientAreAcknowledgedHoweverThePrefaceIsCut(int step) {
    Rig rig = new Rig(Side.FRONT);
    rig.sent();
    rig.step = step;
    rig.preface().settings(3, 5).settingsAck().get(1);
    assertThat(rig.sent()).containsExactly("SETTINGS ACK");
    assertThat(rig.told()).containsExactly("capacity 0", "request 1 GET https h / end");
  }

  @Test
  void anythingElseThanThePrefaceIsAnErrorAtItsFirstByte() {
    Rig rig = new Rig(Side.FRONT);
    rig.sent();
    rig.bytes("PRI * HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(rig.sent()).containsExactly("GOAWAY 0 PROTOCOL_ERROR");
    assertThat(rig.protocol.failed()).isTrue();
  }

  @Test
  void firstFrameHasToBeSettings() {
    Rig rig = new Rig(Side.FRONT);
    rig.sent();
    rig.preface().ping(1);
    assertThat(rig.sent()).containsExactly("GOAWAY 0 PROTOCOL_ERROR");
    Rig acknowledged = new Rig(Side.BACK);
    acknowledged.sent();
    acknowledged.settingsAck();
    assertThat(acknowledged.sent()).containsExactly("GOAWAY 0 PROTOCOL_ERROR");
  }

  @Test
  void afterAFailureNothingIsReadOrWritten() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.ping(1).raw(FrameType.PUSH_PROMISE, 4, 1, new byte[4]).ping(2).get(1);
    assertThat(rig.sent()).containsExactly("PING 1 ACK", "GOAWAY 0 PROTOCOL_ERROR");
    assertThat(rig.told()).isEmpty();
    assertThat(rig.protocol.faultCode()).isSameAs(H2ErrorCode.PROTOCOL_ERROR);
    assertThat(rig.protocol.faultReason()).isEqualTo("PUSH_PROMISE");
    assertThat(rig.protocol.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void settingsThatAreNotAcknowledgedInTimeAreAConnectionError() {
    Rig rig = new Rig(Side.BACK);
    rig.settings();
    rig.sent();
    long deadline = rig.protocol.nextDeadlineNanos();
    assertThat(deadline).isEqualTo(rig.now + 10 * Rig.SECOND);
    rig.protocol.onTime(deadline - 1);
    assertThat(rig.protocol.failed()).isFalse();
    rig.protocol.onTime(deadline);
    assertThat(rig.sent()).containsExactly("GOAWAY 0 SETTINGS_TIMEOUT");
  }

  @Test
  void acknowledgedSettingsHaveNoDeadline() {
    Rig rig = Rig.ready(Side.BACK);
    assertThat(rig.protocol.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void valueOutOfRangeIsAConnectionErrorWithItsCode() {
    Rig push = Rig.ready(Side.FRONT);
    push.settings(2, 2);
    assertThat(push.sent()).containsExactly("GOAWAY 0 PROTOCOL_ERROR");
    Rig frame = Rig.ready(Side.FRONT);
    frame.settings(5, 100);
    assertThat(frame.sent()).containsExactly("GOAWAY 0 PROTOCOL_ERROR");
  }

  @Test
  @DisplayName("RFC 9113 6.5.2: a server can't allow push")
  void pushAllowedByAServerIsAnError() {
    Rig rig = Rig.ready(Side.BACK);
    rig.settings(2, 0);
    assertThat(rig.protocol.failed()).isFalse();
    rig.settings(2, 1);
    assertThat(rig.protocol.failed()).isTrue();
  }

  @Test
  void pingIsAnsweredWithItsContent() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.ping(0x0102030405060708L).pong(5);
    assertThat(rig.sent()).containsExactly("PING 102030405060708 ACK");
  }

  @Test
  @DisplayName("RFC 9113 4.1, 5.5: unknown frames are ignored, but not within a block")
  void unknownFramesAreIgnored() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.raw(0x20, 0xff, 0, new byte[100]).raw(0x21, 0, 77, new byte[0]).get(1);
    assertThat(rig.told()).containsExactly("request 1 GET https h / end");
    rig.raw(FrameType.HEADERS, 0, 3, rig.block(":method", "GET"));
    rig.raw(0x20, 0, 3, new byte[1]);
    assertThat(rig.sent()).containsExactly("GOAWAY 3 PROTOCOL_ERROR");
  }

  @Test
  void outputThatTakesNoControlFramesEndsTheConnection() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.taking = false;
    rig.ping(1);
    assertThat(rig.protocol.failed()).isTrue();
    assertThat(rig.protocol.faultReason()).isEqualTo("output is full");
  }

  @Test
  void probeHoldsStreamsBackUntilItIsAnswered() {
    Rig rig = Rig.ready(Side.BACK, 3, 10);
    rig.protocol.probe(rig.now, Rig.SECOND);
    assertThat(rig.protocol.availableStreams()).isZero();
    String ping = rig.sent().get(0);
    rig.pong(Long.parseLong(ping.substring(5), 16));
    assertThat(rig.told()).containsExactly("capacity 10");
    rig.protocol.probe(rig.now, Rig.SECOND);
    rig.protocol.onTime(rig.now + Rig.SECOND);
    assertThat(rig.protocol.failed()).isTrue();
  }
}
