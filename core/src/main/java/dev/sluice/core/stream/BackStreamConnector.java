package dev.sluice.core.stream;

import dev.sluice.core.backend.Acquisition;
import dev.sluice.core.backend.Approach;
import dev.sluice.core.backend.Backend;
import dev.sluice.core.backend.FailedServers;
import dev.sluice.core.backend.Server;
import dev.sluice.core.backend.pool.Demand;
import dev.sluice.core.backend.pool.SessionConnections;
import dev.sluice.core.backend.pool.Shortage;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionOwner;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangePhase;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.RetryKind;
import dev.sluice.core.observe.SessionFacts;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
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
  private final ProxyStream stream;
  private final Acquisition acquisition = new Acquisition();
  private final Demand demand = new Demand();
  private final ApproachChoice approaches;
  private final QueuePlace place;
  private final Retries retries = new Retries();
  private final FailedServers failedServers = new FailedServers();
  private final BackoffTimer backoff = new BackoffTimer();

  private StreamEndpoint endpoint;
  private SessionConnections session = new SessionConnections();
  private @Nullable Backend backend;
  private @Nullable Server server;
  private @Nullable Approach approach;
  private @Nullable Connection pending;
  private @Nullable Connection connection;
  private boolean holdsRequest;
  private boolean blocked;
  private long writtenBefore;

  /** What the next attempt follows, while it waits. */
  private RetryKind retryKind = RetryKind.CONNECT_FAILURE;

  BackStreamConnector(ProxyStream stream) {
    this.stream = stream;
    this.endpoint = new StreamEndpoint(this);
    this.approaches = new ApproachChoice(stream);
    this.place = new QueuePlace(stream, this);
  }

  // ---- attempts ----

  /** A new exchange of a client with these private connections. */
  void session(SessionConnections own) {
    session = own;
  }

  /** Begins the first attempt. */
  void begin(Backend to, @Nullable TransportTarget override) {
    backend = to;
    server = null;
    demand.begin(session);
    failedServers.clear();
    approaches.begin(override);
    retries.begin(to.retry());
    seek();
  }

  /** Chooses a server and gets a connection to it, or joins its line. */
  private void seek() {
    Backend to = backend;
    assert to != null;
    assert pending == null && connection == null && !holdsRequest : "an attempt is under way";
    Server chosen = to.choose(failedServers, session);
    server = chosen;
    Approach by = approaches.choose(chosen);
    approach = by;
    demand.set(approaches.key(chosen, by), sharing(to.reuse()));
    stream.record().attempt(chosen.name());
    if (!acquire(chosen, by)) {
      queue(chosen, by);
    }
  }

  /**
   * Tries to get a connection.
   *
   * @return false if the request has to wait
   */
  private boolean acquire(Server from, Approach by) {
    from.acquire(stream.loop(), by, demand, this, place, acquisition);
    Acquisition.Result result = acquisition.result();
    if (result == Acquisition.Result.MUST_WAIT) {
      return false;
    }
    holdsRequest = true;
    place.leave();
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

  private void queue(Server from, Approach by) {
    stream.record().phase(ExchangePhase.QUEUE);
    if (!place.join(from, demand, acquisition.shortage())) {
      if (acquisition.shortage() == Shortage.MOVE) {
        // No place to wait for a connection of another loop: one can be dialled as well.
        demand.staysHere();
        if (acquire(from, by)) {
          return;
        }
      }
      giveUp(CloseCause.QUEUE_FULL, "");
    }
  }

  /** Something may have become free. */
  void onTurn() {
    Server from = server;
    Approach by = approach;
    if (from != null && by != null) {
      acquire(from, by);
    }
  }

  void onQueueTimeout() {
    giveUp(CloseCause.QUEUE_TIMEOUT, "");
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

  // ---- what follows on an attempt ----

  /** The connect or the handshake of an attempt has failed: another one, or the end. */
  private void attemptFailed(Failure failure) {
    Server failed = server;
    assert failed != null;
    stream.sink().onConnectFailed(stream.loop().index(), failed.name(), failure);
    if (failure.cause() == CloseCause.NO_COMMON_PROTOCOL) {
      approaches.onNoCommonProtocol(failed);
    }
    letGo(ResetCode.CANCEL);
    Backend to = backend;
    assert to != null;
    to.failed(failed, failedServers);
    RetryKind kind = RetryPolicy.ofConnect(failure.cause());
    boolean elsewhere = to.hasOther(failedServers);
    if (RetryPolicy.mayReconnect(failure.cause(), elsewhere)
        && retries.grant(kind, failed.counters())) {
      seekAfter(kind, elsewhere);
    } else {
      giveUp(failure.cause(), failure.detail());
    }
  }

  /**
   * Takes leave for another attempt after the request was sent; the present one goes on until then.
   *
   * @param kind how the present one ends
   * @return whether one is left
   */
  boolean mayTryAgain(RetryKind kind) {
    Server failed = server;
    assert failed != null;
    return kind == RetryKind.HTTP_1_1_REQUIRED
        ? approaches.onHttp11Required(failed)
        : retries.grant(kind, failed.counters());
  }

  /** Lets go of the present attempt for the sake of the next, for which leave was taken. */
  void tryAgain(RetryKind kind) {
    Server failed = server;
    Backend to = backend;
    assert failed != null && to != null;
    if (kind == RetryKind.HTTP_1_1_REQUIRED) {
      letGo(ResetCode.CANCEL);
      seekNow(kind);
      return;
    }
    if (kind == RetryKind.REFUSED) {
      demand.refusedBy(connection);
    } else if (RetryPolicy.needsFreshConnection(kind)) {
      demand.freshSince(stream.loop().nowNanos());
    }
    to.failed(failed, failedServers);
    letGo(kind == RetryKind.RESPONSE_TIMEOUT ? ResetCode.TIMEOUT : ResetCode.CANCEL);
    seekAfter(kind, kind == RetryKind.REFUSED || to.hasOther(failedServers));
  }

  /** Nothing of the last attempt is held any more: the next one, at once or after a wait. */
  private void seekAfter(RetryKind kind, boolean elsewhere) {
    long now = stream.loop().nowNanos();
    long wait = retries.waitNanos(elsewhere, now, stream.timeouts().queue().toNanos());
    if (wait == 0) {
      seekNow(kind);
      return;
    }
    retryKind = kind;
    stream.record().phase(ExchangePhase.QUEUE);
    stream.loop().timers().arm(backoff, Deadline.after(now, wait));
  }

  private void seekNow(RetryKind kind) {
    Server failed = server;
    assert failed != null;
    failed.counters().onRetry(kind);
    stream.record().retry(kind);
    seek();
  }

  Retries retries() {
    return retries;
  }

  private void giveUp(CloseCause cause, String detail) {
    Server from = server;
    if (from != null && (cause == CloseCause.QUEUE_FULL || cause == CloseCause.QUEUE_TIMEOUT)) {
      from.counters().onRefused(cause);
    }
    letGo(ResetCode.CANCEL);
    stream.answerFailure(cause, detail);
  }

  /**
   * Lets go of whatever the present attempt holds: before any waiting starts, and at the end. A
   * connection that is still being made goes on for others. Idempotent.
   */
  void letGo(ResetCode code) {
    place.leave();
    if (backoff.armed()) {
      stream.loop().timers().cancel(backoff);
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
      from.releaseRequest(stream.loop());
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

  /** Whether any byte of an answer to the present attempt has come, as far as its mux can tell. */
  boolean answerBegun() {
    MuxStream lower = endpoint.stream();
    return lower != null && lower.answerBegun();
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

  /** The wait before the next attempt, in which nothing is held. */
  private final class BackoffTimer extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      seekNow(retryKind);
    }

    @Override
    protected void onTimerFailure(Throwable problem) {
      stream.onBroken(problem);
    }
  }
}
