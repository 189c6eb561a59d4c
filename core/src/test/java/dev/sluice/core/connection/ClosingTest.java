package dev.sluice.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.SimEndpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection that closes gracefully. */
class ClosingTest {
  private final ConnectionRig rig = new ConnectionRig();

  @Test
  void endOfAPeerThatDoesNotReadKeepsNoLoopBusyWhileTheLastBytesWait() {
    rig.clear = true;
    Connection connection = rig.dial();
    rig.settle();
    rig.peer().stopReading();
    // More than both ends of the socket hold.
    for (int i = 0; i < 4; i++) {
      rig.inLoop(() -> connection.write(ByteBuffer.allocate(64 << 10)));
      rig.settle();
    }
    rig.inLoop(() -> connection.closeGracefully(CloseCause.COMPLETE));
    rig.settle();
    rig.peer().shutdownOutput();
    rig.settle();
    long turns = rig.loop.counters().snapshot().turns();

    rig.simulation.runFor(1000 * ConnectionRig.MILLI);

    assertThat(connection.state()).isEqualTo(ConnectionState.DRAINING);
    assertThat(rig.loop.counters().snapshot().turns() - turns).isLessThan(3);
    rig.peer().startReading();
    rig.simulation.run();
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    rig.finish();
  }

  @Test
  void endOfAnIdleConnectionIsSeenBeforeThePollThatWouldTellIt() {
    Connection connection = rig.idle();
    List<SimEndpoint> ends = new ArrayList<>();
    rig.simulation.poller(0).visit((handler, endpoint) -> ends.add(endpoint));
    rig.peer().close();
    rig.simulation.runUntil(() -> ends.get(0).readable());
    assertThat(connection.usable()).as("nobody has told yet").isTrue();

    rig.inLoop(connection::lookForInput);

    assertThat(connection.usable()).isFalse();
    rig.settle();
    assertThat(rig.keeper.closed).isNotNull();
    rig.finish();
  }
}
