package dev.sluice.mux.h2;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.time.Deadline;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.protocol.H2Options;
import dev.sluice.mux.h2.protocol.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * The h2 mux towards a server. Confined to its loop.
 *
 * <p>An exchange is over when its response is. A request that asks for a websocket becomes an
 * extended CONNECT (RFC 8441) if the server's SETTINGS allow it, which are waited for; its answer
 * goes up as the 101 that the client waits for. Any other protocol is not asked for: HTTP/2 has no
 * way to, and whoever asks has to be ready for an answer in HTTP (RFC 9110 7.8).
 */
final class H2BackMux extends H2Mux {
  private static final int STATUS_SWITCHING = 101;
  private static final String WEBSOCKET = "websocket";

  /** For requests that can't be passed on as they are; made when the first one comes. */
  private @Nullable RequestHead changed;

  private boolean drained;

  H2BackMux(MuxHost host, H2Options options) {
    super(host, options);
  }

  @Override
  public boolean attach(StreamEndpoint endpoint) {
    StreamRecord record = availableStreams() == 0 ? null : protocol.open();
    if (record == null) {
      return false;
    }
    H2Stream stream = begin(record);
    stream.handler = endpoint;
    endpoint.attach(stream);
    return true;
  }

  @Override
  public boolean limitKnown() {
    return protocol.peerSettingsSeen();
  }

  @Override
  public void drain() {
    drained = true;
    super.drain();
  }

  // ---- requests

  @Override
  void sendHead(H2Stream stream, StreamRecord record, MessageHead message, boolean end) {
    if (record.headSent() || stream.heldRequest != null) {
      return;
    }
    RequestHead head = (RequestHead) message;
    if (head.isConnect()) {
      stream.tunnelAsked = true;
      send(stream, record, head, false);
    } else if (!head.hasProtocol()) {
      send(stream, record, head, end);
    } else if (!WEBSOCKET.equalsIgnoreCase(head.protocol())) {
      RequestHead plain = changed();
      plain.copyFrom(head);
      plain.clearProtocol();
      send(stream, record, plain, end);
    } else if (protocol.peerSettingsSeen()) {
      sendWebSocket(stream, record, head);
    } else {
      RequestHead held = newHead();
      held.copyFrom(head);
      stream.heldRequest = held;
    }
  }

  /** RFC 8441 5. */
  private void sendWebSocket(H2Stream stream, StreamRecord record, RequestHead head) {
    if (!protocol.peerConnectProtocol()) {
      fail(stream, ResetCode.HTTP_1_1_REQUIRED, CloseCause.NO_COMMON_PROTOCOL);
      return;
    }
    RequestHead connect = changed();
    connect.copyFrom(head);
    connect.setMethod(Method.CONNECT);
    connect.setProtocol(WEBSOCKET);
    String key = connect.fields().value(FieldName.SEC_WEBSOCKET_KEY);
    connect.fields().remove(FieldName.SEC_WEBSOCKET_KEY);
    stream.acceptValue = key == null ? null : WebSocketKey.acceptValue(key);
    stream.tunnelAsked = true;
    stream.extended = true;
    send(stream, record, connect, false);
  }

  private void send(H2Stream stream, StreamRecord record, RequestHead head, boolean end) {
    if (!protocol.sendRequest(record, head, end)) {
      fail(stream, ResetCode.REFUSED, CloseCause.SERVER_REFUSED);
    } else if (protocol.failed()) {
      wake();
    }
  }

  private RequestHead changed() {
    RequestHead head = changed;
    if (head == null) {
      head = newHead();
      changed = head;
    }
    return head;
  }

  private RequestHead newHead() {
    // Roomier than any head that comes, since those of the other side have a slack of their own.
    return new RequestHead(2 * host.limits().headBytesMax(), host.limits().fieldCountMax() + 8);
  }

  // ---- responses

  @Override
  public void onRequest(StreamRecord record, RequestHead head, boolean end) {
    throw new AssertionError("a server sends no request");
  }

  @Override
  public void onResponse(StreamRecord record, ResponseHead head, boolean end) {
    H2Stream stream = streamOf(record);
    StreamHandler handler = stream == null ? null : stream.handler;
    if (stream == null || handler == null || stream.alive() == null) {
      return;
    }
    if (end) {
      stream.received = H2Stream.End.ENDED;
      pend(stream);
    }
    if (record.tunnel()) {
      stream.tunnel = true;
      if (stream.extended) {
        switchProtocols(stream, head);
      }
      handler.onHead(head, false);
      pend(stream);
      return;
    }
    if (!head.isInformational()) {
      stream.tunnelAsked = false;
      stream.endTold = end;
    }
    handler.onHead(head, end);
  }

  /** RFC 8441 5: 200 to extended CONNECT is what the client of an upgrade knows as 101. */
  private static void switchProtocols(H2Stream stream, ResponseHead head) {
    head.setStatus(STATUS_SWITCHING);
    head.setProtocol(WEBSOCKET);
    String value = stream.acceptValue;
    if (value != null) {
      head.fields().set(FieldName.SEC_WEBSOCKET_ACCEPT, value);
    }
  }

  @Override
  public void onRejected(int status, String reason) {
    throw new AssertionError("a server's request was rejected");
  }

  @Override
  public void onCapacityChanged() {
    if (protocol.peerSettingsSeen()) {
      sendHeld();
    }
    host.capacityChanged();
  }

  private void sendHeld() {
    for (H2Stream stream = streams.first(); stream != null; stream = stream.next) {
      RequestHead held = stream.heldRequest;
      StreamRecord record = stream.alive();
      if (held != null && record != null) {
        stream.heldRequest = null;
        sendWebSocket(stream, record, held);
      }
    }
  }

  @Override
  void onPeerEnded() {
    for (H2Stream stream = streams.first(); stream != null; stream = stream.next) {
      StreamRecord record = stream.record;
      if (!exchangeComplete(stream) && record != null) {
        CloseCause cause =
            record.headReceived() ? CloseCause.SERVER_ABORT : CloseCause.EMPTY_RESPONSE;
        fail(stream, ResetCode.CONNECTION_CLOSED, cause);
      }
    }
    host.capacityChanged();
  }

  @Override
  boolean exchangeOver(H2Stream stream, StreamRecord record) {
    return stream.endTold && (!stream.tunnel || !record.state().sendOpen());
  }

  @Override
  boolean exchangeComplete(H2Stream stream) {
    return stream.received != H2Stream.End.OPEN && !stream.tunnel;
  }

  @Override
  H2ErrorCode leftOver() {
    return H2ErrorCode.CANCEL;
  }

  @Override
  CloseCause faultCause() {
    return CloseCause.BAD_RESPONSE;
  }

  @Override
  CloseCause timeoutCause() {
    return CloseCause.SERVER_TIMEOUT;
  }

  @Override
  CloseCause drainedCause() {
    return drained ? CloseCause.DRAINING : CloseCause.IDLE_CLOSED;
  }

  @Override
  CloseCause resetCause(H2ErrorCode code, boolean byPeer) {
    if (byPeer) {
      return code == H2ErrorCode.REFUSED_STREAM
          ? CloseCause.SERVER_REFUSED
          : CloseCause.SERVER_ABORT;
    }
    // The protocol cancels what is too large for us, and calls the rest by its name.
    return code == H2ErrorCode.CANCEL ? CloseCause.RESPONSE_TOO_LARGE : CloseCause.BAD_RESPONSE;
  }

  @Override
  void onStreamReleased() {
    host.capacityChanged();
  }

  @Override
  void afterDispatch() {
    // The pool above closes what is idle for too long.
  }

  @Override
  long sideDeadlineNanos() {
    return Deadline.NONE;
  }

  @Override
  void onSideTime(long nowNanos) {
    // Nothing but the protocol's deadlines.
  }
}
