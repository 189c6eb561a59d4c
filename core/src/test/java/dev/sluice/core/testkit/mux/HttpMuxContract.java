package dev.sluice.core.testkit.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.Fields;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.testkit.PatternBytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every mux of HTTP messages promises besides. */
public abstract class HttpMuxContract extends MuxContract {
  /** For subclasses. */
  protected HttpMuxContract() {}

  @Override
  protected final boolean http() {
    return true;
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void headComesFirstAndOnce(Side side) {
    ContractRig rig = rig(side).open();

    rig.peer.content(rig.wire, 1, PatternBytes.of(1, 10), true);

    assertThat(rig.handler().calls()).startsWith("onHead");
    assertThat(rig.handler().count("onHead")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = "FRONT")
  void messageMayEndWithItsHead(Side side) {
    ContractRig rig = rig(side).start();

    rig.peer.head(rig.wire, 1, true);

    assertThat(rig.handler().calls()).containsExactly("onHead");
    assertThat(rig.handler().ended()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void nothingIsSentBeforeTheHead(Side side) {
    ContractRig rig = rig(side).start();
    if (side == Side.FRONT) {
      rig.peer.head(rig.wire, 1, false);
    }
    rig.host.written();

    rig.host.down(
        () ->
            assertThat(rig.stream().send(ByteBuffer.wrap(PatternBytes.of(2, 10)), false)).isZero());

    assertThat(rig.host.written()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void trailersEndAMessage(Side side) {
    ContractRig rig = rig(side).open();
    send(rig, PatternBytes.of(3, 10), false);
    Fields trailers = new Fields(256, 4);
    trailers.add("x-checksum", "1");

    rig.host.down(() -> rig.stream().sendTrailers(trailers));
    rig.read();

    assertThat(rig.peer.contentOf(1)).isEqualTo(PatternBytes.of(3, 10));
    assertThat(rig.peer.ended(1, false)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = "BACK")
  void streamThatIsGivenUpBeforeItsHeadLeavesTheConnectionAsItWas(Side side) {
    ContractRig rig = rig(side).start();
    rig.host.written();

    rig.host.down(() -> rig.stream().reset(ResetCode.CANCEL));

    assertThat(rig.host.written()).isEmpty();
    assertThat(rig.host.closing()).isFalse();
    assertThat(rig.mux.availableStreams()).isPositive();
    assertThat(rig.host.capacityChanges()).as("the keeper is told").isPositive();
  }

  @ParameterizedTest
  @EnumSource(names = "BACK")
  void connectionServesAStreamAfterTheOther(Side side) {
    ContractRig rig = rig(side);
    rig.start();
    long last = 0;
    for (int number = 1; number <= 5; number++) {
      rig.openStream(number);
      long told = rig.streams.get(number - 1).number();
      assertThat(told).as("numbers rise").isGreaterThan(last);
      last = told;
      int at = number - 1;
      rig.peer.content(rig.wire, number, PatternBytes.of(number, 100), false);
      rig.host.down(() -> rig.streams.get(at).sendEnd());
      rig.read();
      rig.peer.end(rig.wire, number);
      assertThat(rig.handlers.get(at).content()).isEqualTo(PatternBytes.of(number, 100));
      assertThat(rig.handlers.get(at).released()).isTrue();
    }
    assertThat(rig.host.closing()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = "BACK")
  void endpointThatWasDroppedHearsNothingMore(Side side) {
    ContractRig rig = rig(side);
    StreamEndpoint endpoint = rig.attach(true);
    rig.host.down(rig.mux::start);
    rig.peer.begin(rig.wire);
    rig.host.down(() -> rig.stream().sendHead(ContractRig.request(), true));

    rig.host.down(() -> endpoint.drop(ResetCode.CANCEL));

    assertThat(rig.handler().calls()).isEmpty();
    assertThat(endpoint.over()).isTrue();
    rig.handlers.clear();
  }
}
