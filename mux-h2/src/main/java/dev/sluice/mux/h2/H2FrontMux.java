package dev.sluice.mux.h2;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.FieldSyntax;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.time.Deadline;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.protocol.H2Options;
import dev.sluice.mux.h2.protocol.StreamRecord;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The h2 mux towards a client. Confined to its loop.
 *
 * <p>An exchange is over when its response is; what is then missing of the request is not wanted
 * any more, and RST_STREAM(NO_ERROR) says so (RFC 9113 8.1).
 *
 * <p>Above the mux an extended CONNECT (RFC 8441) is what it would be in HTTP/1.1: a GET that asks
 * for another protocol, without content, answered by 101. So the layers above know one form of it.
 * The key that HTTP/1.1 wants of a websocket is made here, and its answer checked.
 */
final class H2FrontMux extends H2Mux {
  private static final int STATUS_SWITCHING = 101;
  private static final int STATUS_OK = 200;
  private static final int STATUS_BAD_GATEWAY = 502;

  private static final byte[] WEBSOCKET = "websocket".getBytes(StandardCharsets.US_ASCII);

  private final StreamAcceptor acceptor;
  private final RandomGenerator random;

  /** For responses that can't be passed on as they are; made when the first one comes. */
  private @Nullable ResponseHead changed;

  /** The client is to go elsewhere, but for its first request. */
  private boolean leaving;

  /** There was a request. */
  private boolean asked;

  private CloseCause drainedCause = CloseCause.DRAINING;
  private long idleDeadlineNanos = Deadline.NONE;
  private long blockDeadlineNanos = Deadline.NONE;

  H2FrontMux(MuxHost host, StreamAcceptor acceptor, H2Options options, RandomGenerator random) {
    super(host, options);
    this.acceptor = acceptor;
    this.random = random;
  }

  @Override
  public void start() {
    idleDeadlineNanos = Deadline.after(host.nowNanos(), host.timeouts().httpRequest().toNanos());
    super.start();
  }

  @Override
  public boolean attach(StreamEndpoint endpoint) {
    return false;
  }

  /** A client that has come late gets its first request through before it hears of the end. */
  @Override
  public void goAway() {
    leaving = true;
    if (asked) {
      drain();
    }
  }

  // ---- requests

  @Override
  public void onRequest(StreamRecord record, RequestHead head, boolean end) {
    H2Stream stream = begin(record);
    asked = true;
    if (leaving) {
      drain();
    }
    boolean asksTunnel = head.isConnect();
    stream.tunnelAsked = asksTunnel;
    stream.extended = asksTunnel && head.hasProtocol();
    if (stream.extended) {
      toUpgrade(stream, head);
    }
    if (end) {
      stream.received = H2Stream.End.ENDED;
    }
    // A tunnel has no content of the request: what comes is held until it is answered.
    stream.endTold = end && !asksTunnel;
    StreamHandler handler = acceptor.accept(stream);
    stream.handler = handler;
    if (stream.alive() != null) {
      handler.onHead(head, end || asksTunnel);
    }
  }

  /** RFC 8441 5: what an extended CONNECT would be in HTTP/1.1. */
  private void toUpgrade(H2Stream stream, RequestHead head) {
    head.setMethod(Method.GET);
    boolean webSocket =
        FieldSyntax.equalsIgnoreCase(
            head.bytes(),
            head.protocolOffset(),
            head.protocolLength(),
            WEBSOCKET,
            0,
            WEBSOCKET.length);
    if (webSocket) {
      String key = WebSocketKey.random(random);
      if (head.fields().set(FieldName.SEC_WEBSOCKET_KEY, key)) {
        stream.acceptValue = WebSocketKey.acceptValue(key);
      }
    }
  }

  @Override
  public void onResponse(StreamRecord record, ResponseHead head, boolean end) {
    throw new AssertionError("a client sends no response");
  }

  @Override
  public void onRejected(int status, String reason) {
    acceptor.rejected(status, CloseCause.BAD_REQUEST, reason);
  }

  @Override
  public void onCapacityChanged() {
    // What the client takes of pushed streams is of no interest: there are none.
  }

  @Override
  void onPeerEnded() {
    drainedCause = CloseCause.COMPLETE;
    for (H2Stream stream = streams.first(); stream != null; stream = stream.next) {
      if (stream.received == H2Stream.End.OPEN) {
        // RFC 9113 5.1: without END_STREAM it isn't a whole request, and must not be taken for one.
        fail(stream, ResetCode.CONNECTION_CLOSED, CloseCause.CLIENT_ABORT);
      }
    }
  }

  // ---- responses

  @Override
  void sendHead(H2Stream stream, StreamRecord record, MessageHead message, boolean end) {
    if (record.headSent()) {
      return;
    }
    ResponseHead head = (ResponseHead) message;
    int status = head.status();
    if (status == STATUS_SWITCHING) {
      acceptUpgrade(stream, record, head);
    } else if (head.isInformational()) {
      protocol.sendResponse(record, head, false);
    } else if (stream.extended && status < 300) {
      // The server has not switched, and has answered something else; to the client a 2xx would
      // mean that it had (RFC 8441 5).
      refuse(stream, record);
    } else {
      if (stream.tunnelAsked && status < 300) {
        stream.tunnel = true;
      } else if (stream.tunnelAsked) {
        stream.tunnelAsked = false;
        stream.dropping = true;
      }
      protocol.sendResponse(record, head, end);
    }
    pend(stream);
  }

  /** RFC 8441 5: what is 101 in HTTP/1.1 is 200 here, and the key has no answer. */
  private void acceptUpgrade(H2Stream stream, StreamRecord record, ResponseHead head) {
    ResponseHead accepted = changed();
    if (!stream.extended || !accepted.copyFrom(head)) {
      // RFC 9110 15.2.2: the client did not ask, so it can't be told.
      reset(stream, record, ResetCode.PROTOCOL_ERROR);
      return;
    }
    String expected = stream.acceptValue;
    if (expected != null && !expected.equals(head.fields().value(FieldName.SEC_WEBSOCKET_ACCEPT))) {
      // RFC 6455 4.1: whatever has answered is no websocket server.
      refuse(stream, record);
      return;
    }
    accepted.setStatus(STATUS_OK);
    accepted.fields().remove(FieldName.SEC_WEBSOCKET_ACCEPT);
    stream.tunnel = true;
    protocol.sendResponse(record, accepted, false);
  }

  /** The server's answer makes no sense for what the client has asked. */
  private void refuse(H2Stream stream, StreamRecord record) {
    ResponseHead refusal = changed();
    refusal.clear();
    refusal.setStatus(STATUS_BAD_GATEWAY);
    protocol.sendResponse(record, refusal, true);
    fail(stream, ResetCode.PROTOCOL_ERROR, CloseCause.BAD_RESPONSE);
  }

  private ResponseHead changed() {
    ResponseHead head = changed;
    if (head == null) {
      head = new ResponseHead(2 * host.limits().headBytesMax(), host.limits().fieldCountMax() + 8);
      changed = head;
    }
    return head;
  }

  @Override
  boolean exchangeOver(H2Stream stream, StreamRecord record) {
    boolean answered = record.headSent() && !record.state().sendOpen();
    return answered && (!stream.tunnel || stream.endTold);
  }

  @Override
  boolean exchangeComplete(H2Stream stream) {
    return false;
  }

  @Override
  H2ErrorCode leftOver() {
    return H2ErrorCode.NO_ERROR;
  }

  @Override
  CloseCause faultCause() {
    return CloseCause.BAD_REQUEST;
  }

  @Override
  CloseCause timeoutCause() {
    return CloseCause.CLIENT_TIMEOUT;
  }

  @Override
  CloseCause drainedCause() {
    return drainedCause;
  }

  @Override
  CloseCause resetCause(H2ErrorCode code, boolean byPeer) {
    return byPeer ? CloseCause.CLIENT_ABORT : CloseCause.BAD_REQUEST;
  }

  // ---- time

  @Override
  void onStreamReleased() {
    // What is looked at is the number of streams at the end of the dispatch.
  }

  @Override
  void afterDispatch() {
    if (openStreams() > 0) {
      idleDeadlineNanos = Deadline.NONE;
    } else if (idleDeadlineNanos == Deadline.NONE && !protocol.goingAway()) {
      idleDeadlineNanos = Deadline.after(host.nowNanos(), host.timeouts().keepAlive().toNanos());
    }
    if (!protocol.withinBlock()) {
      blockDeadlineNanos = Deadline.NONE;
    } else if (blockDeadlineNanos == Deadline.NONE) {
      blockDeadlineNanos = Deadline.after(host.nowNanos(), host.timeouts().httpRequest().toNanos());
    }
  }

  @Override
  long sideDeadlineNanos() {
    return Deadline.earlier(idleDeadlineNanos, blockDeadlineNanos);
  }

  @Override
  void onSideTime(long nowNanos) {
    if (Deadline.passed(blockDeadlineNanos, nowNanos)) {
      blockDeadlineNanos = Deadline.NONE;
      protocol.close(H2ErrorCode.NO_ERROR, "field block not complete in time");
    } else if (Deadline.passed(idleDeadlineNanos, nowNanos)) {
      idleDeadlineNanos = Deadline.NONE;
      drainedCause = CloseCause.IDLE_TIMEOUT;
      protocol.drain(nowNanos);
    }
  }
}
