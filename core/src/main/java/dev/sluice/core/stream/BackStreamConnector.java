package dev.sluice.core.stream;

import dev.sluice.core.backend.Acquisition;
import dev.sluice.core.backend.Approach;
import dev.sluice.core.backend.Backend;
import dev.sluice.core.backend.Server;
import dev.sluice.core.backend.pool.Demand;
import dev.sluice.core.backend.pool.PoolKey;
import dev.sluice.core.backend.pool.SessionConnections;
import dev.sluice.core.backend.pool.Waiter;
import dev.sluice.core.config.ProxyProtocolVersion;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionOwner;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.ClientFacts;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangePhase;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.SessionFacts;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import dev.sluice.core.transport.ProxyHeader;
import dev.sluice.core.transport.TransportTarget;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The server side of an exchange: it outlives its attempts. Each attempt has a server, a request
 * permit, and an endpoint that is dropped whole when the attempt fails. Confined to its loop.
 *
 * <p>{@code pending} is set exactly while a connection without a mux waits for this connector.
 */
final class BackStreamConnector implements StreamHandler, ConnectionOwner {
  private static final String WEBSOCKET = "websocket";

  private final ProxyStream stream;
  private final Acquisition acquisition = new Acquisition();
  private final Demand demand = new Demand();
  private final QueueWaiter waiter = new QueueWaiter();
  private final QueueTimer queueTimer = new QueueTimer();

  private StreamEndpoint endpoint;
  private SessionConnections session = new SessionConnections();
  private @Nullable Backend backend;
  private @Nullable TransportTarget destination;
  private @Nullable Server server;
  private @Nullable Approach approach;
  private @Nullable Connection pending;
  private @Nullable Connection connection;
  private boolean holdsRequest;
  private boolean blocked;
  private boolean single;
  private int connectsLeft;
  private int replaysLeft;
  private int refusalsLeft;
  private long queuedSinceNanos;
  private long writtenBefore;

  BackStreamConnector(ProxyStream stream) {
    this.stream = stream;
    this.endpoint = new StreamEndpoint(this);
  }

  // ---- attempts ----

  /** A new exchange of a client with these private connections. */
  void session(SessionConnections own) {
    session = own;
  }

  /** Begins the first attempt. */
  void begin(Backend to, @Nullable TransportTarget override) {
    backend = to;
    destination = override;
    server = null;
    single = false;
    demand.begin(session);
    connectsLeft = to.retry().connectsMax();
    replaysLeft = to.retry().replaysMax();
    refusalsLeft = to.retry().refusalsMax();
    seek(null);
  }

  /** Chooses a server and gets a connection to it, or joins its line. */
  private void seek(@Nullable Server avoid) {
    Backend to = backend;
    assert to != null;
    assert pending == null && connection == null && !holdsRequest : "an attempt is under way";
    Server chosen = to.choose(avoid, session);
    server = chosen;
    Approach by = approach(chosen);
    approach = by;
    PoolKey key = key(chosen, by);
    demand.set(key, sharing(to.reuse()));
    stream.record().attempt(chosen.name());
    if (!acquire(chosen, by)) {
      queue(chosen);
    }
  }

  private Approach approach(Server to) {
    Approach other = to.singleApproach();
    if (other == null) {
      single = false;
      return to.approach();
    }
    if (asksForWebSocket()) {
      single |= to.approach().hint(key(to, to.approach())).webSocketsRefused();
    }
    return single ? other : to.approach();
  }

  /** In whichever version of HTTP. */
  private boolean asksForWebSocket() {
    RequestHead request = stream.request();
    return request.hasProtocol() && WEBSOCKET.equalsIgnoreCase(request.protocol());
  }

  private PoolKey key(Server of, Approach by) {
    TransportTarget override = destination;
    PoolKey key = by.key();
    if (override != null) {
      key = key.withTarget(override);
    }
    ProxyProtocolVersion version = of.config().proxyHeader();
    if (version != null) {
      ClientFacts client = stream.client();
      key = key.withProxyHeader(ProxyHeader.of(version, client.address(), client.reachedAt()));
    }
    return key;
  }

  /**
   * Tries to get a connection.
   *
   * @return false if the request has to wait
   */
  private boolean acquire(Server from, Approach by) {
    from.acquire(stream.loop(), by, demand, this, waiter, acquisition);
    Acquisition.Result result = acquisition.result();
    if (result == Acquisition.Result.MUST_WAIT) {
      return false;
    }
    holdsRequest = true;
    leaveLine(from);
    stream.record().phase(ExchangePhase.CONNECT);
    Connection got = acquisition.connection();
    acquisition.clear();
    switch (result) {
      case REUSED -> attached(got, true);
      case READY -> attached(got, false);
      case FAILED -> {
        Failure failure = got.failure();
        attemptFailed(failure != null ? failure : Failure.of(CloseCause.CONNECT_FAILED));
      }
      case PENDING, MUST_WAIT -> {
        // The connection calls when it is ready or has failed.
      }
    }
    return true;
  }

  private Demand.Sharing sharing(Reuse reuse) {
    if (stream.isTcp()) {
      return Demand.Sharing.NONE;
    }
    return switch (reuse) {
      case NEVER -> Demand.Sharing.NONE;
      case SAFE -> outlivesItsConnection() ? Demand.Sharing.ANY : Demand.Sharing.WHEN_FULL;
      case AGGRESSIVE -> outlivesItsConnection() ? Demand.Sharing.ANY : Demand.Sharing.PROVEN;
      case ALWAYS -> Demand.Sharing.ANY;
    };
  }

  /** Whether the death of a connection would not be the end of the request, or of the client. */
  private boolean outlivesItsConnection() {
    return !stream.firstOfClient() || stream.replayableAtHead();
  }

  private void queue(Server from) {
    stream.record().phase(ExchangePhase.QUEUE);
    if (!from.join(waiter, stream.loop(), demand, acquisition.shortage())) {
      giveUp(CloseCause.QUEUE_FULL, "");
      return;
    }
    queuedSinceNanos = stream.loop().nowNanos();
    stream
        .loop()
        .timers()
        .arm(queueTimer, Deadline.after(queuedSinceNanos, stream.timeouts().queue().toNanos()));
  }

  private void leaveLine(Server from) {
    if (queueTimer.armed()) {
      stream.record().queued(stream.loop().nowNanos() - queuedSinceNanos);
      stream.loop().timers().cancel(queueTimer);
    }
    from.leave(waiter);
  }

  private void attached(Connection to, boolean reused) {
    connection = to;
    blocked = false;
    writtenBefore = to.bytesWritten();
    MuxStream lower = endpoint.stream();
    assert lower != null : "attached without a stream";
    tell(to, lower.protocol(), reused);
    stream.onServerReady();
  }

  private void tell(Connection to, String protocol, boolean reused) {
    ExchangeRecord record = stream.record();
    long now = stream.loop().nowNanos();
    SessionFacts session = to.sessionFacts();
    if (reused) {
      record.reused(protocol, session, to.secure(), now);
    } else {
      long connect = to.times().connectNanos();
      long handshake = to.times().handshakeNanos();
      record.connected(protocol, session, to.secure(), connect, handshake, now);
    }
  }

  /** The connect or the handshake of an attempt has failed: another one, or the end. */
  private void attemptFailed(Failure failure) {
    Server failed = server;
    assert failed != null;
    stream.sink().onConnectFailed(stream.loop().index(), failed.name(), failure);
    if (single && failure.cause() == CloseCause.NO_COMMON_PROTOCOL) {
      rememberWebSockets(failed, false);
    }
    letGo(ResetCode.CANCEL);
    Backend to = backend;
    boolean elsewhere = to != null && to.servers().size() > 1;
    if (connectsLeft > 0 && RetryPolicy.mayReconnect(failure.cause(), elsewhere)) {
      connectsLeft--;
      failed.counters().onRetry();
      seek(failed);
    } else {
      giveUp(failure.cause(), failure.detail());
    }
  }

  /**
   * Another attempt after the request was sent.
   *
   * @param code how the last one ended
   * @return false if no attempt is left
   */
  boolean replay(ResetCode code) {
    Server failed = server;
    assert failed != null;
    switch (code) {
      case HTTP_1_1_REQUIRED -> {
        if (single || failed.singleApproach() == null) {
          return false;
        }
        single = true;
        if (asksForWebSocket()) {
          rememberWebSockets(failed, true);
        }
      }
      case REFUSED -> {
        if (refusalsLeft == 0) {
          return false;
        }
        refusalsLeft--;
        demand.refusedBy(connection);
      }
      default -> {
        if (replaysLeft == 0) {
          return false;
        }
        replaysLeft--;
        demand.freshSince(stream.loop().nowNanos());
      }
    }
    letGo(ResetCode.CANCEL);
    failed.counters().onRetry();
    seek(code == ResetCode.HTTP_1_1_REQUIRED ? null : failed);
    return true;
  }

  private void rememberWebSockets(Server of, boolean refused) {
    of.approach().hint(key(of, of.approach())).webSocketsRefused(refused);
  }

  private void giveUp(CloseCause cause, String detail) {
    letGo(ResetCode.CANCEL);
    stream.answerFailure(cause, detail);
  }

  /**
   * Lets go of whatever the present attempt holds: before any waiting starts, and at the end. A
   * connection that is still being made goes on for others. Idempotent.
   */
  void letGo(ResetCode code) {
    Server from = server;
    if (from != null) {
      leaveLine(from);
    }
    Connection made = pending;
    if (made != null) {
      made.disown();
    }
    connection = null;
    if (!endpoint.dropped()) {
      endpoint.drop(code);
    }
    releaseRequest();
  }

  /** The server has not answered in time. Before the attempt is let go of. */
  void unanswered() {
    Server from = server;
    Connection on = connection;
    if (from != null && on != null) {
      from.pool(stream.loop()).onUnanswered(on, stream.timeouts().server().toNanos());
    }
  }

  private void releaseRequest() {
    Server from = server;
    if (holdsRequest && from != null) {
      holdsRequest = false;
      from.releaseRequest();
    }
  }

  /** Whether nothing of any attempt is left. */
  boolean over() {
    return !holdsRequest && pending == null && connection == null;
  }

  /** Whether any byte of the present attempt has been written. */
  boolean written() {
    Connection on = connection;
    return on == null || on.bytesWritten() != writtenBefore;
  }

  boolean blocked() {
    return blocked;
  }

  // ---- calls down ----

  void sendHead(MessageHead head, boolean end) {
    MuxStream lower = endpoint.stream();
    if (lower != null) {
      lower.sendHead(head, end);
    }
  }

  int send(ByteBuffer data, boolean end) {
    MuxStream lower = endpoint.stream();
    if (lower == null) {
      return 0;
    }
    int taken = lower.send(data, end);
    blocked = data.hasRemaining();
    return taken;
  }

  void sendTrailers(Fields trailers) {
    MuxStream lower = endpoint.stream();
    if (lower != null) {
      lower.sendTrailers(trailers);
    }
  }

  void sendEnd() {
    MuxStream lower = endpoint.stream();
    if (lower != null) {
      lower.sendEnd();
    }
  }

  void resume() {
    MuxStream lower = endpoint.stream();
    if (lower != null) {
      lower.resume();
    }
  }

  // ---- ConnectionOwner ----

  @Override
  public @Nullable Connection pending() {
    return pending;
  }

  @Override
  public void pending(@Nullable Connection waitedFor) {
    pending = waitedFor;
  }

  @Override
  public StreamEndpoint endpoint() {
    if (endpoint.over()) {
      endpoint.reopen(this);
    } else if (endpoint.dropped()) {
      // Its mux stream still has to let go of it.
      endpoint = new StreamEndpoint(this);
    }
    return endpoint;
  }

  @Override
  public void onConnectionReady(Connection ready) {
    attached(ready, false);
  }

  @Override
  public void onConnectionFailed(Connection failed, Failure failure) {
    attemptFailed(failure);
  }

  // ---- StreamHandler ----

  @Override
  public void onHead(MessageHead head, boolean end) {
    ResponseHead response = (ResponseHead) head;
    Connection on = connection;
    Server from = server;
    if (on != null && from != null && ConnectionAuthentication.begins(response)) {
      from.pool(stream.loop()).makePrivate(on, session);
    }
    stream.onResponseHead(response, end);
  }

  @Override
  public int onData(ByteBuffer data, boolean end) {
    return stream.onResponseData(data, end);
  }

  @Override
  public void onTrailers(Fields trailers) {
    stream.onResponseTrailers(trailers);
  }

  @Override
  public void onEnd() {
    stream.onResponseEnd();
  }

  @Override
  public void onReset(ResetCode code, CloseCause cause) {
    stream.onServerReset(code, cause);
  }

  @Override
  public void onWritable() {
    blocked = false;
    stream.onServerWritable();
  }

  @Override
  public void onReleased() {
    connection = null;
    releaseRequest();
    stream.onHalfReleased();
  }

  /** Stands in the line of the present server. */
  private final class QueueWaiter extends Waiter {
    @Override
    protected void onTurn() {
      Server from = server;
      Approach by = approach;
      if (from != null && by != null) {
        acquire(from, by);
      }
    }
  }

  private final class QueueTimer extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      stream.record().queued(nowNanos - queuedSinceNanos);
      giveUp(CloseCause.QUEUE_TIMEOUT, "");
    }

    @Override
    protected void onTimerFailure(Throwable problem) {
      stream.onBroken(problem);
    }
  }
}
