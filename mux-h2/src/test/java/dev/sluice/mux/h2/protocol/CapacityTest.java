package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.RequestHead;
import dev.sluice.core.mux.Side;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Settings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("how many streams there may be, and GOAWAY (RFC 9113 5.1.2, 6.8)")
class CapacityTest {
  private static final int MAX_CONCURRENT_STREAMS = Settings.MAX_CONCURRENT_STREAMS;
  private static final String DRAIN_PING = "PING 736c756963650001";

  @Test
  @DisplayName("H2-5: before SETTINGS so many as are assumed, then so many as are allowed")
  void assumedLimitHoldsUntilSettingsAreHere() {
    Rig rig = new Rig(Side.BACK);
    assertThat(rig.protocol.availableStreams()).isEqualTo(10);
    for (int i = 0; i < 10; i++) {
      rig.request("GET", true);
    }
    assertThat(rig.protocol.open()).isNull();
    rig.settings(MAX_CONCURRENT_STREAMS, 1);
    assertThat(rig.told()).containsExactly("capacity 0");
    for (int id = 3; id < 21; id += 2) {
      rig.rst(id, H2ErrorCode.REFUSED_STREAM);
    }
    assertThat(rig.told()).hasSize(9).allMatch(line -> line.endsWith("REFUSED_STREAM by peer"));
    rig.releaseClosed();
    assertThat(rig.protocol.availableStreams()).isZero();
    rig.headers(1, true, ":status", "200");
    rig.releaseClosed();
    assertThat(rig.protocol.availableStreams()).isEqualTo(1);
  }

  @Test
  void ourOwnLimitHoldsToo() {
    Rig rig = Rig.ready(Side.BACK, H2Options.defaults().withConcurrentStreamsMax(7));
    assertThat(rig.protocol.availableStreams()).isEqualTo(7);
    rig.settings(MAX_CONCURRENT_STREAMS, 3);
    assertThat(rig.protocol.availableStreams()).isEqualTo(3);
  }

  @Test
  void promisedStreamsCountBeforeTheyHaveANumber() {
    Rig rig = Rig.ready(Side.BACK, MAX_CONCURRENT_STREAMS, 2);
    StreamRecord first = rig.protocol.open();
    assertThat(first).isNotNull();
    assertThat(rig.protocol.availableStreams()).isEqualTo(1);
    rig.protocol.reset(first, H2ErrorCode.CANCEL);
    rig.protocol.release(first);
    assertThat(rig.protocol.availableStreams()).isEqualTo(2);
    assertThat(rig.sent()).isEmpty();
  }

  @Test
  void settingsMayLowerTheLimitBelowWhatIsOpen() {
    Rig rig = Rig.ready(Side.BACK, MAX_CONCURRENT_STREAMS, 5);
    for (int i = 0; i < 5; i++) {
      rig.request("GET", true);
    }
    rig.settings(MAX_CONCURRENT_STREAMS, 2);
    assertThat(rig.protocol.availableStreams()).isZero();
    assertThat(rig.protocol.openStreams()).isEqualTo(5);
  }

  @Test
  @DisplayName("RFC 9113 5.1.2: streams beyond our limit are refused, and the table stays equal")
  void streamsBeyondTheLimitAreRefused() {
    Rig rig = Rig.ready(Side.FRONT, H2Options.defaults().withConcurrentStreamsMax(2));
    rig.get(1).post(3).post(5, "x-own", "remembered").data(5, 1000, true);
    assertThat(rig.sent()).containsExactly("RST_STREAM 5 REFUSED_STREAM");
    rig.respond(1, 200, true);
    rig.post(7, "x-own", "remembered");
    assertThat(rig.sent())
        .as("the first is answered, but still held above")
        .containsExactly("HEADERS 1 [:status=200] ES", "RST_STREAM 7 REFUSED_STREAM");
    rig.release(1);
    rig.told();
    rig.post(9, "x-own", "remembered");
    assertThat(rig.told()).containsExactly("request 9 POST https h / x-own=remembered");
    assertThat(rig.protocol.receiveWindow().unread()).isZero();
  }

  @Test
  @DisplayName("RFC 9113 6.8: a client is told in two steps")
  void drainAcceptsWhatIsOnItsWay() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.post(1);
    rig.protocol.drain(rig.now);
    rig.protocol.drain(rig.now);
    assertThat(rig.sent()).containsExactly("GOAWAY 2147483647 NO_ERROR", DRAIN_PING);
    rig.get(3);
    assertThat(rig.told()).last().isEqualTo("request 3 GET https h / end");
    rig.pong(0x736c_7569_6365_0001L);
    assertThat(rig.sent()).containsExactly("GOAWAY 3 NO_ERROR");
    rig.get(5).data(1, 4, true);
    assertThat(rig.told()).containsExactly("data 1 4 end");
    assertThat(rig.sent()).isEmpty();
    assertThat(rig.protocol.drained()).isFalse();
    rig.respond(1, 200, true);
    rig.respond(3, 200, true);
    rig.releaseClosed();
    assertThat(rig.protocol.drained()).isTrue();
    rig.get(7).data(5, 4, true);
    assertThat(rig.protocol.failed()).isFalse();
  }

  @Test
  void drainDoesNotWaitForeverForTheAnswer() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.get(1);
    rig.protocol.drain(rig.now);
    rig.sent();
    assertThat(rig.protocol.nextDeadlineNanos()).isEqualTo(rig.now + Rig.SECOND);
    rig.protocol.onTime(rig.now + Rig.SECOND);
    assertThat(rig.sent()).containsExactly("GOAWAY 1 NO_ERROR");
    assertThat(rig.protocol.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void drainTowardsAServerIsOneStep() {
    Rig rig = Rig.ready(Side.BACK);
    rig.request("GET", true);
    rig.sent();
    rig.protocol.drain(rig.now);
    assertThat(rig.sent()).containsExactly("GOAWAY 0 NO_ERROR");
    assertThat(rig.protocol.availableStreams()).isZero();
    assertThat(rig.protocol.drained()).isFalse();
    rig.headers(1, true, ":status", "200");
    rig.releaseClosed();
    assertThat(rig.protocol.drained()).isTrue();
  }

  @Test
  @DisplayName("CM5, RFC 9113 6.8: streams beyond a server's GOAWAY were not looked at")
  void goAwayRefusesWhatIsBeyondIt() {
    Rig rig = Rig.ready(Side.BACK);
    rig.request("GET", true);
    rig.request("GET", true);
    rig.request("POST", false);
    StreamRecord promised = rig.protocol.open();
    assertThat(promised).isNotNull();
    rig.goAway(3, H2ErrorCode.NO_ERROR);
    assertThat(rig.told())
        .containsExactlyInAnyOrder(
            "reset 0 REFUSED_STREAM by peer", "reset 5 REFUSED_STREAM by peer", "capacity 0");
    assertThat(rig.protocol.goingAway()).isTrue();
    rig.protocol.release(promised);
    rig.releaseClosed();
    rig.headers(1, true, ":status", "200");
    rig.goAway(1, H2ErrorCode.NO_ERROR);
    assertThat(rig.told())
        .containsExactlyInAnyOrder(
            "response 1 200 end", "reset 3 REFUSED_STREAM by peer", "capacity 0");
    rig.releaseClosed();
    assertThat(rig.protocol.drained()).isTrue();
  }

  @Test
  void requestThatComesTooLateForAGoAwayIsNotSent() {
    Rig rig = Rig.ready(Side.BACK);
    StreamRecord stream = rig.protocol.open();
    rig.protocol.drain(rig.now);
    rig.sent();
    RequestHead head = new RequestHead(100, 10);
    assertThat(rig.protocol.sendRequest(stream, head, true)).isFalse();
    assertThat(rig.sent()).isEmpty();
    rig.protocol.release(stream);
    assertThat(rig.protocol.drained()).isTrue();
  }

  @Test
  void goAwayOfAClientEndsNoRequest() {
    Rig rig = Rig.ready(Side.FRONT);
    rig.post(1).goAway(0, H2ErrorCode.NO_ERROR).data(1, 3, true);
    assertThat(rig.told())
        .containsExactly("request 1 POST https h /", "capacity 0", "data 1 3 end");
    rig.respond(1, 200, true);
    assertThat(rig.sent()).containsExactly("HEADERS 1 [:status=200] ES");
  }

  @Test
  void numbersOfStreamsRunOut() {
    Rig rig = Rig.ready(Side.BACK);
    rig.protocol.highestId = Integer.MAX_VALUE - 4;
    assertThat(rig.protocol.availableStreams()).isEqualTo(2);
    rig.request("GET", true);
    rig.request("GET", true);
    assertThat(rig.protocol.open()).isNull();
    assertThat(rig.sent()).last().asString().startsWith("HEADERS 2147483647 ");
  }
}
