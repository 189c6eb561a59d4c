package dev.sluice.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.buffer.IoBuffer;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.mux.MuxStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** When a mux that was refused is told that there is room. */
class ConnectionOutputTest extends LifeTest {
  @Test
  void fewBytesOfRoomAreNotTold() {
    Connection connection = clear();
    rig.peer().stopReading();
    rig.settle();
    sendHead();
    fillUpTo(connection, 5);

    ByteBuffer data = ByteBuffer.allocate(100);
    rig.inLoop(() -> stream().send(data, false));
    // A mux that is told can't write a frame into five bytes, and would be told again and again.
    rig.settle();

    assertThat(data.position()).isZero();
    assertThat(rig.owner.heard).isEmpty();
    rig.peer().startReading();
    rig.settle();
    assertThat(rig.owner.heard).containsExactly("writable");
  }

  @Test
  void muxThatWasRefusedForWantOfBuffersIsToldWhenThereAreSome() {
    rig = new ConnectionRig(LoopLimits.defaults().withDirectBuffers(1024, 4, 4, 4));
    Connection connection = clear();
    sendHead();
    List<IoBuffer> taken = new ArrayList<>();
    rig.inLoop(
        () -> {
          for (IoBuffer b = rig.loop.directBuffers().acquire();
              b != null;
              b = rig.loop.directBuffers().acquire()) {
            taken.add(b);
          }
        });

    ByteBuffer data = ByteBuffer.allocate(100);
    int[] sent = {-1};
    rig.inLoop(() -> sent[0] = connection.write(data));
    rig.settle();
    assertThat(sent[0]).isZero();
    assertThat(rig.loop.directBuffers().waiting()).isEqualTo(1);

    rig.loop.execute(() -> taken.forEach(IoBuffer::release));
    rig.settle();

    assertThat(rig.loop.directBuffers().waiting()).isZero();
  }

  private Connection clear() {
    rig.clear = true;
    Connection connection = rig.dial();
    rig.settle();
    return connection;
  }

  private MuxStream stream() {
    return Objects.requireNonNull(rig.owner.endpoint.stream());
  }

  private void sendHead() {
    RequestHead head = new RequestHead(1024, 4);
    head.setPath("/");
    rig.inLoop(() -> stream().sendHead(head, false));
    rig.settle();
  }

  /** Writes until the socket takes nothing more and the output has so little room. */
  private void fillUpTo(Connection connection, int room) {
    for (int still = 0; still < 3; ) {
      int most = connection.writableBytes() - room;
      still = most > 0 ? 0 : still + 1;
      rig.inLoop(() -> connection.write(ByteBuffer.allocate(Math.max(0, most))));
      rig.settle();
    }
    assertThat(connection.writableBytes()).isEqualTo(room);
  }
}
