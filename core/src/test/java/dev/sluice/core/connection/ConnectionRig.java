package dev.sluice.core.connection;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxRegistry;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.tcp.PassThroughMuxProvider;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.WireCounters;
import dev.sluice.core.testkit.LeakCheck;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.handshake.SimHandshakeTransportProvider;
import dev.sluice.core.testkit.handshake.SimRecords;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import dev.sluice.core.transport.PlainTransport;
import dev.sluice.core.transport.ProxyHeader;
import dev.sluice.core.transport.TransportFactory;
import dev.sluice.core.transport.TransportRole;
import dev.sluice.core.transport.TransportTarget;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One dialled connection in a simulation, brought into any state, with a peer that says only what a
 * test makes it say. Notes which event met which state.
 */
final class ConnectionRig {
  static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 443);
  static final long MILLI = 1_000_000L;

  final Simulation simulation;
  final EventLoop loop;
  final TestMuxProvider multi = TestMuxProvider.multi();
  final TestMuxProvider single = TestMuxProvider.single();

  /** The keeper of the connection that was dialled first. */
  final TestKeeper keeper = new TestKeeper();

  final TestOwner owner = new TestOwner();
  final List<ScriptedPeer> peers = new ArrayList<>();
  private final MuxRegistry registry;
  private final LeakCheck leaks;
  private final Map<LifeEvent, Set<LifeState>> hits = new EnumMap<>(LifeEvent.class);
  private final List<Connection> dialled = new ArrayList<>();
  SimHandshakeConfig handshake =
      SimHandshakeConfig.offering(TestMuxProvider.MULTI, TestMuxProvider.SINGLE);
  boolean clear;
  Mode mode = Mode.HTTP;
  @Nullable MuxProvider forced;
  @Nullable ProxyHeader header;

  /** Where the server is reached, if it is given by name. */
  @Nullable AddressBook book;

  ConnectionRig() {
    this(LoopLimits.defaults());
  }

  ConnectionRig(LoopLimits limits) {
    simulation = new Simulation(1);
    loop = simulation.addLoop(limits);
    leaks = simulation.leakCheck();
    registry =
        MuxRegistry.of(
            List.of(multi, single, new PassThroughMuxProvider()), List.of(), new ArrayList<>());
  }

  // ---- the states

  /** Dials, with a server that accepts. */
  Connection dial() {
    listen();
    return dial(owner);
  }

  Connection dial(TestOwner by) {
    TransportFactory factory =
        clear
            ? PlainTransport.factory()
            : SimHandshakeTransportProvider.factory(handshake, TransportRole.CLIENT);
    ConnectionSettings settings =
        new ConnectionSettings(
            Side.BACK,
            mode,
            factory,
            forced,
            registry,
            List.of(),
            false,
            LimitConfig.defaults(),
            TimeoutConfig.defaults(),
            simulation.executor(),
            book,
            new WireCounters(1));
    Connection[] made = new Connection[1];
    TestKeeper kept = dialled.isEmpty() ? keeper : new TestKeeper();
    loop.runInTurn(
        () ->
            made[0] =
                Connection.dial(
                    loop,
                    settings,
                    new TransportTarget(book == null ? SERVER : book.name(), "a.example"),
                    null,
                    header,
                    by,
                    kept));
    dialled.add(made[0]);
    return made[0];
  }

  void listen() {
    listen(SERVER);
  }

  void listen(InetSocketAddress address) {
    SimServer.listen(
        simulation,
        address,
        peer -> {
          peers.add(peer);
          peer.onBytes((from, bytes) -> {});
          peer.onEnd(from -> from.close());
        });
  }

  /** Dials into the void. */
  Connection connecting() {
    simulation.network().blackhole(SERVER);
    return dial();
  }

  /** The server has accepted, and says nothing. */
  Connection handshaking() {
    Connection connection = dial();
    settle();
    return connection;
  }

  /** The server has answered, and the executor keeps the step that follows from it. */
  Connection lent() {
    simulation.executor().hold();
    Connection connection = handshaking();
    answer(TestMuxProvider.MULTI);
    settle();
    return connection;
  }

  /** There is a mux with the owner's stream. */
  Connection active() {
    Connection connection = handshaking();
    answer(TestMuxProvider.MULTI);
    settle();
    return connection;
  }

  /** There is a mux without streams. */
  Connection idle() {
    Connection connection = handshaking();
    inLoop(connection::disown);
    answer(TestMuxProvider.MULTI);
    settle();
    return connection;
  }

  /** There is a mux with a stream, and takes no more. */
  Connection draining() {
    Connection connection = active();
    inLoop(connection::drain);
    settle();
    return connection;
  }

  Connection closed() {
    Connection connection = handshaking();
    inLoop(() -> connection.closeNow(CloseCause.SHUTDOWN));
    settle();
    return connection;
  }

  /** Closed while a step is lent that has not come back. */
  Connection abandoned() {
    Connection connection = lent();
    inLoop(() -> connection.closeNow(CloseCause.SHUTDOWN));
    settle();
    return connection;
  }

  // ---- what happens

  /** Brings an event about, and notes in which state. */
  void on(LifeEvent event, Connection connection, Runnable action) {
    hits.computeIfAbsent(event, e -> EnumSet.noneOf(LifeState.class)).add(LifeState.of(connection));
    action.run();
    settle();
  }

  /** The same, from within a turn of the loop. */
  void onInLoop(LifeEvent event, Connection connection, Runnable action) {
    on(event, connection, () -> inLoop(action));
  }

  boolean hit(LifeEvent event, LifeState state) {
    return hits.getOrDefault(event, Set.of()).contains(state);
  }

  ScriptedPeer peer() {
    return peers.get(peers.size() - 1);
  }

  void answer(String protocol) {
    peer().write(SimRecords.answer(protocol));
  }

  void inLoop(Runnable action) {
    loop.runInTurn(action);
  }

  /** Lets everything happen that needs no deadline to pass. */
  void settle() {
    simulation.runFor(20 * MILLI);
  }

  /** Lets everything come back and end, and checks that nothing is left. */
  void finish() {
    simulation.executor().proceed();
    inLoop(() -> dialled.forEach(connection -> connection.closeNow(CloseCause.SHUTDOWN)));
    simulation.run();
    leaks.verify();
  }
}
