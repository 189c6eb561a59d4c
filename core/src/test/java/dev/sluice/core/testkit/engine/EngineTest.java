package dev.sluice.core.testkit.engine;

import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A test of a whole engine on one loop; ends when nobody has anything to do, with all checks. */
public abstract class EngineTest {
  /** A millisecond in nanoseconds. */
  protected static final long MILLI = 1_000_000L;

  /** What a server is offered that negotiates: both variants. */
  protected static final SimHandshakeConfig BOTH =
      SimHandshakeConfig.offering(TestMuxProvider.MULTI, TestMuxProvider.SINGLE);

  /** The rig. */
  protected EngineRig rig = new EngineRig();

  private final List<TestClient> clients = new ArrayList<>();
  private long nextSeed = 1;

  /** For subclasses. */
  protected EngineTest() {}

  @AfterEach
  void nothingIsLeft() {
    clientsLeave();
    rig.finish();
  }

  /** All clients close their connections. */
  protected final void clientsLeave() {
    for (TestClient client : clients) {
      if (!client.wire().over()) {
        client.close();
      }
    }
  }

  /** An origin by its number, with one plan for all connections. */
  protected final TestOrigin origin(int number, OriginPlan plan) {
    return TestOrigin.listen(rig.simulation(), EngineRig.origin(number), plan);
  }

  /** A server that negotiates. */
  protected static ServerConfig negotiating(String name, TestOrigin origin) {
    return ServerConfig.with(name, origin.address(), BOTH, "a.example");
  }

  /** A clear server. */
  protected static ServerConfig clear(String name, TestOrigin origin) {
    return ServerConfig.clear(name, origin.address());
  }

  /** A new clear client, which is closed at the end. */
  protected final TestClient client() {
    TestClient client = rig.client("client-" + clients.size());
    clients.add(client);
    return client;
  }

  /** A GET by a new client, for a hundred bytes. */
  protected final ClientExchange get() {
    return client().get(nextSeed++, 100);
  }

  /** A POST of a hundred bytes by a new client. */
  protected final ClientExchange post() {
    return client().post(nextSeed++, 100, 100);
  }

  /** A GET by a new client that has come to its end. */
  protected final ClientExchange getDone() {
    ClientExchange exchange = get();
    rig.await(exchange);
    return exchange;
  }

  /** Lets everything happen that needs no deadline to pass. */
  protected final void settle() {
    rig.simulation().runFor(20 * MILLI);
  }

  /** Lets so many milliseconds pass. */
  protected final void runFor(long millis) {
    rig.simulation().runFor(millis * MILLI);
  }
}
