package dev.sluice.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.handshake.SimRecords;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import org.junit.jupiter.api.Test;

/** What happens to a connection while a step of its handshake is lent, and after that. */
class LentStateTest extends LifeTest {
  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.STEP_RETURNS)
  @Cell(in = LifeState.LENT, on = LifeEvent.HANDSHAKE_DONE)
  void lastStepThatReturnsInstallsTheMux() {
    Connection connection = rig.lent();
    assertThat(rig.owner.pending()).isSameAs(connection);

    rig.on(LifeEvent.HANDSHAKE_DONE, connection, () -> {});
    rig.on(LifeEvent.STEP_RETURNS, connection, () -> rig.simulation.executor().proceed());

    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
    assertThat(rig.owner.ready).containsExactly(connection);
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.STEP_RETURNS)
  void stepThatReturnsLendsTheNext() {
    rig.handshake = rig.handshake.withLentSteps(3);
    Connection connection = rig.lent();
    long before = rig.simulation.executor().ran();

    rig.on(LifeEvent.STEP_RETURNS, connection, () -> rig.simulation.executor().proceed());

    assertThat(rig.simulation.executor().ran()).isEqualTo(before + 3);
    assertThat(rig.owner.ready).containsExactly(connection);
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.DEADLINE)
  void deadlineThatPassesWhileLentFailsTheOwnerAtOnce() {
    Connection connection = rig.lent();
    assertThat(rig.loop.heapBuffers().live()).isEqualTo(1);

    rig.on(LifeEvent.DEADLINE, connection, () -> rig.simulation.runFor(2000 * ConnectionRig.MILLI));

    assertFailed(connection, CloseCause.HANDSHAKE_TIMEOUT);
    assertThat(rig.loop.heapBuffers().live()).as("held by the step").isEqualTo(1);
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.PEER_BYTES)
  void bytesThatComeWhileLentWaitInTheSocket() {
    Connection connection = rig.lent();
    long read = connection.bytesRead();

    rig.on(LifeEvent.PEER_BYTES, connection, () -> rig.peer().write(new byte[10]));

    assertThat(LifeState.of(connection)).isEqualTo(LifeState.LENT);
    assertThat(connection.bytesRead()).isEqualTo(read);
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.HANDSHAKE_FAILS)
  void stepThatFindsThePeerWantingFailsTheOwner() {
    rig.handshake = rig.handshake.withFault(SimHandshakeConfig.Fault.VERIFY_FAILS);
    Connection connection = rig.lent();

    rig.on(LifeEvent.HANDSHAKE_FAILS, connection, () -> rig.simulation.executor().proceed());

    assertFailed(connection, CloseCause.HANDSHAKE_FAILED);
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.NO_MUX)
  void muxThatCannotBeMadeAfterTheLastStepFailsTheOwner() {
    rig.multi.failOpening(1);
    Connection connection = rig.lent();

    rig.on(LifeEvent.NO_MUX, connection, () -> rig.simulation.executor().proceed());

    assertFailed(connection, CloseCause.MUX_OPEN_FAILED);
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.PEER_ENDS)
  void finWhileLentIsSeenWhenTheStepReturns() {
    Connection connection = rig.lent();

    rig.on(LifeEvent.PEER_ENDS, connection, () -> rig.peer().close());
    assertThat(LifeState.of(connection)).isEqualTo(LifeState.LENT);
    rig.simulation.executor().proceed();
    rig.settle();

    // The handshake is complete by then: its mux finds the end.
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.owner.ready).hasSize(1);
    assertThat(rig.owner.heard).hasSize(2).last().isEqualTo("released");
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.PEER_RESETS)
  void resetWhileLentIsSeenWhenTheStepReturns() {
    Connection connection = rig.lent();

    rig.on(LifeEvent.PEER_RESETS, connection, () -> rig.peer().reset());
    assertThat(LifeState.of(connection)).isEqualTo(LifeState.LENT);
    rig.simulation.executor().proceed();
    rig.settle();

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.owner.pending()).isNull();
    assertThat(rig.owner.ready.size() + rig.owner.failures.size()).isEqualTo(1);
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.OWNER_LEAVES)
  void lentHandshakeGoesOnWithoutItsOwner() {
    Connection connection = rig.lent();

    rig.onInLoop(LifeEvent.OWNER_LEAVES, connection, connection::disown);
    rig.simulation.executor().proceed();
    rig.settle();

    assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);
    assertThat(rig.owner.ready).isEmpty();
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.OWNER_REPLACED)
  void ownerThatWaitsForAnotherIsLeftAloneWhenTheStepReturns() {
    Connection first = rig.lent();

    Connection[] second = new Connection[1];
    rig.onInLoop(
        LifeEvent.OWNER_REPLACED,
        first,
        () -> {
          rig.owner.pending(null);
          second[0] = rig.dial(rig.owner);
        });
    rig.simulation.executor().proceed();
    rig.settle();

    assertThat(first.state()).isEqualTo(ConnectionState.IDLE);
    assertThat(rig.owner.pending()).isSameAs(second[0]);
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.CLOSE_NOW)
  void closureWhileLentFailsTheOwnerAtOnceAndTheStepsBufferStays() {
    Connection connection = rig.lent();

    rig.onInLoop(LifeEvent.CLOSE_NOW, connection, () -> connection.closeNow(CloseCause.SHUTDOWN));

    assertFailed(connection, CloseCause.SHUTDOWN);
    assertThat(LifeState.of(connection)).isEqualTo(LifeState.ABANDONED);
    assertThat(rig.loop.heapBuffers().live()).isEqualTo(1);
    assertThat(rig.loop.connectionCount()).as("the socket is closed").isZero();
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.DRAIN)
  void drainWhileLentFailsTheOwnerAtOnce() {
    Connection connection = rig.lent();

    rig.onInLoop(LifeEvent.DRAIN, connection, connection::drain);

    assertFailed(connection, CloseCause.DRAINING);
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.ATTACH)
  void lentHandshakeTakesNoSecondStream() {
    Connection connection = rig.lent();

    rig.on(LifeEvent.ATTACH, connection, () -> assertThat(connection.usable()).isFalse());

    assertThat(connection.mux()).isNull();
  }

  @Test
  @Cell(in = LifeState.LENT, on = LifeEvent.HANDLER_THROWS)
  void faultWhileLentFailsTheOwner() {
    Connection connection = rig.lent();

    rig.onInLoop(
        LifeEvent.HANDLER_THROWS,
        connection,
        () -> connection.onHandlerFailure(new IllegalStateException("a fault asked for")));

    assertFailed(connection, CloseCause.INTERNAL_ERROR);
    assertThat(LifeState.of(connection)).isEqualTo(LifeState.ABANDONED);
  }

  // ---- closed, and the step has not come back

  @Test
  @Cell(in = LifeState.ABANDONED, on = LifeEvent.STEP_RETURNS)
  void stepThatReturnsToAClosedConnectionFreesWhatItHeld() {
    Connection connection = rig.abandoned();
    assertThat(rig.loop.heapBuffers().live()).isEqualTo(1);

    rig.on(LifeEvent.STEP_RETURNS, connection, () -> rig.simulation.executor().proceed());

    assertThat(rig.loop.heapBuffers().live()).isZero();
    assertThat(LifeState.of(connection)).isEqualTo(LifeState.CLOSED);
    assertThat(rig.owner.ready).isEmpty();
    assertThat(rig.owner.failures).hasSize(1);
    assertThat(rig.multi.opened()).isZero();
  }

  @Test
  @Cell(in = LifeState.ABANDONED, on = LifeEvent.CLOSE_NOW)
  @Cell(in = LifeState.ABANDONED, on = LifeEvent.DRAIN)
  @Cell(in = LifeState.ABANDONED, on = LifeEvent.OWNER_LEAVES)
  @Cell(in = LifeState.ABANDONED, on = LifeEvent.ATTACH)
  void abandonedConnectionIsClosedForEverybodyElse() {
    Connection connection = rig.abandoned();

    rig.onInLoop(
        LifeEvent.CLOSE_NOW, connection, () -> connection.closeNow(CloseCause.INTERNAL_ERROR));
    rig.onInLoop(LifeEvent.DRAIN, connection, connection::drain);
    rig.onInLoop(LifeEvent.OWNER_LEAVES, connection, connection::disown);
    rig.on(LifeEvent.ATTACH, connection, () -> assertThat(connection.usable()).isFalse());

    assertFailed(connection, CloseCause.SHUTDOWN);
  }

  @Test
  void stepsOfManyConnectionsReturnInAnyOrder() {
    rig.simulation.executor().hold();
    rig.listen();
    for (int i = 0; i < 20; i++) {
      rig.dial(new TestOwner());
    }
    rig.settle();
    rig.peers.forEach(peer -> peer.write(SimRecords.answer(TestMuxProvider.MULTI)));
    rig.settle();
    assertThat(rig.simulation.executor().pending()).isEqualTo(20);

    rig.simulation.executor().proceed();
    rig.settle();

    assertThat(rig.multi.opened()).isEqualTo(20);
  }
}
