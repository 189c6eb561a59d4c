package dev.sluice.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import java.nio.ByteBuffer;
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
}
