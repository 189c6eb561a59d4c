package dev.sluice.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import java.lang.reflect.Method;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInfo;

/** A test of cells of the state table: ends with the check that it was about what it says. */
abstract class LifeTest {
  ConnectionRig rig = new ConnectionRig();

  @AfterEach
  void nothingIsLeftAndTheCellWasHit(TestInfo info) {
    Method method = info.getTestMethod().orElseThrow();
    for (Cell cell : method.getAnnotationsByType(Cell.class)) {
      assertThat(rig.hit(cell.on(), cell.in())).as(cell.on() + " met " + cell.in()).isTrue();
    }
    rig.finish();
  }

  /** It was the end of the connection, for this reason, and the owner was told once. */
  final void assertFailed(Connection connection, CloseCause cause) {
    assertClosed(connection, cause);
    assertThat(rig.owner.failures).hasSize(1);
    assertThat(rig.owner.failures.get(0).cause()).isEqualTo(cause);
    assertThat(rig.owner.ready).isEmpty();
  }

  /** It was the end of the connection, for this reason, and the owner was told nothing. */
  final void assertClosedQuietly(Connection connection, CloseCause cause) {
    assertClosed(connection, cause);
    assertThat(rig.owner.failures).isEmpty();
  }

  private void assertClosed(Connection connection, CloseCause cause) {
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(connection.mux()).isNull();
    assertThat(connection.owner()).isNull();
    assertThat(rig.owner.pending()).isNull();
    assertThat(rig.keeper.closed).isNotNull();
    assertThat(rig.keeper.closed.cause()).isEqualTo(cause);
  }
}
