package dev.sluice.core.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.handshake.SimRecords;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What happens to a connection that is HANDSHAKING, with no step lent. */
class HandshakingStateTest extends LifeTest {
  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.DEADLINE)
  void handshakeThatTakesTooLongFailsTheOwner() {
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.DEADLINE, connection, () -> rig.simulation.runFor(2000 * ConnectionRig.MILLI));

    assertFailed(connection, CloseCause.HANDSHAKE_TIMEOUT);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.PEER_BYTES)
  void halfAnAnswerLeavesTheHandshakeAsItIs() {
    Connection connection = rig.handshaking();
    byte[] answer = SimRecords.answer(TestMuxProvider.MULTI);

    rig.on(
        LifeEvent.PEER_BYTES,
        connection,
        () -> rig.peer().write(Arrays.copyOf(answer, answer.length / 2)));

    assertThat(connection.state()).isEqualTo(ConnectionState.HANDSHAKING);
    assertThat(rig.owner.pending()).isSameAs(connection);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.PEER_BYTES)
  void answerLendsTheStepThatFollowsFromIt() {
    rig.simulation.executor().hold();
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.PEER_BYTES, connection, () -> rig.answer(TestMuxProvider.MULTI));

    assertThat(LifeState.of(connection)).isEqualTo(LifeState.LENT);
    assertThat(connection.mux()).isNull();
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.HANDSHAKE_DONE)
  void negotiatedProtocolInstallsItsMuxAndWakesTheOwner() {
    rig.handshake = rig.handshake.withLentSteps(0);
    Connection connection = rig.handshaking();
    assertThat(rig.multi.opened()).isZero();

    rig.on(LifeEvent.HANDSHAKE_DONE, connection, () -> rig.answer(TestMuxProvider.MULTI));

    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
    assertThat(rig.owner.ready).containsExactly(connection);
    assertThat(rig.owner.pending()).isNull();
    assertThat(connection.owner()).isNull();
    assertThat(rig.owner.endpoint.stream()).isNotNull();
    assertThat(rig.owner.endpoint.stream().protocol()).isEqualTo("multi");
    assertThat(rig.multi.opened()).isEqualTo(1);
    assertThat(rig.single.opened()).isZero();
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.HANDSHAKE_FAILS)
  void garbageInPlaceOfAHandshakeFailsTheOwner() {
    Connection connection = rig.handshaking();

    rig.on(
        LifeEvent.HANDSHAKE_FAILS,
        connection,
        () -> rig.peer().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII)));

    assertFailed(connection, CloseCause.HANDSHAKE_FAILED);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.HANDSHAKE_FAILS)
  void alertOfNoCommonProtocolFailsTheOwnerWithThatCause() {
    Connection connection = rig.handshaking();

    rig.on(
        LifeEvent.HANDSHAKE_FAILS,
        connection,
        () -> rig.peer().write(SimRecords.alert(SimRecords.NO_APPLICATION_PROTOCOL)));

    assertFailed(connection, CloseCause.NO_COMMON_PROTOCOL);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.HANDSHAKE_FAILS)
  void peerThatIsNotTrustedFailsTheOwner() {
    rig.handshake = rig.handshake.withLentSteps(0).withFault(SimHandshakeConfig.Fault.VERIFY_FAILS);
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.HANDSHAKE_FAILS, connection, () -> rig.answer(TestMuxProvider.MULTI));

    assertFailed(connection, CloseCause.HANDSHAKE_FAILED);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.NO_MUX)
  void protocolThatNoMuxSpeaksFailsTheOwner() {
    rig.handshake = SimHandshakeConfig.offering("nobody/1").withLentSteps(0);
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.NO_MUX, connection, () -> rig.answer("nobody/1"));

    assertFailed(connection, CloseCause.NO_MUX);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.NO_MUX)
  void protocolThatWasNotOfferedFailsTheOwnerAlthoughItsMuxExists() {
    rig.handshake =
        SimHandshakeConfig.offering(TestMuxProvider.SINGLE).withLentSteps(0).believing();
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.NO_MUX, connection, () -> rig.answer(TestMuxProvider.MULTI));

    assertFailed(connection, CloseCause.PROTOCOL_NOT_OFFERED);
    assertThat(rig.multi.opened()).isZero();
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.NO_MUX)
  void muxThatCannotBeMadeFailsTheOwner() {
    rig.handshake = rig.handshake.withLentSteps(0);
    rig.multi.failOpening(1);
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.NO_MUX, connection, () -> rig.answer(TestMuxProvider.MULTI));

    assertFailed(connection, CloseCause.MUX_OPEN_FAILED);
    assertThat(rig.owner.endpoint.dropped()).isFalse();
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.NO_MUX)
  void muxProviderThatThrowsFailsTheOwner() {
    rig.handshake = rig.handshake.withLentSteps(0);
    rig.multi.breakOpening(1);
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.NO_MUX, connection, () -> rig.answer(TestMuxProvider.MULTI));

    assertFailed(connection, CloseCause.MUX_OPEN_FAILED);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.NO_MUX)
  void muxThatRefusesItsFirstStreamFailsTheOwnerAndLeavesTheEndpointUntouched() {
    rig.handshake = rig.handshake.withLentSteps(0);
    rig.multi.refuseAttaching(1);
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.NO_MUX, connection, () -> rig.answer(TestMuxProvider.MULTI));

    assertFailed(connection, CloseCause.ATTACH_REFUSED);
    assertThat(rig.owner.endpoint.dropped()).isFalse();
    assertThat(rig.owner.endpoint.stream()).isNull();
    assertThat(rig.owner.heard).isEmpty();
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.NO_MUX)
  void muxThatFailsWhileItTakesItsFirstStreamIsHeardOfNoMore() {
    rig.handshake = rig.handshake.withLentSteps(0);
    rig.multi.breakAttaching(1);
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.NO_MUX, connection, () -> rig.answer(TestMuxProvider.MULTI));

    assertFailed(connection, CloseCause.ATTACH_REFUSED);
    assertThat(rig.owner.heard).isEmpty();
    assertThat(rig.owner.endpoint.over()).isTrue();
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.PEER_ENDS)
  void finInTheHandshakeFailsTheOwnerAtOnce() {
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.PEER_ENDS, connection, () -> rig.peer().close());

    assertFailed(connection, CloseCause.HANDSHAKE_CLOSED);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.PEER_RESETS)
  void resetInTheHandshakeFailsTheOwnerAtOnce() {
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.PEER_RESETS, connection, () -> rig.peer().reset());

    assertFailed(connection, CloseCause.HANDSHAKE_CLOSED);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.OWNER_LEAVES)
  void handshakeGoesOnWithoutItsOwnerAndBecomesIdle() {
    Connection connection = rig.handshaking();

    rig.onInLoop(LifeEvent.OWNER_LEAVES, connection, connection::disown);
    rig.answer(TestMuxProvider.MULTI);
    rig.settle();

    assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);
    assertThat(rig.owner.ready).isEmpty();
    assertThat(rig.owner.endpoint.stream()).isNull();
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.OWNER_LEAVES)
  void handshakeThatFailsWithoutAnOwnerIsClosedAllTheSame() {
    Connection connection = rig.handshaking();

    rig.onInLoop(LifeEvent.OWNER_LEAVES, connection, connection::disown);
    rig.peer().close();
    rig.settle();

    assertClosedQuietly(connection, CloseCause.HANDSHAKE_CLOSED);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.OWNER_REPLACED)
  void ownerThatWaitsForAnotherIsNotToldThatTheHandshakeFailed() {
    Connection first = rig.handshaking();

    Connection[] second = new Connection[1];
    rig.onInLoop(LifeEvent.OWNER_REPLACED, first, () -> second[0] = replace());
    rig.peers.get(0).close();
    rig.settle();

    assertThat(first.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.owner.failures).isEmpty();
    assertThat(rig.owner.pending()).isSameAs(second[0]);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.OWNER_REPLACED)
  void ownerThatWaitsForAnotherDoesNotGetThisMux() {
    Connection first = rig.handshaking();

    Connection[] second = new Connection[1];
    rig.onInLoop(LifeEvent.OWNER_REPLACED, first, () -> second[0] = replace());
    rig.peers.get(0).write(SimRecords.answer(TestMuxProvider.MULTI));
    rig.settle();

    assertThat(first.state()).isEqualTo(ConnectionState.IDLE);
    assertThat(rig.owner.ready).isEmpty();
    assertThat(rig.owner.pending()).isSameAs(second[0]);
    rig.answer(TestMuxProvider.SINGLE);
    rig.settle();
    assertThat(rig.owner.ready).containsExactly(second[0]);
  }

  /** The owner waits for another connection, and has not said so to the first. */
  private Connection replace() {
    rig.owner.pending(null);
    return rig.dial(rig.owner);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.CLOSE_NOW)
  void closedHandshakeFailsTheOwner() {
    Connection connection = rig.handshaking();

    rig.onInLoop(LifeEvent.CLOSE_NOW, connection, () -> connection.closeNow(CloseCause.SHUTDOWN));

    assertFailed(connection, CloseCause.SHUTDOWN);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.CLOSE_NOW)
  void handshakeThatIsDoneInTheTurnOfItsClosureGetsNoMux() {
    rig.handshake = rig.handshake.withLentSteps(0);
    Connection connection = rig.handshaking();
    rig.answer(TestMuxProvider.MULTI);
    // The answer lies in the socket, and the loop has not looked.
    rig.simulation.runUntil(
        () -> rig.simulation.network().linksTo(ConnectionRig.SERVER).get(0).client().readable());

    rig.onInLoop(LifeEvent.CLOSE_NOW, connection, () -> connection.closeNow(CloseCause.SHUTDOWN));

    assertFailed(connection, CloseCause.SHUTDOWN);
    assertThat(rig.multi.opened()).isZero();
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.DRAIN)
  void drainedHandshakeFailsTheOwner() {
    Connection connection = rig.handshaking();

    rig.onInLoop(LifeEvent.DRAIN, connection, connection::drain);

    assertFailed(connection, CloseCause.DRAINING);
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.ATTACH)
  void handshakeTakesNoSecondStream() {
    Connection connection = rig.handshaking();

    rig.on(LifeEvent.ATTACH, connection, () -> assertThat(connection.usable()).isFalse());

    assertThat(connection.mux()).isNull();
  }

  @Test
  @Cell(in = LifeState.HANDSHAKING, on = LifeEvent.HANDLER_THROWS)
  void handshakeThatThrowsFailsTheOwner() {
    rig.simulation.tolerate(problem -> problem.getMessage().contains("asked for"));
    Connection connection = rig.handshaking();

    rig.onInLoop(
        LifeEvent.HANDLER_THROWS,
        connection,
        () -> connection.onHandlerFailure(new IllegalStateException("a fault asked for")));

    assertFailed(connection, CloseCause.INTERNAL_ERROR);
  }

  @Test
  void streamThatIsResetBeforeItsConnectionIsReadyIsJustLeftOut() {
    Connection connection = rig.handshaking();

    rig.inLoop(
        () -> {
          connection.disown();
          rig.owner.endpoint.drop(ResetCode.CANCEL);
        });
    rig.answer(TestMuxProvider.MULTI);
    rig.settle();

    assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);
    assertThat(rig.owner.heard).isEmpty();
  }
}
