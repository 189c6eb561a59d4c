package dev.sluice.core.connection;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.Interest;
import dev.sluice.core.loop.IoHandler;
import dev.sluice.core.loop.LooseSocket;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.SessionFacts;
import dev.sluice.core.observe.WireEvent;
import dev.sluice.core.time.TimerWheel;
import dev.sluice.core.transport.ApplicationProtocol;
import dev.sluice.core.transport.ProxyHeader;
import dev.sluice.core.transport.Transport;
import dev.sluice.core.transport.TransportTarget;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One TCP or TLS connection: a transport, an optional mux slot, and the back-reference to the owner
 * that waits for the mux. Confined to its event loop. See the package page for the invariant.
 *
 * <p>Everything that happens comes through the loop's dispatch: {@link #onReady}, the timer, and
 * the two turn tasks. The methods that a mux, an owner or a keeper calls only return values, or set
 * what the turn task then does, so that no call down calls back up.
 */
public final class Connection implements MuxHost, IoHandler {
  static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private static final Logger LOGGER = System.getLogger(Connection.class.getName());

  /** Written anew by {@link ConnectionMove} alone. */
  EventLoop loop;

  private final ConnectionSettings settings;
  private final TransportTarget target;
  private final ConnectionKeeper keeper;
  private final @Nullable StreamAcceptor acceptor;
  private final Transport transport;
  private final SocketPort port;
  private final ConnectionInput input;
  private final ConnectionClosing closing;
  private final ConnectionOutput output;
  private final ConnectionOpening opening;
  private final PendingWork pending = new PendingWork(this);
  private final StageTimer stageTimer = new StageTimer(this);
  private final ConnectionTimes times = new ConnectionTimes();

  private ConnectionState state = ConnectionState.CONNECTING;
  private @Nullable Failure failure;

  /** Written by {@link MuxInstaller} alone. */
  @Nullable Mux mux;

  /** Written by {@link MuxInstaller} and cleared by {@link #disown()} alone. */
  @Nullable ConnectionOwner owner;

  private SessionFacts sessionFacts = SessionFacts.NONE;

  private Connection(
      EventLoop loop,
      ConnectionSettings settings,
      TransportTarget target,
      ConnectionKeeper keeper,
      @Nullable StreamAcceptor acceptor) {
    this.loop = loop;
    this.settings = settings;
    this.target = target;
    this.keeper = keeper;
    this.acceptor = acceptor;
    this.port =
        new SocketPort(
            loop,
            settings.side() == Side.FRONT ? CloseCause.CLIENT_ABORT : CloseCause.SERVER_ABORT);
    this.transport = settings.transport().create(new ConnectionTransportHost(this, port), target);
    this.input = new ConnectionInput(this);
    this.output = new ConnectionOutput(this, transport);
    this.opening = new ConnectionOpening(this, port, transport, input);
    this.closing = new ConnectionClosing(this, input, transport);
  }

  // ---- making ----

  /**
   * Begins a connection to a server. The owner's pending is set to it, unless the result is known
   * at once.
   *
   * @param source the local address, or null for any
   * @param header the PROXY header to begin with, or null
   * @param owner whom it is made for, or null
   * @return the connection; {@link #dialResult()} tells how far it came within this call
   */
  public static Connection dial(
      EventLoop loop,
      ConnectionSettings settings,
      TransportTarget target,
      @Nullable SocketAddress source,
      @Nullable ProxyHeader header,
      @Nullable ConnectionOwner owner,
      ConnectionKeeper keeper) {
    assert loop.inLoop();
    assert settings.side() == Side.BACK;
    Connection connection = new Connection(loop, settings, target, keeper, null);
    if (owner != null) {
      MuxInstaller.own(connection, owner);
    }
    connection.opening.connect(source, header);
    return connection;
  }

  /**
   * Takes over an accepted connection.
   *
   * @throws IOException if the socket can't be registered; it is closed then, and the keeper is not
   *     told
   */
  public static Connection accept(
      EventLoop loop,
      ConnectionSettings settings,
      LooseSocket accepted,
      ConnectionKeeper keeper,
      StreamAcceptor acceptor)
      throws IOException {
    assert loop.inLoop();
    assert settings.side() == Side.FRONT;
    SocketAddress remote = Objects.requireNonNull(accepted.remoteAddress(), "remote address");
    Connection connection =
        new Connection(loop, settings, new TransportTarget(remote, null), keeper, acceptor);
    connection.times.begin(loop.nowNanos());
    connection.port.adopt(accepted, connection);
    connection.opening.onConnected(true);
    return connection;
  }

  /** What {@link #dial} came to. */
  public DialResult dialResult() {
    if (state == ConnectionState.CLOSED) {
      return DialResult.FAILED;
    }
    return state.hasMux() ? DialResult.READY : DialResult.PENDING;
  }

  // ---- what the engine asks ----

  /** Where the connection is in its life. */
  public ConnectionState state() {
    return state;
  }

  /** The mux, or null while there is none. */
  public @Nullable Mux mux() {
    return mux;
  }

  /** Whom the connection is to. */
  public TransportTarget target() {
    return target;
  }

  /** The peer's address as its PROXY header or else the socket tells it; null if not known yet. */
  public @Nullable SocketAddress remoteAddress() {
    return opening.remoteAddress();
  }

  /** The address that the peer connected to, or our own to a server; null if not known yet. */
  public @Nullable SocketAddress localAddress() {
    return opening.localAddress();
  }

  /** What all connections like this one share. */
  public ConnectionSettings settings() {
    return settings;
  }

  /** When it was dialled or accepted, connected and ready. */
  public ConnectionTimes times() {
    return times;
  }

  /** The name that the client asked for in the handshake, or null. */
  public @Nullable String serverName() {
    return transport.serverName();
  }

  /** What the handshake told, once there was a mux. */
  public SessionFacts sessionFacts() {
    return sessionFacts;
  }

  /** Bytes read from and written to the socket. */
  public long bytesRead() {
    return port.bytesRead();
  }

  /** Bytes written to the socket. */
  public long bytesWritten() {
    return port.bytesWritten();
  }

  /** Why it is closed or is being closed, or null. */
  public @Nullable Failure failure() {
    return failure;
  }

  /** Reads what has come on an idle connection since the last poll, an end above all. */
  public void lookForInput() {
    assert state == ConnectionState.IDLE : this;
    runInput(true);
  }

  /** Whether it is over. */
  public boolean closed() {
    return state == ConnectionState.CLOSED;
  }

  /** Whether streams may be attached: there is a mux with room, and nobody is closing. */
  public boolean usable() {
    Mux m = mux;
    return m != null
        && (state == ConnectionState.ACTIVE || state == ConnectionState.IDLE)
        && !dying()
        && m.availableStreams() > 0;
  }

  /** The keeper has taken it idle. */
  public void becomeIdle() {
    assert mux != null && mux.openStreams() == 0 : this;
    enter(ConnectionState.IDLE);
  }

  /** The keeper gives it out again. */
  public void becomeActive() {
    enter(ConnectionState.ACTIVE);
  }

  /**
   * The owner's stream has ended, or makes another attempt: it does not wait for this connection
   * any more. The connection goes on, and its keeper decides once it is ready.
   */
  public void disown() {
    ConnectionOwner o = owner;
    if (o != null) {
      owner = null;
      if (o.pending() == this) {
        o.pending(null);
      }
    }
    assert invariant();
  }

  /**
   * The engine drains: the mux takes no new stream and closes when it is done; without a mux the
   * connection is closed at once.
   */
  public void drain() {
    Mux m = mux;
    if (m == null) {
      closeNow(CloseCause.DRAINING);
      return;
    }
    if (state != ConnectionState.DRAINING) {
      enter(ConnectionState.DRAINING);
      m.drain();
    }
  }

  /** Closes with a reset, so that no port is left in TIME_WAIT: for idle pooled connections. */
  public void evict(CloseCause cause) {
    port.closeByReset();
    closeNow(cause);
  }

  // ---- dispatch ----

  @Override
  public void onReady(int readyOps) {
    switch (state) {
      case CONNECTING -> opening.finishConnect();
      case HANDSHAKING -> opening.onHandshakeReady(readyOps);
      case ACTIVE, IDLE, DRAINING -> {
        if ((readyOps & Interest.WRITE) != 0) {
          output.flush(true);
        }
        if ((readyOps & Interest.READ) != 0) {
          runInput(true);
        }
      }
      case CLOSED -> {
        // The poller may still have had this event in hand.
      }
    }
  }

  @Override
  public void onHandlerFailure(Throwable problem) {
    // The loop has reported it.
    if (state != ConnectionState.CLOSED) {
      die(
          ResetCode.INTERNAL_ERROR,
          new Failure(CloseCause.INTERNAL_ERROR, "a handler failed: " + problem));
    }
  }

  /** Called by the installer: from now on the connection owns the interest of its socket. */
  void afterInstall() {
    times.ready(loop.nowNanos());
    sessionFacts = transport.sessionFacts();
    stageTimer.cancel();
    pending.add(PendingWork.READY | PendingWork.INPUT);
    output.flushLater();
  }

  void runInput(boolean ready) {
    if (closing.underWay()) {
      closing.onReadable();
    } else if (state.hasMux()) {
      input.run(ready);
    }
  }

  /** Whoever asked for the closure also told why. */
  void dieAsDecided() {
    Failure cause = failure;
    die(closing.resetCode(), cause != null ? cause : Failure.of(CloseCause.INTERNAL_ERROR));
  }

  /** The end. From the dispatch only. */
  void die(ResetCode code, Failure cause) {
    if (mux == null) {
      MuxInstaller.fail(this, cause, true);
      return;
    }
    shut(cause);
    Mux m = MuxInstaller.remove(this);
    try {
      m.onClosed(code, cause.cause());
    } finally {
      keeper.onClosed(this, cause);
    }
  }

  /** Closes the socket and gives back what is held. */
  void shut(Failure cause) {
    if (failure == null) {
      failure = cause;
    }
    stageTimer.cancel();
    port.close();
    opening.release();
    transport.release();
    input.release();
    output.release();
  }

  void enter(ConnectionState next) {
    assert state.mayBecome(next) || state == next : state + " -> " + next;
    state = next;
    assert invariant() : this;
  }

  private boolean invariant() {
    ConnectionOwner o = owner;
    return switch (state) {
      case CONNECTING, HANDSHAKING -> mux == null && (o == null || o.pending() == this);
      case ACTIVE, IDLE, DRAINING -> mux != null && o == null;
      case CLOSED -> mux == null && o == null;
    };
  }

  // ---- for the classes of this package ----

  SocketPort port() {
    return port;
  }

  @Nullable ConnectionOwner owner() {
    return owner;
  }

  /** Who keeps it. */
  public ConnectionKeeper keeper() {
    return keeper;
  }

  StreamAcceptor acceptor() {
    return Objects.requireNonNull(acceptor, "a front connection has an acceptor");
  }

  Transport transport() {
    return transport;
  }

  ConnectionInput input() {
    return input;
  }

  ConnectionOutput output() {
    return output;
  }

  ConnectionClosing closing() {
    return closing;
  }

  PendingWork pending() {
    return pending;
  }

  /** Whether the mux may still be given input and writability. */
  boolean takesInput() {
    return state.hasMux() && !closing.underWay() && !dying();
  }

  /** Whether the end has been decided on, and comes with the pending task. */
  boolean dying() {
    return pending.dying();
  }

  /** A lent step of the handshake is back. */
  void afterHandshakeStep() {
    opening.afterHandshakeStep(true);
  }

  void onStageExpired(CloseCause cause) {
    if (closed()) {
      return;
    }
    Failure reason = failure;
    die(ResetCode.TIMEOUT, closing.underWay() && reason != null ? reason : Failure.of(cause));
  }

  void dieLater(ResetCode code, Failure cause) {
    if (closed() || dying()) {
      return;
    }
    closing.resetCode(code);
    failure = cause;
    pending.add(PendingWork.DIE);
  }

  void armStage(CloseCause cause, long delayNanos) {
    stageTimer.arm(cause, delayNanos);
  }

  void countRead(int bytes) {
    times.readAt(loop.nowNanos(), bytes);
  }

  void updateInterest() {
    if (!state.hasMux()) {
      return;
    }
    boolean read = closing.underWay() ? closing.wantsRead() : input.wantsRead();
    port.interest((read ? Interest.READ : 0) | (output.waits() ? Interest.WRITE : 0));
  }

  void reportProblem(String what, Throwable problem) {
    loop.logLimiter().warn(LOGGER, loop.nowNanos(), what + " (" + this + ")", problem);
  }

  // ---- MuxHost ----

  @Override
  public Side side() {
    return settings.side();
  }

  @Override
  public ApplicationProtocol applicationProtocol() {
    return transport.applicationProtocol();
  }

  @Override
  public boolean secure() {
    return settings.transport().handshakes();
  }

  @Override
  public int write(ByteBuffer bytes) {
    return output.write(bytes);
  }

  @Override
  public boolean writeReserved(ByteBuffer bytes) {
    return output.writeReserved(bytes);
  }

  @Override
  public int writableBytes() {
    return output.writableBytes();
  }

  @Override
  public void wantWritable() {
    output.wantWritable();
  }

  @Override
  public void resumeInput() {
    input.refresh();
    pending.add(PendingWork.INPUT);
  }

  @Override
  public boolean supportsHalfClose() {
    return transport.supportsHalfClose();
  }

  @Override
  public void endOutput() {
    output.end();
  }

  @Override
  public void closeGracefully(CloseCause cause) {
    if (!takesInput()) {
      return;
    }
    failure = Failure.of(cause);
    if (state != ConnectionState.DRAINING) {
      enter(ConnectionState.DRAINING);
    }
    closing.begin();
    output.flushLater();
  }

  @Override
  public void closeNow(CloseCause cause) {
    dieLater(ResetCode.CONNECTION_CLOSED, Failure.of(cause));
  }

  @Override
  public void capacityChanged() {
    pending.add(PendingWork.CAPACITY);
  }

  @Override
  public void count(WireEvent event) {
    settings.wire().add(loop.index(), side() == Side.FRONT, event);
  }

  @Override
  public LimitConfig limits() {
    return settings.limits();
  }

  @Override
  public TimeoutConfig timeouts() {
    return settings.timeouts();
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public BufferPool heapBuffers() {
    return loop.heapBuffers();
  }

  @Override
  public TimerWheel timers() {
    return loop.timers();
  }

  @Override
  public long nowNanos() {
    return loop.nowNanos();
  }

  @Override
  public String toString() {
    Mux m = mux;
    return "%s %s to %s, %s%s"
        .formatted(
            settings.side(),
            state,
            target.address(),
            m == null ? "no mux" : m.name(),
            failure == null ? "" : ", " + failure);
  }
}
