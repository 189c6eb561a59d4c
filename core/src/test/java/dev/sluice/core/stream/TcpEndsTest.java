package dev.sluice.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How a raw flow ends. */
class TcpEndsTest extends EngineTest {
  @Test
  void eachDirectionEndsByItself() {
    relayTo(server -> server.send("first").shutdownOutput().expect("second").expectEnd().close());
    ScriptedPeer client = connect().expect("first").expectEnd().send("second").shutdownOutput();
    client.close();

    rig.simulation().runUntil(client::done);
    settle();

    rig.simulation().verifyScripts();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.COMPLETE);
  }

  @Test
  void resetBehindTheServersEndEndsTheFlow() {
    relayTo(server -> server.send("x").shutdownOutput().expect("first").reset());
    ScriptedPeer client =
        connect()
            .expect("x")
            .expectEnd()
            .send("first")
            .pause(50 * MILLI)
            .send("finds the reset")
            .pause(50 * MILLI)
            .send("finds the connection closed")
            .expectReset()
            .close();

    runFor(500);

    assertThat(client.done()).isTrue();
    assertThat(rig.server("a").connections()).isZero();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.SERVER_ABORT);
  }

  @Test
  void resetByTheClientIsPassedOnToTheServer() {
    ScriptedPeer[] server = new ScriptedPeer[1];
    relayTo(peer -> server[0] = peer.expect("x").expectClosed().close());
    connect().send("x").pause(10 * MILLI).reset();

    settle();
    settle();

    assertThat(server[0].done()).isTrue();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CLIENT_ABORT);
  }

  @Test
  void connectThatFailsClosesTheClient() {
    start();
    ScriptedPeer client = connect().expectClosed().close();

    settle();

    assertThat(client.done()).isTrue();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CONNECT_REFUSED);
  }

  @Test
  void clientThatLeavesWhileTheServerIsConnectedClosesTheConnectionThatNobodyUsed() {
    rig.simulation().network().blackhole(EngineRig.origin(1));
    relayTo(server -> server.expectClosed().close());
    connect().pause(10 * MILLI).reset();
    settle();
    assertThat(rig.server("a").connections()).isEqualTo(1);

    runFor(1000);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CLIENT_ABORT);
  }

  private void relayTo(Consumer<ScriptedPeer> script) {
    SimServer.listen(rig.simulation(), EngineRig.origin(1), script);
    start();
  }

  private void start() {
    rig.start(
        builder ->
            builder
                .frontend("front", ProxyMode.TCP, "back", ListenerConfig.clear(EngineRig.FRONT))
                .backend(BackendConfig.tcp("back", ServerConfig.clear("a", EngineRig.origin(1)))));
  }

  private ScriptedPeer connect() {
    return ScriptedPeer.connect(rig.simulation(), "client", EngineRig.FRONT);
  }
}
