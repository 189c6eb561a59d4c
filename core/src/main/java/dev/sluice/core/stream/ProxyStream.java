package dev.sluice.core.stream;

import dev.sluice.core.backend.Backend;
import dev.sluice.core.backend.pool.SessionConnections;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.TurnTask;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.ClientFacts;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangePhase;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.ExchangeSink;
import dev.sluice.core.observe.RetryKind;
import dev.sluice.core.transport.TransportTarget;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One proxied exchange: the front connector, the back connector, and what is decided between them.
 * Confined to its loop; pooled there, and used again once both halves have let go of it.
 */
final class ProxyStream {
  private final EventLoop loop;
  private final StreamPool pool;
  private final FrontStreamConnector front = new FrontStreamConnector(this);
  private final BackStreamConnector back = new BackStreamConnector(this);
  private final ExchangeRecord record = new ExchangeRecord();
  private final RequestHead request;
  private final HeadText requestText;
  private final RequestContent content;
  private final OwnResponse own;
  private final StreamTimer timer = new StreamTimer(this);
  private final Routing routing = new Routing(this);
  private final FirstCause cause = new FirstCause();
  private final RecycleTask recycleTask = new RecycleTask();

  private StreamSettings settings;
  private ClientFacts client = ClientFacts.NONE;
  private StreamPhase phase = StreamPhase.FREE;
  private int generation;

  /** Any byte of a response has come, an informational one included: no replay any more. */
  private boolean responseBegun;

  /** The final response has begun, the server's or ours: there can be no other one. */
  private boolean finalBegun;

  private boolean responseEnded;
  private int informationalHeads;

  ProxyStream(EventLoop loop, StreamPool pool, StreamSettings settings) {
    this.loop = loop;
    this.pool = pool;
    this.settings = settings;
    int bytesMax = settings.limits().headBytesMax();
    int countMax = settings.limits().fieldCountMax();
    this.request = new RequestHead(bytesMax, countMax);
    this.requestText = new HeadText(request);
    this.content = new RequestContent(settings.limits().replayBytesMax(), bytesMax, countMax);
    this.own = new OwnResponse(bytesMax, countMax);
  }

  // ---- the beginning ----

  /** A front mux has a new exchange. */
  StreamHandler accept(
      MuxStream lower, StreamSettings of, ClientFacts facts, SessionConnections own, long began) {
    assert phase == StreamPhase.FREE : phase;
    settings = of;
    client = facts;
    phase = StreamPhase.OPEN;
    responseBegun = false;
    finalBegun = false;
    responseEnded = false;
    informationalHeads = 0;
    cause.clear();
    front.open(lower, of.filters());
    back.session(own);
    record.begin(of.frontend(), lower.protocol(), facts, began);
    of.sink().onBegin(loop.index());
    return front;
  }

  /** In TCP mode there is no head to wait for. */
  void beginTcp() {
    assert settings.mode() == Mode.TCP;
    phase = StreamPhase.ROUTING;
    routing.followAction();
  }

  void onRequestHead(RequestHead head, boolean end) {
    assert phase == StreamPhase.OPEN : phase;
    if (!request.copyFrom(head)) {
      answerFailure(CloseCause.BAD_REQUEST, "the head is larger than headBytesMax");
      return;
    }
    record.request(requestText, loop.nowNanos());
    front.filterRequest(end);
  }

  /** The head of the request has passed the filters. */
  void route(boolean end) {
    content.begin(end);
    phase = StreamPhase.ROUTING;
    routing.begin();
  }

  void forward(Backend to, @Nullable TransportTarget override) {
    record.routed(to.name(), loop.nowNanos());
    phase = StreamPhase.SEEKING;
    back.begin(to, override);
  }

  void answer(FixedResponse response) {
    if (phase.compareTo(StreamPhase.SEEKING) < 0) {
      record.routed("", loop.nowNanos());
    }
    phase = StreamPhase.ANSWERING;
    own.prepare(response);
    sendOwn();
  }

  /** A filter answers: whatever was under way is let go of. */
  void onFilterAnswer(FixedResponse response) {
    if (takeOver(false)) {
      answer(response);
    }
  }

  /** A filter has failed. */
  void onFilterFailed(CloseCause why, String words, boolean headSent) {
    if (takeOver(headSent)) {
      answerFailure(why, words);
    }
  }

  private boolean takeOver(boolean headSent) {
    if (phase == StreamPhase.FREE || phase == StreamPhase.OVER) {
      return false;
    }
    routing.cancel();
    back.letGo(ResetCode.CANCEL);
    finalBegun = headSent;
    responseEnded = false;
    return true;
  }

  /** A filter held the exchange, and lets it go on. */
  void onFilterResumed() {
    timer.clientActive();
    timer.serverActive();
  }

  void suspended() {
    phase = StreamPhase.SUSPENDED;
  }

  boolean isSuspended(int ofGeneration) {
    return generation == ofGeneration && phase == StreamPhase.SUSPENDED;
  }

  // ---- what the client sends ----

  int onRequestData(ByteBuffer data, boolean end) {
    timer.clientActive();
    return switch (phase) {
      case EXCHANGING, TUNNEL -> forwardRequestData(data, end);
      case ANSWERING, OVER -> drop(data);
      case FREE, OPEN, ROUTING, SUSPENDED, SEEKING -> 0;
    };
  }

  private int forwardRequestData(ByteBuffer data, boolean end) {
    if (content.replaying()) {
      return 0;
    }
    int taken = back.send(data, end);
    record.addFromClient(taken);
    if (phase == StreamPhase.TUNNEL) {
      timer.tunnelActive();
    } else if (!responseBegun) {
      content.keep(loop.heapBuffers(), data, taken);
    }
    if (end && !data.hasRemaining()) {
      content.ended();
      timer.requestSent();
    }
    if (content.hasEnded() || back.blocked()) {
      timer.serverActive();
    }
    return taken;
  }

  private int drop(ByteBuffer data) {
    int all = data.remaining();
    data.position(data.limit());
    record.addFromClient(all);
    return all;
  }

  void onRequestTrailers(Fields trailers) {
    timer.clientActive();
    content.endedWith(trailers);
    sendRequestEnd();
  }

  void onRequestEnd() {
    timer.clientActive();
    content.ended();
    sendRequestEnd();
  }

  private void sendRequestEnd() {
    if ((phase == StreamPhase.EXCHANGING || phase == StreamPhase.TUNNEL) && !content.replaying()) {
      content.sendEnd(back);
      timer.serverActive();
      timer.requestSent();
    }
  }

  void onClientGone(CloseCause why) {
    // What befalls any connection, as a truncation does, befell the client's here.
    CloseCause.Origin by = why.origin();
    cause.set(why, by == CloseCause.Origin.SERVER ? CloseCause.Origin.CLIENT : by, "");
    routing.cancel();
    over(ResetCode.CANCEL);
  }

  void onClientWritable() {
    timer.clientActive();
    timer.serverActive();
    if (phase == StreamPhase.ANSWERING) {
      sendOwn();
    } else {
      back.resume();
    }
  }

  // ---- attempts ----

  /** Attached to a connection: the request goes out. */
  void onServerReady() {
    if (settings.mode() == Mode.TCP) {
      enterTunnel();
      front.resume();
      return;
    }
    phase = StreamPhase.EXCHANGING;
    back.sendHead(request, content.endsAtHead());
    timer.serverActive();
    timer.clientActive();
    replayContent();
  }

  private void replayContent() {
    if (content.replay(back)) {
      timer.serverActive();
      if (content.hasEnded()) {
        timer.requestSent();
      } else {
        front.resume();
      }
    }
  }

  void onServerWritable() {
    timer.serverActive();
    timer.clientActive();
    if (content.replaying()) {
      replayContent();
    } else {
      front.resume();
    }
  }

  void onServerReset(ResetCode code, CloseCause why) {
    if (phase == StreamPhase.EXCHANGING && !finalBegun) {
      RetryKind kind = RetryPolicy.ofReset(code, why, back.answerBegun());
      if (kind != null && retry(kind)) {
        return;
      }
      back.letGo(ResetCode.CANCEL);
      answerFailure(why, "");
      return;
    }
    back.letGo(ResetCode.CANCEL);
    if (responseEnded && phase != StreamPhase.TUNNEL) {
      // The answer was whole: what happens to its connection afterwards is not the client's.
      return;
    }
    cause.set(why, "");
    front.reset(code);
  }

  /** Tries the request again after an attempt that ended so, if it may be and one is left. */
  boolean retry(RetryKind kind) {
    if (phase != StreamPhase.EXCHANGING
        || finalBegun
        || !RetryPolicy.mayReplay(
            responseBegun, content.held(), request.idempotent(), kind, back.written())
        || !back.mayTryAgain(kind)) {
      return false;
    }
    phase = StreamPhase.SEEKING;
    content.rewind();
    timer.tryOver();
    back.tryAgain(kind);
    return true;
  }

  // ---- what the server sends ----

  void onResponseHead(ResponseHead head, boolean end) {
    timer.serverActive();
    if (head.isInformational() && head.status() != 101) {
      if (++informationalHeads > settings.limits().informationalHeadsMax()) {
        back.letGo(ResetCode.PROTOCOL_ERROR);
        answerFailure(CloseCause.TOO_MANY_INFORMATIONAL, "");
        return;
      }
      responseBegun = true;
      content.forget();
      front.sendHead(head, false);
      return;
    }
    if (head.status() == 101 && !request.hasProtocol()) {
      back.letGo(ResetCode.PROTOCOL_ERROR);
      answerFailure(CloseCause.BAD_RESPONSE, "101 to a request without Upgrade (RFC 9110 15.2.2)");
      return;
    }
    RetryKind kind = back.retries().ofAnswer(head.status());
    if (kind != null && retry(kind)) {
      return;
    }
    back.retries().answered();
    responseBegun = true;
    finalBegun = true;
    content.forget();
    record.firstByte(loop.nowNanos());
    record.phase(ExchangePhase.RESPONSE);
    front.sendHead(head, end);
    if (head.status() == 101 || (request.isConnect() && head.status() / 100 == 2)) {
      enterTunnel();
    } else if (end) {
      onResponseComplete();
    }
  }

  private void enterTunnel() {
    phase = StreamPhase.TUNNEL;
    record.phase(ExchangePhase.TUNNEL);
    content.reopen();
    responseBegun = true;
    finalBegun = true;
    timer.tunnelActive();
  }

  int onResponseData(ByteBuffer data, boolean end) {
    if (phase == StreamPhase.TUNNEL) {
      timer.tunnelActive();
    } else {
      timer.serverActive();
    }
    if (data.hasRemaining()) {
      // In TCP mode, this is the beginning of the answer.
      record.firstByte(loop.nowNanos());
    }
    int taken = front.send(data, end);
    if (front.blocked()) {
      timer.clientActive();
    }
    if (end && !data.hasRemaining()) {
      onResponseComplete();
    }
    return taken;
  }

  void onResponseTrailers(Fields trailers) {
    front.sendTrailers(trailers);
    onResponseComplete();
  }

  void onResponseEnd() {
    front.sendEnd();
    onResponseComplete();
  }

  private void onResponseComplete() {
    responseEnded = true;
    if (phase == StreamPhase.EXCHANGING && !content.hasEnded()) {
      // Answered before the request was whole: nobody needs the rest of it.
      back.letGo(ResetCode.NO_ERROR);
      phase = StreamPhase.ANSWERING;
      front.resume();
    }
  }

  // ---- answers of our own, and the end ----

  void answerFailure(CloseCause why, String words) {
    cause.set(why, words);
    if (settings.mode() == Mode.TCP || finalBegun || why.status() == 0) {
      over(ResetCode.CONNECTION_CLOSED);
      return;
    }
    phase = StreamPhase.ANSWERING;
    own.prepare(back.retries().statusFor(why));
    sendOwn();
  }

  private void sendOwn() {
    if (!finalBegun) {
      finalBegun = true;
      record.firstByte(loop.nowNanos());
      if (cause.complete()) {
        record.phase(ExchangePhase.RESPONSE);
      }
      boolean end = own.empty() || request.isHead();
      front.sendHead(own.head(), end);
      responseEnded = end;
    }
    if (!responseEnded) {
      front.send(own.body(), true);
      responseEnded = own.sent();
    }
    if (front.blocked()) {
      timer.clientActive();
    }
    // What the client still sends of its request is taken and dropped.
    front.resume();
  }

  /** Cuts both halves. */
  private void over(ResetCode code) {
    phase = StreamPhase.OVER;
    back.letGo(code);
    front.reset(code);
    onHalfReleased();
  }

  void onTimeout(CloseCause why) {
    if (why == CloseCause.SERVER_TIMEOUT) {
      back.unanswered();
      if (retry(RetryKind.RESPONSE_TIMEOUT)) {
        return;
      }
    }
    if (finalBegun) {
      cause.set(why, "");
      over(ResetCode.TIMEOUT);
      return;
    }
    back.letGo(why == CloseCause.SERVER_TIMEOUT ? ResetCode.TIMEOUT : ResetCode.CANCEL);
    answerFailure(why, "");
  }

  /** Something of ours threw: this exchange is given up. */
  void onBroken(Throwable problem) {
    cause.set(CloseCause.INTERNAL_ERROR, problem.toString());
    over(ResetCode.INTERNAL_ERROR);
  }

  /** One of the halves is over; with both, the exchange is. */
  void onHalfReleased() {
    if (phase == StreamPhase.TUNNEL && back.over() && !responseEnded && !front.released()) {
      // Without half-close the end that went to the server is the end of its own direction too.
      onResponseEnd();
    }
    if (phase == StreamPhase.FREE || !front.released()) {
      return;
    }
    if (!back.over()) {
      // The client has all it will get: the server side is of no use any more.
      back.letGo(cause.complete() ? ResetCode.NO_ERROR : ResetCode.CANCEL);
    }
    if (!recycleTask.queued()) {
      finish();
    }
  }

  private void finish() {
    phase = StreamPhase.OVER;
    timer.cancel();
    routing.cancel();
    back.retries().end();
    cause.end(record, loop.nowNanos());
    front.endFilters(record);
    settings.sink().onEnd(loop.index(), record);
    loop.recycleLater(recycleTask);
  }

  private void recycle() {
    generation++;
    content.clear();
    own.clear();
    request.clear();
    client = ClientFacts.NONE;
    phase = StreamPhase.FREE;
    pool.giveBack(this);
  }

  // ---- what the parts ask ----

  EventLoop loop() {
    return loop;
  }

  ExchangeRecord record() {
    return record;
  }

  ExchangeSink sink() {
    return settings.sink();
  }

  StreamSettings settings() {
    return settings;
  }

  RequestHead request() {
    return request;
  }

  ClientFacts client() {
    return client;
  }

  int generation() {
    return generation;
  }

  boolean isTcp() {
    return settings.mode() == Mode.TCP;
  }

  /** Whether nobody needs what the client still sends of its request. */
  boolean dropsRequest() {
    return phase == StreamPhase.ANSWERING || phase == StreamPhase.OVER;
  }

  boolean inTunnel() {
    return phase == StreamPhase.TUNNEL;
  }

  boolean firstOfClient() {
    return front.firstOnConnection();
  }

  /** Whether the request, as far as its head tells, may be sent again. */
  boolean replayableAtHead() {
    return request.idempotent() && content.held() && content.hasEnded();
  }

  boolean waitsForServer() {
    return phase == StreamPhase.EXCHANGING
        && !responseEnded
        && !front.held()
        && !front.blocked()
        && (content.hasEnded() || back.blocked());
  }

  boolean waitsForClient() {
    return !front.held()
        && (front.blocked()
            || (phase == StreamPhase.EXCHANGING && !content.hasEnded() && !back.blocked()));
  }

  long tryTimeoutNanos() {
    return back.retries().tryTimeoutNanos();
  }

  TimeoutConfig timeouts() {
    return settings.timeouts();
  }

  @Override
  public String toString() {
    return phase + " " + request;
  }

  /** Gives the stream back to its pool at the end of the turn, when nobody looks at it any more. */
  private final class RecycleTask extends TurnTask {
    @Override
    protected void runTurn() {
      recycle();
    }
  }
}
