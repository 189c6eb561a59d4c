package dev.sluice.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import org.junit.jupiter.api.Test;

/** What happens to a connection that is CONNECTING. */
class ConnectingStateTest extends LifeTest {
  @Test
  @Cell(in = LifeState.CONNECTING, on = LifeEvent.CONNECTED)
  void connectedConnectionBeginsItsHandshake() {
    Connection connection = rig.dial();
    assertThat(connection.dialResult()).isEqualTo(DialResult.PENDING);

    rig.on(LifeEvent.CONNECTED, connection, () -> {});

    assertThat(connection.state()).isEqualTo(ConnectionState.HANDSHAKING);
    assertThat(rig.owner.pending()).isSameAs(connection);
    assertThat(rig.peer().received()).isPositive();
  }

  @Test
  @Cell(in = LifeState.CONNECTING, on = LifeEvent.CONNECTED)
  void connectedConnectionWithNothingToNegotiateIsActiveAtOnce() {
    rig.clear = true;
    Connection connection = rig.dial();

    rig.on(LifeEvent.CONNECTED, connection, () -> {});

    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
    assertThat(rig.owner.ready).containsExactly(connection);
  }

  @Test
  @Cell(in = LifeState.CONNECTING, on = LifeEvent.REFUSED)
  void refusedConnectFailsTheOwner() {
    Connection connection = rig.dial(rig.owner);

    rig.on(LifeEvent.REFUSED, connection, () -> {});

    assertFailed(connection, CloseCause.CONNECT_REFUSED);
  }

  @Test
  @Cell(in = LifeState.CONNECTING, on = LifeEvent.DEADLINE)
  void connectThatTakesTooLongFailsTheOwner() {
    Connection connection = rig.connecting();

    rig.on(LifeEvent.DEADLINE, connection, () -> rig.simulation.runFor(1000 * ConnectionRig.MILLI));

    assertFailed(connection, CloseCause.CONNECT_TIMEOUT);
  }

  @Test
  @Cell(in = LifeState.CONNECTING, on = LifeEvent.OWNER_LEAVES)
  void connectGoesOnWithoutItsOwnerAndBecomesIdle() {
    Connection connection = rig.dial();

    rig.onInLoop(LifeEvent.OWNER_LEAVES, connection, connection::disown);
    rig.answer(TestMuxProvider.MULTI);
    rig.settle();

    assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);
    assertThat(rig.owner.pending()).isNull();
    assertThat(rig.owner.ready).isEmpty();
    assertThat(rig.keeper.heard).startsWith("ready");
  }

  @Test
  @Cell(in = LifeState.CONNECTING, on = LifeEvent.OWNER_LEAVES)
  void connectDeadlineHoldsWithoutAnOwner() {
    Connection connection = rig.connecting();

    rig.onInLoop(LifeEvent.OWNER_LEAVES, connection, connection::disown);
    rig.simulation.runFor(1000 * ConnectionRig.MILLI);

    assertClosedQuietly(connection, CloseCause.CONNECT_TIMEOUT);
  }

  @Test
  @Cell(in = LifeState.CONNECTING, on = LifeEvent.OWNER_REPLACED)
  void ownerThatWaitsForAnotherIsNotToldThatTheConnectFailed() {
    Connection first = rig.connecting();
    rig.simulation.runFor(500 * ConnectionRig.MILLI);

    Connection[] second = new Connection[1];
    rig.onInLoop(
        LifeEvent.OWNER_REPLACED,
        first,
        () -> {
          rig.owner.pending(null);
          second[0] = rig.dial(rig.owner);
        });
    rig.keeper.onClosed = () -> assertThat(rig.owner.pending()).isSameAs(second[0]);
    rig.simulation.runFor(500 * ConnectionRig.MILLI);

    assertThat(first.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.owner.failures).isEmpty();
    assertThat(rig.owner.pending()).isSameAs(second[0]);
  }

  @Test
  @Cell(in = LifeState.CONNECTING, on = LifeEvent.CLOSE_NOW)
  void closedConnectFailsTheOwner() {
    Connection connection = rig.connecting();

    rig.onInLoop(LifeEvent.CLOSE_NOW, connection, () -> connection.closeNow(CloseCause.SHUTDOWN));

    assertFailed(connection, CloseCause.SHUTDOWN);
  }

  @Test
  @Cell(in = LifeState.CONNECTING, on = LifeEvent.DRAIN)
  void drainedConnectFailsTheOwner() {
    Connection connection = rig.connecting();

    rig.onInLoop(LifeEvent.DRAIN, connection, connection::drain);

    assertFailed(connection, CloseCause.DRAINING);
  }

  @Test
  @Cell(in = LifeState.CONNECTING, on = LifeEvent.ATTACH)
  void connectTakesNoSecondStream() {
    Connection connection = rig.connecting();

    rig.on(LifeEvent.ATTACH, connection, () -> assertThat(connection.usable()).isFalse());

    assertThat(connection.mux()).isNull();
  }

  @Test
  void handshakeThatNeedsNoAnswerIsStillOnlyStartedOnceConnected() {
    rig.handshake = rig.handshake.withFault(SimHandshakeConfig.Fault.SILENT);
    Connection connection = rig.connecting();

    assertThat(connection.state()).isEqualTo(ConnectionState.CONNECTING);
    assertThat(connection.bytesWritten()).isZero();
  }
}
