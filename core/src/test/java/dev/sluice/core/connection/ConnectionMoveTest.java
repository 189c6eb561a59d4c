package dev.sluice.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.handshake.SimRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An idle connection goes from one loop to another. */
class ConnectionMoveTest {
  private final ConnectionRig rig = new ConnectionRig();
  private final EventLoop other = rig.simulation.addLoop(LoopLimits.defaults());

  private @Nullable ConnectionMove begin(Connection connection) {
    ConnectionMove[] begun = new ConnectionMove[1];
    rig.inLoop(() -> begun[0] = ConnectionMove.begin(connection));
    return begun[0];
  }

  private ConnectionMove begun(Connection connection) {
    ConnectionMove move = begin(connection);
    assertThat(move).as("an idle connection may go").isNotNull();
    return move;
  }

  private void finish(Connection connection) {
    other.runInTurn(() -> connection.closeNow(CloseCause.SHUTDOWN));
    rig.simulation.run();
    rig.finish();
  }

  @Test
  void connectionIsWatchedByItsNewLoopAlone() {
    Connection connection = rig.idle();
    ConnectionMove move = begun(connection);
    assertThat(rig.loop.connectionCount()).isZero();

    other.runInTurn(() -> assertThat(move.end(other)).isTrue());
    rig.settle();

    assertThat(connection.loop()).isSameAs(other);
    assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);
    assertThat(connection.usable()).isTrue();
    assertThat(other.connectionCount()).isEqualTo(1);
    rig.peer().close();
    rig.settle();
    assertThat(rig.keeper.closed).as("its end is seen there").isNotNull();
    rig.finish();
  }

  @Test
  void endThatComesOnTheWayIsKnownBeforeTheConnectionIsOffered() {
    Connection connection = rig.idle();
    ConnectionMove move = begun(connection);
    rig.peer().close();
    rig.settle();

    other.runInTurn(
        () -> {
          move.end(other);
          assertThat(connection.usable()).isFalse();
        });

    rig.settle();
    assertThat(rig.keeper.closed).isNotNull();
    rig.finish();
  }

  @Test
  void bytesThatComeOnTheWayAreRead() {
    Connection connection = rig.idle();
    long before = connection.bytesRead();
    ConnectionMove move = begun(connection);
    byte[] unasked = SimRecords.empty(SimRecords.CLOSE);
    rig.peer().write(unasked);
    rig.settle();

    other.runInTurn(() -> move.end(other));
    rig.settle();

    assertThat(connection.bytesRead() - before).isEqualTo(unasked.length);
    assertThat(rig.keeper.closed).isNotNull();
    rig.finish();
  }

  @Test
  void busyConnectionStays() {
    Connection connection = rig.active();

    assertThat(begin(connection)).isNull();

    assertThat(connection.loop()).isSameAs(rig.loop);
    rig.finish();
  }

  @Test
  void connectionThatIsDyingStays() {
    Connection connection = rig.idle();
    rig.inLoop(
        () -> {
          connection.closeNow(CloseCause.SHUTDOWN);
          assertThat(ConnectionMove.begin(connection)).isNull();
        });
    rig.settle();

    assertThat(rig.keeper.closed).isNotNull();
    rig.finish();
  }

  @Test
  void connectionComesBackIfNobodyTakesIt() {
    Connection connection = rig.idle();
    ConnectionMove move = begun(connection);

    rig.inLoop(() -> assertThat(move.end(rig.loop)).isTrue());
    rig.settle();

    assertThat(connection.usable()).isTrue();
    rig.finish();
  }

  @Test
  void movedConnectionIsClosedOnItsNewLoop() {
    Connection connection = rig.idle();
    ConnectionMove move = begun(connection);
    other.runInTurn(() -> move.end(other));

    finish(connection);

    assertThat(connection.closed()).isTrue();
    assertThat(rig.keeper.closed).isNotNull();
  }
}
