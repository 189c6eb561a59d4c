package dev.sluice.core.testkit.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.PatternBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every mux promises, whatever it speaks: a kit of tests for the authors of muxes. Extend it,
 * or {@link HttpMuxContract} for a mux of HTTP messages, or {@link MultiplexMuxContract} for one
 * that carries several at a time, and say how the peer speaks.
 *
 * <p>Every test ends with the end of the connection: each stream must have been released, once, and
 * every buffer and timer given back. Handlers fail if they are called from within a call down, or
 * out of order.
 */
public abstract class MuxContract {
  private final List<ContractRig> rigs = new ArrayList<>();

  /** For subclasses. */
  protected MuxContract() {}

  /** The provider; its muxes live on both sides. */
  protected abstract MuxProvider provider();

  /** A new peer for a mux on this side: a client for one at the front, a server for the other. */
  protected abstract ContractPeer peer(Side side);

  /** Whether the mux speaks of messages with heads. */
  protected boolean http() {
    return false;
  }

  final ContractRig rig(Side side) {
    return rig(side, true);
  }

  final ContractRig rig(Side side, boolean halfClose) {
    ContractRig rig = new ContractRig(provider(), peer(side), side, http(), halfClose);
    rigs.add(rig);
    return rig;
  }

  @AfterEach
  final void everythingIsGivenBack() {
    rigs.forEach(ContractRig::finish);
  }

  // ---- beginning

  @ParameterizedTest
  @EnumSource(Side.class)
  void startTellsNobodyAnything(Side side) {
    ContractRig rig = rig(side);

    rig.start();

    rig.handlers.forEach(handler -> assertThat(handler.calls()).isEmpty());
    assertThat(rig.host.closing()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void onlyTheBackSideTakesStreams(Side side) {
    ContractRig rig = rig(side).start();

    if (side == Side.FRONT) {
      assertThat(rig.mux.availableStreams()).isZero();
      StreamEndpoint endpoint = rig.attach(false);
      assertThat(endpoint.stream()).isNull();
      assertThat(endpoint.dropped()).isFalse();
    } else {
      assertThat(rig.mux.openStreams()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "BACK")
  void fullMuxRefusesAndLeavesTheEndpointUntouched(Side side) {
    ContractRig rig = rig(side).start();
    for (int room = rig.mux.availableStreams(); room > 0; room--) {
      rig.attach(true);
    }

    StreamEndpoint endpoint = rig.attach(false);

    assertThat(rig.mux.availableStreams()).isZero();
    assertThat(endpoint.stream()).isNull();
    assertThat(endpoint.dropped()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void openStreamsAreCounted(Side side) {
    ContractRig rig = rig(side).open();
    assertThat(rig.mux.openStreams()).isEqualTo(1);

    rig.host.down(() -> rig.stream().reset(ResetCode.CANCEL));

    assertThat(rig.handler().released()).isTrue();
    assertThat(rig.mux.openStreams()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void firstStreamSaysThatItIsTheFirst(Side side) {
    ContractRig rig = rig(side).open();

    assertThat(rig.stream().number()).isEqualTo(1);
    assertThat(rig.stream().firstOnConnection()).isTrue();
    assertThat(rig.stream().protocol()).isEqualTo(rig.mux.name());
  }

  // ---- what the peer sends

  @ParameterizedTest
  @EnumSource(Side.class)
  void contentArrivesAndItsEndIsToldOnce(Side side) {
    byte[] content = PatternBytes.of(1, 3000);
    ContractRig rig = rig(side).open();

    rig.peer.content(rig.wire, 1, content, true);

    assertThat(rig.handler().content()).isEqualTo(content);
    assertThat(rig.handler().ended()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void cutsInTheInputMakeNoDifference(Side side) {
    byte[] content = PatternBytes.of(2, 40);
    byte[] whole = wholeMessage(side, content);
    for (int cut = 0; cut <= whole.length; cut++) {
      ContractRig rig = rig(side);
      rig.start();
      begin(rig, side);
      feed(rig, whole, 0, cut);
      feed(rig, whole, cut, whole.length - cut);
      assertThat(rig.handler().content()).as("cut at " + cut).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void singleBytesMakeNoDifference(Side side) {
    byte[] content = PatternBytes.of(3, 300);
    byte[] whole = wholeMessage(side, content);
    ContractRig rig = rig(side);
    rig.start();
    begin(rig, side);

    for (int i = 0; i < whole.length; i++) {
      feed(rig, whole, i, 1);
    }

    assertThat(rig.handler().content()).isEqualTo(content);
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void whatIsNotTakenIsOfferedAgain(Side side) {
    byte[] content = PatternBytes.of(4, 500);
    ContractRig rig = rig(side).open();
    rig.handler().takeMax(7);

    rig.peer.content(rig.wire, 1, content, true);
    assertThat(rig.handler().content()).hasSize(7);
    assertThat(rig.handler().ended()).as("before all is taken").isFalse();

    for (int i = 0; i < 100 && !rig.handler().ended(); i++) {
      int before = rig.handler().content().length;
      rig.host.down(() -> rig.stream().resume());
      assertThat(rig.handler().content().length).isGreaterThanOrEqualTo(before);
    }

    assertThat(rig.handler().content()).isEqualTo(content);
    assertThat(rig.handler().ended()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void nothingIsOfferedToAHandlerThatTookLessUntilItAsks(Side side) {
    ContractRig rig = rig(side).open();
    rig.handler().takeMax(0);
    rig.peer.content(rig.wire, 1, PatternBytes.of(5, 100), false);
    int offers = rig.handler().count("onData");

    rig.host.pump();
    rig.host.pump();

    assertThat(rig.handler().count("onData")).isEqualTo(offers);
    assertThat(rig.handler().content()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void resumeWithinAnOfferIsHeard(Side side) {
    byte[] content = PatternBytes.of(6, 300);
    ContractRig rig = rig(side);
    rig.prepare = handler -> handler.takeMax(11);
    rig.open();
    rig.handler().within(call -> rig.stream().resume());

    rig.peer.content(rig.wire, 1, content, true);

    assertThat(rig.handler().content()).isEqualTo(content);
    assertThat(rig.handler().ended()).isTrue();
  }

  // ---- what is sent

  @ParameterizedTest
  @EnumSource(Side.class)
  void contentIsSentWhole(Side side) {
    byte[] content = PatternBytes.of(7, 3000);
    ContractRig rig = rig(side).open();

    send(rig, content, true);

    assertThat(rig.peer.contentOf(1)).isEqualTo(content);
    assertThat(rig.peer.ended(1, rig.host.outputEnded() || rig.host.closing())).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void handlerThatWasRefusedIsToldWhenThereIsRoom(Side side) {
    byte[] content = PatternBytes.of(8, 4000);
    ContractRig rig = rig(side).open();
    rig.host.room(1000);
    ByteBuffer data = ByteBuffer.wrap(content);
    int[] taken = new int[1];

    rig.host.down(() -> taken[0] = rig.stream().send(data, true));

    assertThat(taken[0]).isEqualTo(data.position()).isBetween(1, 1000);
    rig.read();
    assertThat(rig.peer.ended(1, rig.host.outputEnded())).as("refused, so not ended").isFalse();
    rig.handler()
        .within(
            call -> {
              if (call.equals("onWritable")) {
                rig.stream().send(data, true);
              }
            });
    for (int i = 0; i < 50 && data.hasRemaining(); i++) {
      rig.host.room(500);
      rig.read();
    }

    assertThat(rig.handler().count("onWritable")).isPositive();
    assertThat(data.hasRemaining()).isFalse();
    assertThat(rig.peer.contentOf(1)).isEqualTo(content);
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void nobodyIsToldOfRoomThatWasNeverMissed(Side side) {
    ContractRig rig = rig(side).open();
    send(rig, PatternBytes.of(9, 100), false);

    rig.host.room(10_000);

    assertThat(rig.handler().count("onWritable")).isZero();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void endCanBeSentTwice(Side side) {
    ContractRig rig = rig(side).open();

    rig.host.down(
        () -> {
          rig.stream().sendEnd();
          rig.stream().sendEnd();
        });
    rig.read();

    assertThat(rig.peer.ended(1, rig.host.outputEnded() || rig.host.closing())).isTrue();
  }

  // ---- ends

  @ParameterizedTest
  @EnumSource(Side.class)
  void streamWhoseBothDirectionsHaveEndedIsReleased(Side side) {
    ContractRig rig = rig(side).open();

    endBoth(rig, side);

    assertThat(rig.handler().wasReset()).isFalse();
    assertThat(rig.handler().calls()).endsWith("onReleased");
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void streamThatIsResetHearsOnlyThatItIsReleased(Side side) {
    ContractRig rig = rig(side).open();
    int before = rig.handler().calls().size();

    rig.host.down(() -> rig.stream().reset(ResetCode.CANCEL));

    assertThat(rig.handler().calls().subList(before, rig.handler().calls().size()))
        .containsExactly("onReleased");
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void callsToAStreamThatIsOverHaveNoEffect(Side side) {
    ContractRig rig = rig(side).open();
    rig.host.down(() -> rig.stream().reset(ResetCode.CANCEL));
    rig.host.written();

    rig.host.down(() -> useAll(rig.stream()));

    assertThat(rig.host.written()).isEmpty();
    assertThat(rig.handler().count("onReleased")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void resetOfThePeerIsTheLastBeforeTheRelease(Side side) {
    ContractRig rig = rig(side).open();

    boolean can = rig.peer.reset(rig.wire, 1);
    if (!can) {
      rig.host.closeFromAbove(ResetCode.CONNECTION_RESET, CloseCause.SERVER_ABORT);
      rig.host.pump();
    }

    assertThat(rig.handler().calls()).endsWith("onReset", "onReleased");
    rig.host.down(() -> useAll(rig.stream()));
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void deadConnectionCutsItsStreams(Side side) {
    ContractRig rig = rig(side).open();

    rig.host.closeFromAbove(ResetCode.CONNECTION_RESET, CloseCause.SERVER_ABORT);
    rig.host.pump();

    assertThat(rig.handler().calls()).endsWith("onReset", "onReleased");
    assertThat(rig.mux.openStreams()).isZero();
    assertThat(rig.mux.availableStreams()).isZero();
    rig.host.down(() -> useAll(rig.stream()));
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void deadConnectionThatHadDataLeftGivesItsBuffersBack(Side side) {
    ContractRig rig = rig(side).open();
    rig.handler().takeMax(1);
    rig.peer.content(rig.wire, 1, PatternBytes.of(12, 2000), false);

    rig.host.closeFromAbove(ResetCode.TIMEOUT, CloseCause.SERVER_TIMEOUT);
    rig.host.pump();

    assertThat(rig.handler().calls()).endsWith("onReset", "onReleased");
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void peerThatEndsItsDirectionLeavesNoStreamHanging(Side side) {
    ContractRig rig = rig(side, false).open();

    rig.wire.end();

    assertThat(rig.handler().ended() || rig.handler().wasReset()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void drainedConnectionClosesWithItsLastStream(Side side) {
    ContractRig rig = rig(side).open();

    rig.host.down(rig.mux::drain);
    assertThat(rig.host.closing()).isFalse();
    assertThat(rig.mux.availableStreams()).isZero();
    assertThat(rig.handler().released()).isFalse();
    rig.host.down(rig.mux::drain);
    rig.read();
    endBoth(rig, side);

    assertThat(rig.handler().released()).isTrue();
    assertThat(rig.host.closing()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void drainedConnectionWithoutStreamsClosesAtOnce(Side side) {
    ContractRig rig = rig(side).open();
    rig.host.down(() -> rig.stream().reset(ResetCode.NO_ERROR));

    rig.host.down(rig.mux::drain);
    rig.read();

    assertThat(rig.host.closing()).isTrue();
  }

  // ---- anything within any callback

  private enum Deed {
    RESET,
    RESUME,
    CLOSE,
    SEND,
    END
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void anythingMayBeDoneWithinAnyCallback(Side side) {
    for (String call :
        List.of("onHead", "onData", "onEnd", "onTrailers", "onWritable", "onReset")) {
      for (Deed deed : Deed.values()) {
        for (int takeMax : new int[] {Integer.MAX_VALUE, 5}) {
          ContractRig rig = rig(side);
          rig.prepare =
              handler -> {
                handler.takeMax(takeMax);
                handler.within(
                    name -> {
                      if (name.equals(call)) {
                        act(rig, handler, deed);
                      }
                    });
              };
          exchange(rig, side);
          rig.finish();
          assertThat(rig.handler().count("onReleased"))
              .as(deed + " within " + call + ": " + rig.handler().calls())
              .isEqualTo(1);
        }
      }
    }
  }

  private static void act(ContractRig rig, ContractHandler handler, Deed deed) {
    MuxStream stream = rig.streams.get(rig.handlers.indexOf(handler));
    switch (deed) {
      case RESET -> stream.reset(ResetCode.CANCEL);
      case RESUME -> stream.resume();
      case CLOSE -> rig.host.closeFromAbove(ResetCode.CONNECTION_CLOSED, CloseCause.SHUTDOWN);
      case SEND -> stream.send(ByteBuffer.wrap(new byte[10]), false);
      case END -> stream.sendEnd();
    }
  }

  /** A whole exchange that meets every callback, as far as it gets. */
  private void exchange(ContractRig rig, Side side) {
    rig.start();
    if (side == Side.BACK && http()) {
      rig.host.down(() -> rig.stream().sendHead(ContractRig.request(), false));
    }
    rig.peer.head(rig.wire, 1, false);
    if (side == Side.FRONT && http() && !rig.handlers.isEmpty()) {
      rig.host.down(() -> rig.stream().sendHead(ContractRig.response(), false));
    }
    rig.peer.content(rig.wire, 1, PatternBytes.of(15, 40), false);
    if (rig.handlers.isEmpty()) {
      return;
    }
    rig.host.room(10);
    rig.host.down(() -> rig.stream().send(ByteBuffer.wrap(new byte[100]), false));
    rig.host.room(100_000);
    rig.host.down(() -> rig.stream().resume());
    for (int i = 0; i < 10 && !rig.host.closing(); i++) {
      rig.host.down(() -> rig.stream().resume());
    }
    rig.peer.end(rig.wire, 1);
    rig.host.down(() -> rig.stream().resume());
    rig.host.closeFromAbove(ResetCode.CONNECTION_RESET, CloseCause.SERVER_ABORT);
    rig.host.pump();
  }

  // ---- helpers

  /** All that the peer of a mux on this side says in an exchange, its beginning apart. */
  private byte[] wholeMessage(Side side, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ContractPeer.Wire wire =
        new ContractPeer.Wire() {
          @Override
          public void bytes(byte[] said) {
            bytes.writeBytes(said);
          }

          @Override
          public void end() {
            // The message is what it is; its end by the connection is not of interest here.
          }
        };
    ContractPeer peer = peer(side);
    peer.head(wire, 1, false);
    peer.content(wire, 1, content, true);
    return bytes.toByteArray();
  }

  private void begin(ContractRig rig, Side side) {
    if (side == Side.BACK && http()) {
      rig.host.down(() -> rig.stream().sendHead(ContractRig.request(), false));
    }
  }

  private static void feed(ContractRig rig, byte[] bytes, int offset, int length) {
    byte[] piece = new byte[length];
    System.arraycopy(bytes, offset, piece, 0, length);
    rig.host.feed(piece);
  }

  final void send(ContractRig rig, byte[] content, boolean end) {
    rig.host.down(
        () -> {
          ByteBuffer data = ByteBuffer.wrap(content);
          int taken = rig.stream().send(data, end);
          assertThat(taken).isEqualTo(content.length);
        });
    rig.read();
  }

  /**
   * The request ends before its response does: a mux may take the latter for the exchange's end.
   */
  private void endBoth(ContractRig rig, Side side) {
    if (side == Side.BACK) {
      send(rig, PatternBytes.of(16, 10), true);
    }
    rig.peer.content(rig.wire, 1, PatternBytes.of(17, 10), true);
    if (side == Side.FRONT) {
      send(rig, PatternBytes.of(18, 10), true);
    }
  }

  private static void useAll(MuxStream stream) {
    assertThat(stream.send(ByteBuffer.wrap(new byte[10]), true)).isZero();
    stream.sendEnd();
    stream.resume();
    stream.reset(ResetCode.CANCEL);
  }
}
