package dev.sluice.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.RequestHead;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.handshake.SimRecords;
import dev.sluice.core.testkit.mux.TestMuxPeer;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What happens to a connection with a mux: ACTIVE, IDLE and DRAINING. */
class EstablishedStateTest extends LifeTest {
  private final TestOwner second = new TestOwner();

  // ---- ACTIVE

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.DEADLINE)
  void noDeadlineOfTheHandshakeIsLeftOnceThereIsAMux() {
    Connection connection = rig.active();

    rig.on(
        LifeEvent.DEADLINE, connection, () -> rig.simulation.runFor(60_000 * ConnectionRig.MILLI));

    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.PEER_BYTES)
  void bytesOfThePeerReachTheStream() {
    Connection connection = rig.active();
    request(rig.owner);

    rig.on(LifeEvent.PEER_BYTES, connection, () -> say(peer -> peer.response(1, 204, true)));

    assertThat(rig.owner.heard).startsWith("head");
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.PEER_ENDS)
  void cleanEndOfThePeerIsToldToTheStreamByTheMux() {
    Connection connection = rig.active();

    rig.on(
        LifeEvent.PEER_ENDS,
        connection,
        () -> rig.peer().write(SimRecords.empty(SimRecords.CLOSE)));

    assertThat(rig.owner.heard)
        .containsExactly("reset CONNECTION_CLOSED EMPTY_RESPONSE", "released");
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.owner.failures).isEmpty();
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.PEER_ENDS)
  void endWithoutTheClosingHandshakeIsToldAsTruncation() {
    Connection connection = rig.active();

    rig.on(LifeEvent.PEER_ENDS, connection, () -> rig.peer().close());

    assertThat(rig.owner.heard).containsExactly("reset CONNECTION_RESET TRUNCATED", "released");
    assertThat(rig.keeper.closed).isNotNull();
    assertThat(rig.keeper.closed.cause()).isEqualTo(CloseCause.TRUNCATED);
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.PEER_RESETS)
  void resetOfThePeerIsToldToTheStreamAndToTheKeeper() {
    Connection connection = rig.active();

    rig.on(LifeEvent.PEER_RESETS, connection, () -> rig.peer().reset());

    assertThat(rig.owner.heard).containsExactly("reset CONNECTION_RESET SERVER_ABORT", "released");
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.keeper.closed).isNotNull();
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.OWNER_LEAVES)
  void thereIsNoOwnerLeftToLeave() {
    Connection connection = rig.active();

    rig.onInLoop(LifeEvent.OWNER_LEAVES, connection, connection::disown);

    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
    assertThat(rig.owner.heard).isEmpty();
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.CLOSE_NOW)
  void closureTellsTheStream() {
    Connection connection = rig.active();

    rig.onInLoop(LifeEvent.CLOSE_NOW, connection, () -> connection.closeNow(CloseCause.SHUTDOWN));

    assertThat(rig.owner.heard).containsExactly("reset CONNECTION_CLOSED SHUTDOWN", "released");
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.DRAIN)
  void drainLetsTheStreamFinish() {
    Connection connection = rig.active();

    rig.onInLoop(LifeEvent.DRAIN, connection, connection::drain);

    assertThat(connection.state()).isEqualTo(ConnectionState.DRAINING);
    assertThat(rig.owner.heard).isEmpty();
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.ATTACH)
  void muxWithRoomTakesASecondStream() {
    Connection connection = rig.active();
    say(peer -> peer.settings(2));
    rig.settle();
    assertThat(connection.usable()).isTrue();

    rig.onInLoop(LifeEvent.ATTACH, connection, () -> attach(connection, second.endpoint, true));

    assertThat(connection.usable()).isFalse();
    assertThat(second.endpoint.stream()).isNotNull();
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.ATTACH)
  void fullMuxRefusesAStreamAndLeavesItsEndpointUntouched() {
    Connection connection = rig.active();

    rig.onInLoop(LifeEvent.ATTACH, connection, () -> attach(connection, second.endpoint, false));

    assertThat(second.endpoint.stream()).isNull();
    assertThat(second.endpoint.dropped()).isFalse();
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.STREAMS_END)
  void keeperTakesTheConnectionIdleWithItsLastStream() {
    Connection connection = rig.active();

    rig.onInLoop(
        LifeEvent.STREAMS_END, connection, () -> rig.owner.endpoint.drop(ResetCode.CANCEL));

    assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);
    assertThat(rig.keeper.heard).contains("capacity");
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.HANDLER_THROWS)
  void handlerThatThrowsCostsItsConnectionAndTheKeeperIsTold() {
    rig.simulation.tolerate(problem -> problem.getMessage().contains("asked for"));
    Connection connection = rig.active();
    request(rig.owner);
    rig.owner.fault = new IllegalStateException("a fault asked for");

    rig.on(LifeEvent.HANDLER_THROWS, connection, () -> say(peer -> peer.response(1, 200, false)));

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.keeper.closed).isNotNull();
    assertThat(rig.keeper.closed.cause()).isEqualTo(CloseCause.INTERNAL_ERROR);
    assertThat(rig.owner.heard)
        .containsExactly("head", "reset INTERNAL_ERROR INTERNAL_ERROR", "released");
  }

  @Test
  @Cell(in = LifeState.ACTIVE, on = LifeEvent.HANDLER_THROWS)
  void keeperIsToldOfTheEndAlthoughTheStreamThrowsWhenItIsTold() {
    rig.simulation.tolerate(problem -> problem.getMessage().contains("asked for"));
    Connection connection = rig.active();
    rig.owner.fault = new IllegalStateException("a fault asked for");

    rig.on(LifeEvent.HANDLER_THROWS, connection, () -> rig.peer().reset());

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.keeper.closed).isNotNull();
  }

  // ---- IDLE

  @Test
  @Cell(in = LifeState.IDLE, on = LifeEvent.DEADLINE)
  void idleConnectionHasNoDeadlineOfItsOwn() {
    Connection connection = rig.idle();

    rig.on(
        LifeEvent.DEADLINE, connection, () -> rig.simulation.runFor(60_000 * ConnectionRig.MILLI));

    // The keeper has one, and evicts.
    assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);
  }

  @Test
  @Cell(in = LifeState.IDLE, on = LifeEvent.PEER_BYTES)
  void bytesOnAnIdleConnectionGoToItsMux() {
    Connection connection = rig.idle();

    rig.on(LifeEvent.PEER_BYTES, connection, () -> say(TestMuxPeer::nonsense));

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.keeper.closed).isNotNull();
    assertThat(rig.keeper.closed.cause()).isEqualTo(CloseCause.BAD_RESPONSE);
  }

  @Test
  @Cell(in = LifeState.IDLE, on = LifeEvent.PEER_ENDS)
  void idleConnectionThatThePeerEndsIsUsableNoMore() {
    Connection connection = rig.idle();

    rig.on(
        LifeEvent.PEER_ENDS,
        connection,
        () -> rig.peer().write(SimRecords.empty(SimRecords.CLOSE)));

    assertThat(connection.usable()).isFalse();
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  @Cell(in = LifeState.IDLE, on = LifeEvent.PEER_RESETS)
  void idleConnectionThatThePeerResetsIsClosed() {
    Connection connection = rig.idle();

    rig.on(LifeEvent.PEER_RESETS, connection, () -> rig.peer().reset());

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.keeper.closed).isNotNull();
  }

  @Test
  @Cell(in = LifeState.IDLE, on = LifeEvent.OWNER_LEAVES)
  void idleConnectionHasNoOwner() {
    Connection connection = rig.idle();

    rig.onInLoop(LifeEvent.OWNER_LEAVES, connection, connection::disown);

    assertThat(connection.state()).isEqualTo(ConnectionState.IDLE);
  }

  @Test
  @Cell(in = LifeState.IDLE, on = LifeEvent.CLOSE_NOW)
  void evictionClosesByResetSoThatNoPortIsLeftWaiting() {
    Connection connection = rig.idle();

    rig.onInLoop(LifeEvent.CLOSE_NOW, connection, () -> connection.evict(CloseCause.IDLE_TIMEOUT));

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.peer().wasReset()).isTrue();
    assertThat(rig.keeper.closed).isNotNull();
    assertThat(rig.keeper.closed.cause()).isEqualTo(CloseCause.IDLE_TIMEOUT);
  }

  @Test
  @Cell(in = LifeState.IDLE, on = LifeEvent.DRAIN)
  void drainClosesAnIdleConnection() {
    Connection connection = rig.idle();

    rig.onInLoop(LifeEvent.DRAIN, connection, connection::drain);

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  @Cell(in = LifeState.IDLE, on = LifeEvent.ATTACH)
  void idleConnectionThatGetsAStreamIsActive() {
    Connection connection = rig.idle();

    rig.onInLoop(
        LifeEvent.ATTACH,
        connection,
        () -> {
          attach(connection, second.endpoint, true);
          connection.becomeActive();
        });

    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
  }

  @Test
  @Cell(in = LifeState.IDLE, on = LifeEvent.HANDLER_THROWS)
  void faultOnAnIdleConnectionClosesIt() {
    Connection connection = rig.idle();

    rig.onInLoop(
        LifeEvent.HANDLER_THROWS,
        connection,
        () -> connection.onHandlerFailure(new IllegalStateException("a fault asked for")));

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.keeper.closed).isNotNull();
  }

  // ---- DRAINING

  @Test
  @Cell(in = LifeState.DRAINING, on = LifeEvent.DEADLINE)
  void graceOfAClosingConnectionIsBounded() {
    Connection connection = rig.active();
    request(rig.owner);
    rig.simulation.network().linksTo(ConnectionRig.SERVER).get(0).cutSilently();
    rig.inLoop(
        () -> {
          rig.owner.endpoint.drop(ResetCode.CANCEL);
          fillOutput(connection);
          connection.closeGracefully(CloseCause.COMPLETE);
        });
    rig.settle();
    assertThat(connection.state()).isEqualTo(ConnectionState.DRAINING);

    rig.on(
        LifeEvent.DEADLINE, connection, () -> rig.simulation.runFor(30_000 * ConnectionRig.MILLI));

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.keeper.closed).isNotNull();
    assertThat(rig.keeper.closed.cause()).isEqualTo(CloseCause.COMPLETE);
    rig.peer().closeNow();
  }

  @Test
  @Cell(in = LifeState.DRAINING, on = LifeEvent.PEER_BYTES)
  void streamOfADrainingConnectionGetsItsAnswer() {
    Connection connection = rig.active();
    request(rig.owner);
    rig.inLoop(connection::drain);
    rig.settle();

    rig.on(LifeEvent.PEER_BYTES, connection, () -> say(peer -> peer.response(1, 204, true)));

    assertThat(rig.owner.heard).containsExactly("head", "released");
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  @Cell(in = LifeState.DRAINING, on = LifeEvent.PEER_ENDS)
  void peerThatEndsWhileDrainingIsToldToTheStream() {
    Connection connection = rig.draining();

    rig.on(
        LifeEvent.PEER_ENDS,
        connection,
        () -> rig.peer().write(SimRecords.empty(SimRecords.CLOSE)));

    assertThat(rig.owner.heard).last().isEqualTo("released");
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  @Cell(in = LifeState.DRAINING, on = LifeEvent.PEER_RESETS)
  void resetWhileDrainingIsToldToTheStream() {
    Connection connection = rig.draining();

    rig.on(LifeEvent.PEER_RESETS, connection, () -> rig.peer().reset());

    assertThat(rig.owner.heard).containsExactly("reset CONNECTION_RESET SERVER_ABORT", "released");
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  @Cell(in = LifeState.DRAINING, on = LifeEvent.OWNER_LEAVES)
  void drainingConnectionHasNoOwner() {
    Connection connection = rig.draining();

    rig.onInLoop(LifeEvent.OWNER_LEAVES, connection, connection::disown);

    assertThat(connection.state()).isEqualTo(ConnectionState.DRAINING);
  }

  @Test
  @Cell(in = LifeState.DRAINING, on = LifeEvent.CLOSE_NOW)
  void closureCutsADrainingConnection() {
    Connection connection = rig.draining();

    rig.onInLoop(LifeEvent.CLOSE_NOW, connection, () -> connection.closeNow(CloseCause.SHUTDOWN));

    assertThat(rig.owner.heard).containsExactly("reset CONNECTION_CLOSED SHUTDOWN", "released");
    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  @Cell(in = LifeState.DRAINING, on = LifeEvent.DRAIN)
  void secondDrainChangesNothing() {
    Connection connection = rig.draining();

    rig.onInLoop(LifeEvent.DRAIN, connection, connection::drain);

    assertThat(connection.state()).isEqualTo(ConnectionState.DRAINING);
  }

  @Test
  @Cell(in = LifeState.DRAINING, on = LifeEvent.ATTACH)
  void drainingConnectionTakesNoStream() {
    Connection connection = rig.draining();

    rig.onInLoop(LifeEvent.ATTACH, connection, () -> attach(connection, second.endpoint, false));

    assertThat(connection.usable()).isFalse();
  }

  @Test
  @Cell(in = LifeState.DRAINING, on = LifeEvent.STREAMS_END)
  void drainingConnectionClosesWithItsLastStream() {
    Connection connection = rig.draining();

    rig.onInLoop(
        LifeEvent.STREAMS_END, connection, () -> rig.owner.endpoint.drop(ResetCode.CANCEL));

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.keeper.heard).endsWith("closed");
  }

  @Test
  @Cell(in = LifeState.DRAINING, on = LifeEvent.HANDLER_THROWS)
  void handlerThatThrowsCostsADrainingConnection() {
    rig.simulation.tolerate(problem -> problem.getMessage().contains("asked for"));
    Connection connection = rig.active();
    request(rig.owner);
    rig.inLoop(connection::drain);
    rig.settle();
    rig.owner.fault = new IllegalStateException("a fault asked for");

    rig.on(LifeEvent.HANDLER_THROWS, connection, () -> say(peer -> peer.response(1, 200, false)));

    assertThat(connection.state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(rig.keeper.closed).isNotNull();
  }

  // ---- CLOSED

  @Test
  @Cell(in = LifeState.CLOSED, on = LifeEvent.CLOSE_NOW)
  @Cell(in = LifeState.CLOSED, on = LifeEvent.DRAIN)
  @Cell(in = LifeState.CLOSED, on = LifeEvent.OWNER_LEAVES)
  @Cell(in = LifeState.CLOSED, on = LifeEvent.ATTACH)
  @Cell(in = LifeState.CLOSED, on = LifeEvent.HANDLER_THROWS)
  void nothingHappensToAClosedConnection() {
    Connection connection = rig.closed();

    rig.onInLoop(
        LifeEvent.CLOSE_NOW, connection, () -> connection.closeNow(CloseCause.INTERNAL_ERROR));
    rig.onInLoop(LifeEvent.DRAIN, connection, connection::drain);
    rig.onInLoop(LifeEvent.OWNER_LEAVES, connection, connection::disown);
    rig.on(LifeEvent.ATTACH, connection, () -> assertThat(connection.usable()).isFalse());
    rig.onInLoop(
        LifeEvent.HANDLER_THROWS,
        connection,
        () -> connection.onHandlerFailure(new IllegalStateException("a fault asked for")));

    assertFailed(connection, CloseCause.SHUTDOWN);
  }

  @Test
  void deadConnectionHasNoInputToResume() {
    Connection connection = rig.closed();

    rig.inLoop(
        () -> {
          connection.resumeInput();
          connection.wantWritable();
          connection.capacityChanged();
          connection.closeGracefully(CloseCause.COMPLETE);
        });
    rig.settle();

    assertFailed(connection, CloseCause.SHUTDOWN);
    assertThat(rig.loop.heapBuffers().live()).isZero();
  }

  // ---- helpers

  private void request(TestOwner by) {
    RequestHead head = new RequestHead(1024, 4);
    head.setPath("/");
    MuxStream stream = Objects.requireNonNull(by.endpoint.stream());
    rig.inLoop(() -> stream.sendHead(head, true));
    rig.settle();
  }

  /** The server's frames, in records. */
  private void say(Consumer<TestMuxPeer> what) {
    TestMuxPeer peer =
        new TestMuxPeer(
            true, true, 1, bytes -> rig.peer().write(SimRecords.data(bytes)), new DeafEvents());
    what.accept(peer);
  }

  private static void attach(Connection connection, StreamEndpoint endpoint, boolean taken) {
    assertThat(Objects.requireNonNull(connection.mux()).attach(endpoint)).isEqualTo(taken);
  }

  private static void fillOutput(Connection connection) {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
    while (connection.write(bytes) > 0) {
      assertThat(bytes.hasRemaining()).isTrue();
    }
  }
}
