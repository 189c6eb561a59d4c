package dev.sluice.core.connection;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.buffer.BufferQueue;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.loop.AcceptedSocket;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.Interest;
import dev.sluice.core.loop.IoHandler;
import dev.sluice.core.loop.TurnTask;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import dev.sluice.core.time.TimerWheel;
import dev.sluice.core.transport.ApplicationProtocol;
import dev.sluice.core.transport.HandshakeStatus;
import dev.sluice.core.transport.LentStep;
import dev.sluice.core.transport.Transport;
import dev.sluice.core.transport.TransportHost;
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
public final class Connection implements MuxHost, TransportHost, IoHandler {
  static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private static final Logger LOGGER = System.getLogger(Connection.class.getName());

  private final EventLoop loop;
  private final ConnectionSettings settings;
  private final TransportTarget target;
  private final ConnectionKeeper keeper;
  private final @Nullable StreamAcceptor acceptor;
  private final Transport transport;
  private final SocketPort port;
  private final ConnectionInput input;
  private final ConnectionClosing closing;
  private final ConnectionOutput output;
  private final PendingTask pendingTask = new PendingTask();
  private final StageTimer stageTimer = new StageTimer();
  private final ConnectionTimes times = new ConnectionTimes();

  private ConnectionState state = ConnectionState.CONNECTING;
  private @Nullable Failure failure;

  /** Written by {@link MuxInstaller} alone. */
  @Nullable Mux mux;

  /** Cleared by {@link MuxInstaller} and {@link #disown()} alone. */
  @Nullable ConnectionOwner owner;

  /** What the pending task has to do, as bits. */
  private int pending;

  private boolean recognizing;
  private String sessionFacts = "";

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
    this.transport = settings.transport().create(this, target);
    this.input = new ConnectionInput(this);
    this.closing = new ConnectionClosing(this, input, transport);
    this.output = new ConnectionOutput(this, loop, transport, closing);
  }

  // ---- making ----

  /**
   * Begins a connection to a server. The owner's pending is set to it, unless the result is known
   * at once.
   *
   * @param source the local address, or null for any
   * @return the connection; {@link #dialResult()} tells how far it came within this call
   */
  public static Connection dial(
      EventLoop loop,
      ConnectionSettings settings,
      TransportTarget target,
      @Nullable SocketAddress source,
      ConnectionOwner owner,
      ConnectionKeeper keeper) {
    assert loop.inLoop();
    assert settings.side() == Side.BACK;
    Connection connection = new Connection(loop, settings, target, keeper, null);
    connection.own(owner);
    connection.times.begin(loop.nowNanos());
    connection.stageTimer.arm(CloseCause.CONNECT_TIMEOUT, settings.timeouts().connect().toNanos());
    try {
      connection.port.connect(target.address(), source, connection);
    } catch (IOException e) {
      MuxInstaller.fail(connection, SocketPort.connectFailure(e), false);
      return connection;
    }
    if (connection.port.connected()) {
      connection.onConnected(false);
    } else {
      connection.port.interest(Interest.CONNECT);
    }
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
      AcceptedSocket accepted,
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
    connection.onConnected(true);
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

  /** The address of the peer as the socket tells it, or null before it is connected. */
  public @Nullable SocketAddress remoteAddress() {
    return port.remoteAddress();
  }

  /** Our own address, or null before it is connected. */
  public @Nullable SocketAddress localAddress() {
    return port.localAddress();
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

  /** What the handshake told, in one line, once there was a mux; empty if nothing. */
  public String sessionFacts() {
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

  /** Whether streams may be attached: there is a mux with room, and nobody is closing. */
  public boolean usable() {
    Mux m = mux;
    return m != null
        && (state == ConnectionState.ACTIVE || state == ConnectionState.IDLE)
        && (pending & Pending.DIE) == 0
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
      case CONNECTING -> finishConnect();
      case HANDSHAKING -> {
        if (recognizing) {
          recognize();
        } else {
          transport.onReady(readyOps);
          afterHandshakeStep(true);
        }
      }
      case ACTIVE, IDLE, DRAINING -> {
        if ((readyOps & Interest.WRITE) != 0) {
          output.flush(true);
        }
        if ((readyOps & Interest.READ) != 0) {
          runInput();
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

  private void finishConnect() {
    try {
      if (!port.finishConnect()) {
        return;
      }
    } catch (IOException e) {
      MuxInstaller.fail(this, SocketPort.connectFailure(e), true);
      return;
    }
    onConnected(true);
  }

  private void onConnected(boolean tellOwner) {
    enter(ConnectionState.HANDSHAKING);
    times.connected(loop.nowNanos());
    stageTimer.arm(CloseCause.HANDSHAKE_TIMEOUT, settings.timeouts().handshake().toNanos());
    transport.start();
    afterHandshakeStep(tellOwner);
  }

  private void afterHandshakeStep(boolean tellOwner) {
    if (state != ConnectionState.HANDSHAKING || (pending & Pending.DIE) != 0) {
      return;
    }
    HandshakeStatus status = transport.handshakeStatus();
    if (status == HandshakeStatus.FAILED) {
      Failure cause = transport.failure();
      MuxInstaller.fail(
          this, cause != null ? cause : Failure.of(CloseCause.HANDSHAKE_FAILED), tellOwner);
    } else if (status == HandshakeStatus.COMPLETE) {
      if (settings.recognizers().isEmpty()) {
        MuxInstaller.complete(this, null, tellOwner);
      } else {
        recognizing = true;
        stageTimer.arm(CloseCause.CLIENT_TIMEOUT, settings.timeouts().httpRequest().toNanos());
        port.interest(Interest.READ);
      }
    }
  }

  /** The first bytes on a clear listener are the negotiation. */
  private void recognize() {
    ByteBuffer bytes = input.peek();
    if (bytes == null || state != ConnectionState.HANDSHAKING) {
      return;
    }
    Recognizer.Verdict verdict = Recognizer.ask(settings.recognizers(), bytes);
    boolean noMore = input.ended() || input.isFull();
    if (verdict.more() && !noMore) {
      return;
    }
    if (input.ended() && !bytes.hasRemaining()) {
      MuxInstaller.fail(
          this, new Failure(CloseCause.CLIENT_ABORT, "closed before the first byte"), true);
      return;
    }
    recognizing = false;
    MuxInstaller.complete(this, verdict.provider(), true);
  }

  /** Called by the installer: from now on the connection owns the interest of its socket. */
  void afterInstall() {
    times.ready(loop.nowNanos());
    sessionFacts = transport.sessionFacts();
    stageTimer.cancel();
    pend(Pending.READY | Pending.INPUT);
    output.flushLater();
  }

  private void runInput() {
    if (closing.underWay()) {
      closing.onReadable();
    } else if (state.hasMux()) {
      input.run();
    }
  }

  /** What a turn left to be done once its events are handled. */
  private void runPending() {
    int work = pending;
    pending = 0;
    if (state == ConnectionState.CLOSED) {
      return;
    }
    if ((work & Pending.DIE) != 0) {
      // Whoever asked for the closure also told why.
      Failure cause = failure;
      die(closing.resetCode(), cause != null ? cause : Failure.of(CloseCause.INTERNAL_ERROR));
      return;
    }
    if ((work & Pending.READY) != 0 && state.hasMux()) {
      keeper.onReady(this);
    }
    if ((work & Pending.INPUT) != 0) {
      runInput();
    }
    if ((work & Pending.WRITABLE) != 0) {
      output.tellWritable();
    }
    if ((work & Pending.CAPACITY) != 0 && state.hasMux()) {
      keeper.onCapacityChanged(this);
    }
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

  private void own(ConnectionOwner newOwner) {
    assert newOwner.pending() == null : "an owner waits for one connection at a time";
    owner = newOwner;
    newOwner.pending(this);
    assert invariant();
  }

  // ---- for the classes of this package ----

  @Nullable ConnectionOwner owner() {
    return owner;
  }

  ConnectionKeeper keeper() {
    return keeper;
  }

  StreamAcceptor acceptor() {
    return Objects.requireNonNull(acceptor, "a front connection has an acceptor");
  }

  Transport transport() {
    return transport;
  }

  /** Whether the mux may still be given input and writability. */
  boolean takesInput() {
    return state.hasMux() && !closing.underWay() && (pending & Pending.DIE) == 0;
  }

  void tellWritableSoon() {
    pend(Pending.WRITABLE);
  }

  void continueInput() {
    pend(Pending.INPUT);
  }

  /** The transport or its socket broke while reading or writing. */
  void transportFailed() {
    Failure cause = transport.failure();
    dieLater(
        ResetCode.CONNECTION_RESET, cause != null ? cause : Failure.of(CloseCause.INTERNAL_ERROR));
  }

  void dieLater(ResetCode code, Failure cause) {
    if (state == ConnectionState.CLOSED || (pending & Pending.DIE) != 0) {
      return;
    }
    closing.resetCode(code);
    failure = cause;
    pend(Pending.DIE);
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
    port.interest((read ? Interest.READ : 0) | (transport.hasPendingOutput() ? Interest.WRITE : 0));
  }

  void reportProblem(String what, Throwable problem) {
    loop.logLimiter().warn(LOGGER, loop.nowNanos(), what + " (" + this + ")", problem);
  }

  private void pend(int work) {
    pending |= work;
    loop.pend(pendingTask);
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
    return takesInput() ? transport.writableBytes() : 0;
  }

  @Override
  public void wantWritable() {
    output.wantWritable();
  }

  @Override
  public void resumeInput() {
    input.refresh();
    pend(Pending.INPUT);
  }

  @Override
  public boolean supportsHalfClose() {
    return transport.supportsHalfClose();
  }

  @Override
  public void endOutput() {
    if (takesInput()) {
      transport.endOutput();
      output.flushLater();
    }
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
    pend(Pending.CAPACITY);
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

  // ---- TransportHost ----

  @Override
  public int receive(ByteBuffer bytes) {
    return port.receive(bytes);
  }

  @Override
  public boolean send(BufferQueue bytes) {
    return port.send(bytes);
  }

  @Override
  public void shutdownOutput() {
    port.shutdownOutput();
  }

  @Override
  public @Nullable Failure socketFailure() {
    return port.failure();
  }

  @Override
  public void interest(int ops) {
    assert state == ConnectionState.HANDSHAKING : "the transport owns the interest till then";
    port.interest(ops);
  }

  @Override
  public void lend(LentStep step) {
    settings
        .handshakeExecutor()
        .execute(
            () -> {
              try {
                step.run();
              } finally {
                loop.execute(() -> onLentReturned(step));
              }
            });
  }

  private void onLentReturned(LentStep step) {
    step.onReturned();
    afterHandshakeStep(true);
  }

  @Override
  public boolean closed() {
    return state == ConnectionState.CLOSED;
  }

  @Override
  public BufferPool heapBuffers() {
    return loop.heapBuffers();
  }

  @Override
  public BufferPool directBuffers() {
    return loop.directBuffers();
  }

  @Override
  public int outputBytesMax() {
    return settings.limits().outputBytesMax();
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

  /** Bits of what the pending task has to do. */
  private static final class Pending {
    static final int READY = 1;
    static final int INPUT = 2;
    static final int WRITABLE = 4;
    static final int CAPACITY = 8;
    static final int DIE = 16;
  }

  private final class PendingTask extends TurnTask {
    @Override
    protected void runTurn() {
      runPending();
    }

    @Override
    protected void onTurnFailure(Throwable problem) {
      onHandlerFailure(problem);
    }
  }

  /** The deadline of the present stage: connect, handshake, the last bytes. */
  private final class StageTimer extends Timer {
    private CloseCause cause = CloseCause.CONNECT_TIMEOUT;

    void arm(CloseCause expiry, long delayNanos) {
      cause = expiry;
      loop.timers().arm(this, Deadline.after(loop.nowNanos(), delayNanos));
    }

    void cancel() {
      loop.timers().cancel(this);
    }

    @Override
    protected void onTimer(long nowNanos) {
      if (state == ConnectionState.CLOSED) {
        return;
      }
      Failure reason = failure;
      die(ResetCode.TIMEOUT, closing.underWay() && reason != null ? reason : Failure.of(cause));
    }

    @Override
    protected void onTimerFailure(Throwable problem) {
      onHandlerFailure(problem);
    }
  }
}
