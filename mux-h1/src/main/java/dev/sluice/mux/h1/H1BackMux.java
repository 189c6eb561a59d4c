package dev.sluice.mux.h1;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.mux.h1.codec.BodyFraming;
import dev.sluice.mux.h1.codec.H1Encoder;
import dev.sluice.mux.h1.codec.H1Error;
import dev.sluice.mux.h1.codec.H1ResponseDecoder;
import java.nio.ByteBuffer;

/**
 * The h1 mux towards a server: writes requests, parses responses. Confined to its loop.
 *
 * <p>An exchange is over when its response is. The connection is used again only if the request was
 * whole by then, the server agreed, and nothing follows the response.
 */
final class H1BackMux extends H1Mux {
  private final H1ResponseDecoder decoder;
  private final ResponseHead head;

  // About the exchange.
  private Method method = Method.GET;
  private boolean upgradeAsked;
  private boolean responseBegun;

  /** Whether the server lets the connection live on after this exchange, as far as is known. */
  private boolean persistent;

  private boolean draining;
  private long dropped;

  H1BackMux(MuxHost host) {
    super(host);
    LimitConfig limits = host.limits();
    decoder = new H1ResponseDecoder(limits.headBytesMax());
    head = new ResponseHead(limits.headBytesMax(), limits.fieldCountMax());
  }

  // ---- from the host

  @Override
  public void start() {
    // The stream that the connection was made for is attached already, and sends when it likes.
  }

  @Override
  public boolean attach(StreamEndpoint endpoint) {
    if (availableStreams() == 0) {
      return false;
    }
    var stream = openStream();
    begin(endpoint);
    responseBegun = false;
    persistent = false;
    endpoint.attach(stream);
    return true;
  }

  @Override
  public int availableStreams() {
    boolean free = handler() == null && read() == ReadState.IDLE && !peerEnded();
    return free && !draining && output.fault() == null ? 1 : 0;
  }

  @Override
  public void drain() {
    draining = true;
    if (handler() == null) {
      close(CloseCause.DRAINING);
    }
  }

  // ---- reading

  @Override
  boolean readHead(ByteBuffer in) {
    if (read() == ReadState.IDLE) {
      return in.hasRemaining() && refuseUnasked();
    }
    responseBegun |= in.hasRemaining();
    return switch (decoder.decode(in)) {
      case MORE -> false;
      case ERROR -> {
        H1Error error = decoder.error();
        boolean large = error == H1Error.HEAD_TOO_LARGE || error == H1Error.TOO_MANY_FIELDS;
        failAndClose(
            ResetCode.PROTOCOL_ERROR,
            large ? CloseCause.RESPONSE_TOO_LARGE : CloseCause.BAD_RESPONSE);
        yield true;
      }
      case HEAD -> {
        onResponse();
        yield true;
      }
    };
  }

  /** Bytes that no request asked for: whatever they are, they are not the next response. */
  private boolean refuseUnasked() {
    boolean idle = handler() == null;
    failAndClose(
        ResetCode.CONNECTION_CLOSED, idle ? CloseCause.IDLE_CLOSED : CloseCause.BAD_RESPONSE);
    return true;
  }

  private void onResponse() {
    StreamHandler told = handler();
    if (told == null) {
      throw new AssertionError(this);
    }
    BodyFraming framing = decoder.framing();
    if (framing.kind() == BodyFraming.Kind.TUNNEL) {
      enter(ReadState.TUNNEL);
      if (write() == WriteState.DONE) {
        openTunnel();
      }
      told.onHead(head, false);
      return;
    }
    if (head.isInformational()) {
      told.onHead(head, false);
      decoder.begin(head, method, upgradeAsked);
      return;
    }
    persistent = framing.persistent();
    input.begin(framing);
    boolean ends = framing.endsWithHead();
    enter(ends ? ReadState.DONE : ReadState.CONTENT);
    told.onHead(head, ends);
  }

  @Override
  void onMessageEnd() {
    enter(ReadState.DONE);
  }

  @Override
  void onBadContent() {
    failAndClose(ResetCode.PROTOCOL_ERROR, CloseCause.BAD_RESPONSE);
  }

  @Override
  boolean onInputOver(boolean bytesLeft) {
    CloseCause cause =
        switch (read()) {
          case IDLE -> handler() == null ? CloseCause.IDLE_CLOSED : CloseCause.EMPTY_RESPONSE;
          case DROPPING -> CloseCause.IDLE_CLOSED;
          case HEAD -> responseBegun ? CloseCause.SERVER_ABORT : CloseCause.EMPTY_RESPONSE;
          default -> CloseCause.SERVER_ABORT;
        };
    failAndClose(ResetCode.CONNECTION_CLOSED, cause);
    return true;
  }

  @Override
  boolean drop(ByteBuffer in) {
    int before = in.position();
    switch (input.step(in, null)) {
      case PROGRESS -> {
        dropped += in.position() - before;
        if (dropped <= host.limits().drainBytesMax()) {
          return true;
        }
        close(CloseCause.COMPLETE);
      }
      case END -> {
        if (persistent && !draining && !in.hasRemaining()) {
          enter(ReadState.IDLE);
          host.capacityChanged();
        } else {
          close(CloseCause.COMPLETE);
        }
      }
      case ERROR -> close(CloseCause.BAD_RESPONSE);
      case MORE, BLOCKED -> {
        return false;
      }
    }
    return true;
  }

  @Override
  boolean answerBegun() {
    return responseBegun;
  }

  // ---- the end of an exchange

  @Override
  boolean exchangeOver() {
    return read() == ReadState.DONE || write() == WriteState.CUT || tunnelOver();
  }

  @Override
  void finish(ByteBuffer in) {
    // A cut from within the last callback comes too late to matter.
    WriteState how = read() == ReadState.DONE && write() == WriteState.CUT ? cutFrom() : write();
    StreamHandler over = release();
    if (how == WriteState.CUT) {
      finishCut();
    } else if (reusable(how, in)) {
      enter(ReadState.IDLE);
      host.capacityChanged();
    } else {
      close(CloseCause.COMPLETE);
    }
    if (over != null) {
      over.onReleased();
    }
  }

  /** RFC 9112 9.3, and the reasons of our own: see the class comment. */
  private boolean reusable(WriteState how, ByteBuffer in) {
    return how == WriteState.DONE
        && read() == ReadState.DONE
        && persistent
        && !draining
        && !peerEnded()
        && !in.hasRemaining();
  }

  private void finishCut() {
    if (read() == ReadState.IDLE && !draining && !peerEnded()) {
      // Nothing was sent: the connection is as it was.
      host.capacityChanged();
    } else if (cutFrom() == WriteState.DONE && worthDraining()) {
      dropped = 0;
      enter(ReadState.DROPPING);
    } else {
      enter(ReadState.CLOSED);
      host.closeNow(causeOf(cutCode()));
    }
  }

  private boolean worthDraining() {
    long left = input.bytesLeft();
    return read() == ReadState.CONTENT
        && persistent
        && !draining
        && left >= 0
        && left <= host.limits().drainBytesMax();
  }

  private void failAndClose(ResetCode code, CloseCause cause) {
    enter(ReadState.CLOSED);
    host.closeNow(cause);
    fail(code, cause);
  }

  private void close(CloseCause cause) {
    if (read() != ReadState.CLOSED) {
      enter(ReadState.CLOSED);
      host.closeGracefully(cause);
    }
  }

  private static CloseCause causeOf(ResetCode code) {
    return switch (code) {
      case NO_ERROR -> CloseCause.COMPLETE;
      case TIMEOUT -> CloseCause.SERVER_TIMEOUT;
      case PROTOCOL_ERROR -> CloseCause.BAD_REQUEST;
      case INTERNAL_ERROR -> CloseCause.INTERNAL_ERROR;
      default -> CloseCause.CLIENT_ABORT;
    };
  }

  @Override
  public boolean onLeaving() {
    // No timer runs on this side, and no buffer is kept from one exchange to the next.
    return read() == ReadState.IDLE && handler() == null && !draining && !peerEnded();
  }

  // ---- writing

  @Override
  void sendHead(MessageHead message, boolean end) {
    if (write() != WriteState.HEAD) {
      return;
    }
    RequestHead request = (RequestHead) message;
    method = request.method();
    upgradeAsked = request.hasProtocol();
    boolean connect = method == Method.CONNECT;
    if (connect && upgradeAsked) {
      // Extended CONNECT is HTTP/2 (RFC 8441); here it would be an upgrade, with another method.
      output.fail(CloseCause.INTERNAL_ERROR);
      wake();
      return;
    }
    long length = request.contentLength();
    BodyFraming.Kind kind;
    H1Encoder.Framing framing;
    if (connect) {
      kind = BodyFraming.Kind.NONE;
      framing = H1Encoder.Framing.NO_LENGTH;
    } else if (length >= 0) {
      kind = BodyFraming.Kind.LENGTH;
      framing = H1Encoder.Framing.AS_GIVEN;
    } else if (end) {
      kind = BodyFraming.Kind.NONE;
      framing = contentExpected() ? H1Encoder.Framing.ZERO_LENGTH : H1Encoder.Framing.NO_LENGTH;
    } else {
      kind = BodyFraming.Kind.CHUNKED;
      framing = H1Encoder.Framing.CHUNKED;
    }
    output.head(request, framing, H1Encoder.Persistence.DEFAULT, kind, Math.max(0, length));
    decoder.begin(head, method, upgradeAsked);
    enter(ReadState.HEAD);
    enter(WriteState.CONTENT);
    if (end || connect) {
      endMessage(null);
    }
    checkOutput();
  }

  /** RFC 9110 8.6: with these methods no content is said by a length of 0. */
  private boolean contentExpected() {
    return method == Method.POST || method == Method.PUT || method == Method.PATCH;
  }
}
