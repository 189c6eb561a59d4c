package dev.sluice.mux.h1;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.message.BodyLength;
import dev.sluice.core.message.HttpVersion;
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
import dev.sluice.core.time.Timer;
import dev.sluice.mux.h1.codec.BodyFraming;
import dev.sluice.mux.h1.codec.H1Decoder;
import dev.sluice.mux.h1.codec.H1Encoder;
import dev.sluice.mux.h1.codec.H1Error;
import dev.sluice.mux.h1.codec.H1RequestDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The h1 mux towards a client: parses requests, writes responses. Confined to its loop.
 *
 * <p>An exchange is over when its response is. What is then missing of the request is read and
 * dropped if it is little enough to let the connection live, else the connection is closed, with
 * lingering.
 */
final class H1FrontMux extends H1Mux {
  private static final byte[] HTTP = "http".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HTTPS = "https".getBytes(StandardCharsets.US_ASCII);

  /** Authority and protocol are copied before the fields that they come from are removed. */
  private static final int HEAD_SLACK_BYTES = 1024;

  private final StreamAcceptor acceptor;
  private final H1RequestDecoder decoder;
  private final RequestHead head;
  private final HeadTimer timer = new HeadTimer();

  // About the exchange.
  private Method method = Method.GET;
  private boolean http10;
  private boolean upgradeAsked;
  private boolean continueAwaited;

  /** Whether the connection lives on after this exchange, as far as is known. */
  private boolean persistent = true;

  /** The next answer to begin is the last one, and says so. */
  private boolean leaving;

  /** The present exchange is the last one, whatever its answer has said. */
  private boolean draining;

  private long dropped;

  H1FrontMux(MuxHost host, StreamAcceptor acceptor) {
    super(host);
    this.acceptor = acceptor;
    LimitConfig limits = host.limits();
    decoder = new H1RequestDecoder(limits.headBytesMax());
    head = new RequestHead(limits.headBytesMax() + HEAD_SLACK_BYTES, limits.fieldCountMax());
    decoder.begin(head);
  }

  // ---- from the host

  @Override
  public void start() {
    arm(host.timeouts().httpRequest().toNanos());
  }

  @Override
  public void onClosed(ResetCode code, CloseCause cause) {
    host.timers().cancel(timer);
    boolean unread = read() == ReadState.HEAD;
    super.onClosed(code, cause);
    if (unread) {
      acceptor.rejected(0, cause, "connection lost within the head of a request");
    }
  }

  @Override
  public boolean attach(StreamEndpoint endpoint) {
    return false;
  }

  @Override
  public int availableStreams() {
    return 0;
  }

  @Override
  public void goAway() {
    leaving = true;
  }

  @Override
  public void drain() {
    leaving = true;
    draining = true;
    if (handler() == null && (read() == ReadState.IDLE || read() == ReadState.DROPPING)) {
      close(CloseCause.DRAINING);
    }
  }

  // ---- reading

  @Override
  boolean readHead(ByteBuffer in) {
    if (!in.hasRemaining() && !peerEnded()) {
      return false;
    }
    if (host.writableBytes() == 0) {
      // A client that doesn't read its answers gets no new ones (its own bytes wait with it).
      host.wantWritable();
      return false;
    }
    H1Decoder.Outcome outcome = decoder.decode(in);
    if (outcome == H1Decoder.Outcome.MORE) {
      if (read() == ReadState.IDLE && (in.hasRemaining() || decoder.inHead())) {
        enter(ReadState.HEAD);
        acceptor.headBegun();
        arm(host.timeouts().httpRequest().toNanos());
      }
      return false;
    }
    host.timers().cancel(timer);
    if (outcome == H1Decoder.Outcome.ERROR) {
      reject(decoder.error(), CloseCause.BAD_REQUEST);
    } else {
      accept();
    }
    return true;
  }

  private void accept() {
    method = head.method();
    http10 = head.version() == HttpVersion.HTTP_1_0;
    upgradeAsked = head.hasProtocol();
    continueAwaited = head.expectsContinue();
    persistent = decoder.framing().persistent();
    boolean scheme = true;
    if (head.schemeLength() < 0 && method != Method.CONNECT) {
      byte[] own = host.secure() ? HTTPS : HTTP;
      scheme = head.setScheme(own, 0, own.length);
    }
    if (!scheme) {
      reject(H1Error.HEAD_TOO_LARGE, CloseCause.BAD_REQUEST);
      return;
    }
    boolean ends = decoder.framing().endsWithHead();
    enter(ends ? ReadState.DONE : ReadState.CONTENT);
    input.begin(decoder.framing());
    StreamHandler accepted = acceptor.accept(openStream());
    begin(accepted);
    accepted.onHead(head, ends);
  }

  /** RFC 9112 9.6: the answer says that it is the last, and nothing after it is looked at. */
  private void reject(H1Error error, CloseCause cause) {
    answer(error.status());
    close(cause);
    acceptor.rejected(error.status(), cause, error.detail());
  }

  private void answer(int status) {
    ResponseHead response = new ResponseHead(64, 1);
    response.setStatus(status);
    output.head(
        response,
        H1Encoder.Framing.ZERO_LENGTH,
        H1Encoder.Persistence.CLOSE,
        BodyFraming.Kind.NONE,
        0);
  }

  @Override
  void onMessageEnd() {
    enter(ReadState.DONE);
    if (write() == WriteState.TUNNEL || write() == WriteState.ENDED) {
      enter(ReadState.TUNNEL);
    }
  }

  @Override
  void onBadContent() {
    boolean unanswered = write() == WriteState.HEAD;
    H1Error error = input.error();
    fail(ResetCode.PROTOCOL_ERROR, CloseCause.BAD_REQUEST);
    if (unanswered) {
      answer(error.status());
    }
    close(CloseCause.BAD_REQUEST);
  }

  @Override
  boolean onInputOver(boolean bytesLeft) {
    if (bytesLeft && read() != ReadState.CONTENT && host.writableBytes() == 0) {
      // What is here will be looked at when there is room for an answer.
      return false;
    }
    switch (read()) {
      case IDLE, DROPPING -> close(CloseCause.COMPLETE);
      case HEAD -> reject(H1Error.INCOMPLETE, CloseCause.CLIENT_ABORT);
      case CONTENT -> {
        // RFC 9112 8: the request is incomplete, and must not be taken for a whole one.
        fail(ResetCode.CONNECTION_CLOSED, CloseCause.CLIENT_ABORT);
        close(CloseCause.CLIENT_ABORT);
      }
      default -> throw new AssertionError(read());
    }
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
      case END -> nextRequest();
      case ERROR -> close(CloseCause.BAD_REQUEST);
      case MORE, BLOCKED -> {
        return false;
      }
    }
    return true;
  }

  // ---- the end of an exchange

  @Override
  boolean exchangeOver() {
    return write() == WriteState.DONE || write() == WriteState.CUT || tunnelOver();
  }

  @Override
  void finish(ByteBuffer in) {
    boolean cut = write() == WriteState.CUT;
    boolean tunnel = write() == WriteState.ENDED;
    StreamHandler over = release();
    if (cut && !output.selfDelimiting()) {
      // An end would be taken for the regular one.
      enter(ReadState.CLOSED);
      host.closeNow(causeOf(cutCode()));
    } else if (cut) {
      close(causeOf(cutCode()));
    } else if (tunnel || !persistent || draining) {
      close(CloseCause.COMPLETE);
    } else if (read() == ReadState.CONTENT) {
      dropped = 0;
      enter(ReadState.DROPPING);
      arm(host.timeouts().httpRequest().toNanos());
    } else {
      nextRequest();
    }
    if (over != null) {
      over.onReleased();
    }
  }

  private void nextRequest() {
    enter(ReadState.IDLE);
    decoder.begin(head);
    if (draining) {
      close(CloseCause.DRAINING);
    } else {
      arm(host.timeouts().keepAlive().toNanos());
    }
  }

  private void close(CloseCause cause) {
    host.timers().cancel(timer);
    if (read() != ReadState.CLOSED) {
      enter(ReadState.CLOSED);
      host.closeGracefully(cause);
    }
  }

  private static CloseCause causeOf(ResetCode code) {
    return switch (code) {
      case NO_ERROR, CANCEL -> CloseCause.COMPLETE;
      case TIMEOUT -> CloseCause.CLIENT_TIMEOUT;
      case PROTOCOL_ERROR -> CloseCause.BAD_RESPONSE;
      case INTERNAL_ERROR -> CloseCause.INTERNAL_ERROR;
      default -> CloseCause.SERVER_ABORT;
    };
  }

  // ---- writing

  @Override
  void sendHead(MessageHead message, boolean end) {
    if (write() != WriteState.HEAD) {
      return;
    }
    ResponseHead response = (ResponseHead) message;
    int status = response.status();
    if (status == 101 || (method == Method.CONNECT && status >= 200 && status < 300)) {
      tunnel(response);
    } else if (response.isInformational()) {
      interim(response);
    } else {
      finalHead(response, end);
    }
    checkOutput();
  }

  /** RFC 9110 15.2: interim responses are passed on, but never to a client of HTTP/1.0. */
  private void interim(ResponseHead response) {
    if (response.status() == 100) {
      continueAwaited = false;
    }
    if (!http10) {
      output.head(
          response,
          H1Encoder.Framing.NO_LENGTH,
          H1Encoder.Persistence.DEFAULT,
          BodyFraming.Kind.NONE,
          0);
    }
  }

  private void tunnel(ResponseHead response) {
    if (response.status() == 101 && !upgradeAsked) {
      // RFC 9110 15.2.2: the client did not ask, so it can't be told.
      reset(ResetCode.PROTOCOL_ERROR);
      return;
    }
    persistent = false;
    output.head(
        response,
        H1Encoder.Framing.NO_LENGTH,
        H1Encoder.Persistence.DEFAULT,
        BodyFraming.Kind.TUNNEL,
        0);
    openTunnel();
    wake();
  }

  private void finalHead(ResponseHead response, boolean end) {
    long length = response.contentLength();
    boolean bodyless = method == Method.HEAD || response.bodyless();
    BodyFraming.Kind kind;
    H1Encoder.Framing framing;
    if (bodyless) {
      // RFC 9110 8.6: a length stays with HEAD and 304, where it tells of another response.
      kind = BodyFraming.Kind.NONE;
      boolean lengthAllowed = response.status() != 204;
      framing = lengthAllowed ? H1Encoder.Framing.AS_GIVEN : H1Encoder.Framing.NO_LENGTH;
    } else if (length >= 0) {
      kind = BodyFraming.Kind.LENGTH;
      framing = H1Encoder.Framing.AS_GIVEN;
    } else if (end) {
      kind = BodyFraming.Kind.NONE;
      framing = H1Encoder.Framing.ZERO_LENGTH;
    } else if (http10) {
      // RFC 9112 6.1: no coding for a client of HTTP/1.0; its content ends with the connection.
      kind = BodyFraming.Kind.UNTIL_CLOSE;
      framing = H1Encoder.Framing.NO_LENGTH;
    } else {
      kind = BodyFraming.Kind.CHUNKED;
      framing = H1Encoder.Framing.CHUNKED;
    }
    persistent &= kind != BodyFraming.Kind.UNTIL_CLOSE && mayPersist();
    H1Encoder.Persistence persistence = H1Encoder.Persistence.CLOSE;
    if (persistent) {
      persistence = http10 ? H1Encoder.Persistence.KEEP_ALIVE : H1Encoder.Persistence.DEFAULT;
    }
    output.head(response, framing, persistence, kind, Math.max(0, length));
    enter(WriteState.CONTENT);
    if (end) {
      endMessage(null);
    }
  }

  /** What, besides the client's own word, keeps the connection from living on. */
  private boolean mayPersist() {
    if (leaving || nothingFollows() || method == Method.CONNECT) {
      // What follows a refused CONNECT may be meant for the tunnel: it is no request.
      return false;
    }
    if (read() != ReadState.CONTENT) {
      return true;
    }
    if (continueAwaited) {
      // RFC 9110 10.1.1: the client may or may not send the content now; nobody could tell it from
      // the next request.
      return false;
    }
    long left = input.bytesLeft();
    return left != BodyLength.UNKNOWN && left <= host.limits().drainBytesMax();
  }

  // ---- time

  private void arm(long delayNanos) {
    host.timers().arm(timer, Deadline.after(host.nowNanos(), delayNanos));
  }

  /** How long a client may take for a head, and for the time between two. */
  private final class HeadTimer extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      switch (read()) {
        case IDLE -> close(CloseCause.IDLE_TIMEOUT);
        case HEAD -> {
          answer(CloseCause.CLIENT_TIMEOUT.status());
          close(CloseCause.CLIENT_TIMEOUT);
          acceptor.rejected(
              CloseCause.CLIENT_TIMEOUT.status(),
              CloseCause.CLIENT_TIMEOUT,
              "head of the request did not come in time");
        }
        case DROPPING -> close(CloseCause.CLIENT_TIMEOUT);
        default -> {
          // An exchange has its own deadlines, above.
        }
      }
    }
  }
}
