package dev.sluice.core.testkit.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.testkit.PatternBytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every mux promises besides that carries several streams at a time. */
public abstract class MultiplexMuxContract extends HttpMuxContract {
  /** For subclasses. */
  protected MultiplexMuxContract() {}

  @ParameterizedTest
  @EnumSource(Side.class)
  void streamsAreKeptApart(Side side) {
    ContractRig rig = two(side);
    assertThat(rig.mux.openStreams()).isEqualTo(2);

    for (int i = 0; i < 4; i++) {
      rig.peer.content(rig.wire, 1, PatternBytes.of(1, 10), false);
      rig.peer.content(rig.wire, 2, PatternBytes.of(2, 10), i == 3);
    }

    assertThat(rig.handlers.get(0).content()).hasSize(40).startsWith(PatternBytes.of(1, 10));
    assertThat(rig.handlers.get(1).content()).hasSize(40).startsWith(PatternBytes.of(2, 10));
    assertThat(rig.handlers.get(0).ended()).isFalse();
    assertThat(rig.handlers.get(1).ended()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void streamThatTakesNothingBlocksNoOther(Side side) {
    ContractRig rig = two(side);
    rig.handlers.get(0).takeMax(0);

    rig.peer.content(rig.wire, 1, PatternBytes.of(1, 2000), true);
    rig.peer.content(rig.wire, 2, PatternBytes.of(2, 2000), true);

    assertThat(rig.handlers.get(0).content()).isEmpty();
    assertThat(rig.handlers.get(1).content()).isEqualTo(PatternBytes.of(2, 2000));
    rig.handlers.get(0).takeMax(Integer.MAX_VALUE);
    rig.host.down(() -> rig.streams.get(0).resume());
    assertThat(rig.handlers.get(0).content()).isEqualTo(PatternBytes.of(1, 2000));
    assertThat(rig.handlers.get(0).ended()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void streamThatIsCutLeavesTheOthersAlone(Side side) {
    ContractRig rig = two(side);

    rig.peer.reset(rig.wire, 1);
    rig.peer.content(rig.wire, 2, PatternBytes.of(2, 100), true);

    assertThat(rig.handlers.get(0).calls()).endsWith("onReset", "onReleased");
    assertThat(rig.handlers.get(1).content()).isEqualTo(PatternBytes.of(2, 100));
    assertThat(rig.host.closing()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void callbackThatResetsAnotherStreamIsSafe(Side side) {
    ContractRig rig = two(side);
    rig.handlers.get(0).within(call -> rig.streams.get(1).reset(ResetCode.CANCEL));

    rig.peer.content(rig.wire, 1, PatternBytes.of(1, 100), false);
    rig.peer.content(rig.wire, 2, PatternBytes.of(2, 100), false);

    assertThat(rig.handlers.get(1).content()).isEmpty();
    assertThat(rig.handlers.get(1).released()).isTrue();
    assertThat(rig.handlers.get(0).content()).hasSize(100);
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void allThatWereRefusedAreToldOfRoom(Side side) {
    ContractRig rig = two(side);
    rig.host.room(0);
    rig.host.down(
        () -> {
          rig.streams.get(0).send(ByteBuffer.wrap(new byte[100]), false);
          rig.streams.get(1).send(ByteBuffer.wrap(new byte[100]), false);
        });

    rig.host.room(100_000);

    assertThat(rig.handlers.get(0).count("onWritable")).isEqualTo(1);
    assertThat(rig.handlers.get(1).count("onWritable")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = "BACK")
  void keeperIsToldWhenAStreamMakesRoom(Side side) {
    ContractRig rig = two(side);
    int room = rig.mux.availableStreams();
    int told = rig.host.capacityChanges();

    rig.host.down(() -> rig.streams.get(0).reset(ResetCode.CANCEL));

    assertThat(rig.mux.availableStreams()).isEqualTo(room + 1);
    assertThat(rig.host.capacityChanges()).isGreaterThan(told);
  }

  private ContractRig two(Side side) {
    ContractRig rig = rig(side).open();
    rig.openStream(2);
    return rig;
  }
}
