package dev.sluice.mux.h2;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.protocol.EndFrame;
import dev.sluice.mux.h2.protocol.FrameOutput;
import dev.sluice.mux.h2.protocol.H2Events;
import dev.sluice.mux.h2.protocol.H2Options;
import dev.sluice.mux.h2.protocol.H2Protocol;
import dev.sluice.mux.h2.protocol.StreamRecord;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the two sides of the h2 mux have in common: it binds {@link H2Protocol} to the connection,
 * and its streams to their handlers. Confined to its loop.
 *
 * <p>All input is consumed as it comes, so that WINDOW_UPDATE, PING and RST_STREAM never wait
 * behind content. Content that a handler does not take goes to its stream's queue, which the window
 * that was given bounds; credit is returned as it is taken.
 *
 * <p>Handlers are called from {@link #dispatch} alone. A call down moves states, writes, and puts
 * its stream on the list of those with something to do; the host then runs the dispatch once more
 * in the same turn. A stream is released by the dispatch, never while the protocol reads.
 */
abstract class H2Mux implements Mux, H2Events, FrameOutput {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  /** How often a dispatch goes through the streams before it lets others have their turn. */
  private static final int ROUNDS_MAX = 4;

  final MuxHost host;
  final H2Protocol protocol;
  final H2Streams streams;

  private final DeadlineTimer timer = new DeadlineTimer();
  private final PendingStreams pending = new PendingStreams();
  private boolean dispatching;
  private boolean closing;
  private boolean peerEnded;
  private boolean begun;

  H2Mux(MuxHost host, H2Options options) {
    this.host = host;
    this.protocol = new H2Protocol(host.side(), options, this, this, host.nowNanos());
    this.streams = new H2Streams(this, options.concurrentStreamsMax());
  }

  // ---- what the sides differ in

  /** A head from the handler. */
  abstract void sendHead(H2Stream stream, StreamRecord record, MessageHead head, boolean end);

  /** Whether the exchange is over, and nothing is left to tell but the release. */
  abstract boolean exchangeOver(H2Stream stream, StreamRecord record);

  /** What to reset an exchange with that is over before both directions have ended. */
  abstract H2ErrorCode leftOver();

  /** Why the connection ends when the peer has broken the protocol. */
  abstract CloseCause faultCause();

  /** Why it ends when the peer has not answered in time. */
  abstract CloseCause timeoutCause();

  /** Why it ends when it was drained, or when the peer has ended it and no stream is left. */
  abstract CloseCause drainedCause();

  /** Why a stream was cut, by the peer or because of a fault of the peer's. */
  abstract CloseCause resetCause(H2ErrorCode code, boolean byPeer);

  /** The peer has ended its direction of the connection. */
  abstract void onPeerEnded();

  /** A stream has left the connection. */
  abstract void onStreamReleased();

  /** The dispatch is at its end, and the connection lives on. */
  abstract void afterDispatch();

  /** When this side has something to do besides the protocol, or {@link Deadline#NONE}. */
  abstract long sideDeadlineNanos();

  /** The time for that may have come. */
  abstract void onSideTime(long nowNanos);

  // ---- from the host

  @Override
  public final String name() {
    return H2MuxProvider.NAME;
  }

  @Override
  public void start() {
    protocol.start(host.nowNanos());
    // The dispatch arms the timer, and finds out if the first bytes could not be written.
    host.resumeInput();
  }

  @Override
  public final void onInput(ByteBuffer input, boolean ended) {
    dispatch(input);
  }

  @Override
  public final void onInputEnd() {
    peerEnded = true;
    onPeerEnded();
    dispatch(EMPTY);
  }

  @Override
  public final void onWritable() {
    dispatch(EMPTY);
  }

  @Override
  public final void onClosed(ResetCode code, CloseCause cause) {
    closing = true;
    host.timers().cancel(timer);
    protocol.abandon();
    dispatching = true;
    try {
      failAll(code, cause);
    } finally {
      dispatching = false;
    }
  }

  @Override
  public final int openStreams() {
    return protocol.openStreams();
  }

  @Override
  public final int availableStreams() {
    return closing || peerEnded ? 0 : protocol.availableStreams();
  }

  @Override
  public final boolean onLeaving() {
    if (closing || peerEnded || pending.count() > 0 || protocol.openStreams() > 0) {
      return false;
    }
    host.timers().cancel(timer);
    return true;
  }

  @Override
  public final void onMoved() {
    armTimer();
  }

  @Override
  public void drain() {
    if (!closing) {
      protocol.drain(host.nowNanos());
      wake();
    }
  }

  // ---- the dispatch

  private void dispatch(ByteBuffer input) {
    if (closing) {
      input.position(input.limit());
      return;
    }
    dispatching = true;
    try {
      protocol.beginTurn();
      if (input.hasRemaining()) {
        protocol.receive(input, host.nowNanos());
      }
      boolean sendersWait;
      int rounds = 0;
      do {
        settlePending();
        sendersWait = protocol.serveWaiting(1);
        rounds++;
      } while (rounds < ROUNDS_MAX && (pending.count() > 0 || sendersWait) && !protocol.failed());
      conclude(sendersWait);
      streams.endOfDispatch();
    } finally {
      dispatching = false;
    }
  }

  private void conclude(boolean sendersWait) {
    if (protocol.failed()) {
      closeFailed();
      return;
    }
    if (protocol.drained() || (peerEnded && protocol.openStreams() == 0)) {
      close(drainedCause());
      return;
    }
    if (pending.count() > 0) {
      host.resumeInput();
    }
    if (sendersWait) {
      host.wantWritable();
    }
    afterDispatch();
    armTimer();
  }

  private void closeFailed() {
    CloseCause cause;
    ResetCode code;
    switch (protocol.faultCode()) {
      case INTERNAL_ERROR -> {
        cause = CloseCause.RESOURCE_LIMIT;
        code = ResetCode.INTERNAL_ERROR;
      }
      case NO_ERROR, SETTINGS_TIMEOUT -> {
        cause = timeoutCause();
        code = ResetCode.CONNECTION_CLOSED;
      }
      default -> {
        cause = faultCause();
        code = ResetCode.PROTOCOL_ERROR;
      }
    }
    closing = true;
    host.timers().cancel(timer);
    if (cause == CloseCause.RESOURCE_LIMIT) {
      host.closeNow(cause);
    } else {
      // So that GOAWAY reaches the peer.
      host.closeGracefully(cause);
    }
    failAll(code, cause);
  }

  /** Closes a connection that has no streams. */
  private void close(CloseCause cause) {
    closing = true;
    host.timers().cancel(timer);
    host.closeGracefully(cause);
  }

  private void settlePending() {
    // Only those that are on the list now: a handler that asks for more at every call must not
    // keep the loop here. Once the connection has failed no exchange is over in the regular way,
    // whatever it looks like: what it wrote last may be lost.
    for (int left = pending.count(); left > 0 && !protocol.failed(); left--) {
      H2Stream stream = pending.take();
      if (stream != null) {
        settle(stream);
      }
    }
  }

  private void settle(H2Stream stream) {
    StreamRecord record = stream.record;
    StreamHandler handler = stream.handler;
    if (record == null || handler == null) {
      return;
    }
    if (stream.alive() != null) {
      deliver(stream, record, handler);
    }
    ResetCode code = stream.resetCode;
    if (stream.cut || code != null || exchangeOver(stream, record)) {
      boolean tell = code != null && !stream.cut;
      CloseCause cause = stream.resetCause;
      release(stream, record);
      if (tell && code != null) {
        handler.onReset(code, cause);
      }
      handler.onReleased();
    }
  }

  /** Tells what was held back, as far as the handler takes it. */
  private void deliver(H2Stream stream, StreamRecord record, StreamHandler handler) {
    ReceiveQueue queue = stream.queue;
    if (stream.dropping) {
      int dropped = queue.bytes();
      queue.clear();
      protocol.consumed(record, dropped);
      return;
    }
    if (stream.awaitsTunnel()) {
      return;
    }
    while (!queue.isEmpty() && !stream.paused) {
      ByteBuffer content = queue.first();
      int offered = content.remaining();
      boolean last = queue.onlyFirst() && stream.received == H2Stream.End.ENDED;
      boolean whole = offer(stream, record, handler, content, last);
      if (stream.alive() == null) {
        return;
      }
      queue.taken(offered - content.remaining());
      if (!whole) {
        return;
      }
    }
    if (queue.isEmpty() && !stream.endTold && stream.received != H2Stream.End.OPEN) {
      stream.endTold = true;
      Fields trailers = stream.trailers;
      if (stream.received == H2Stream.End.TRAILERS && trailers != null) {
        handler.onTrailers(trailers);
      } else {
        handler.onEnd();
      }
    }
  }

  /** Offers content, and leaves in the buffer what is not taken. True if all of it was. */
  private boolean offer(
      H2Stream stream,
      StreamRecord record,
      StreamHandler handler,
      ByteBuffer content,
      boolean last) {
    int offered = content.remaining();
    stream.resumed = false;
    handler.onData(content, last);
    if (stream.alive() == null) {
      // Cut meanwhile: the release pays back all that was not consumed.
      return false;
    }
    int left = content.remaining();
    protocol.consumed(record, offered - left);
    if (left == 0) {
      stream.endTold |= last;
      return true;
    }
    if (stream.resumed) {
      // Asked for more, and did not take it: once more, but after the others.
      pend(stream);
    } else {
      stream.paused = true;
    }
    return false;
  }

  private void release(H2Stream stream, StreamRecord record) {
    if (!record.state().closed()) {
      protocol.reset(record, leftOver());
    }
    stream.end();
    protocol.release(record);
    streams.give(stream);
    onStreamReleased();
  }

  /** Tells all streams of the connection's end. */
  private void failAll(ResetCode code, CloseCause cause) {
    for (H2Stream stream = streams.first(); stream != null; stream = streams.first()) {
      StreamRecord record = stream.record;
      StreamHandler handler = stream.handler;
      boolean cut = stream.cut;
      ResetCode own = stream.resetCode;
      CloseCause ownCause = stream.resetCause;
      if (record != null) {
        release(stream, record);
      }
      if (handler != null) {
        if (!cut) {
          handler.onReset(own != null ? own : code, own != null ? ownCause : cause);
        }
        handler.onReleased();
      }
    }
    streams.endOfDispatch();
  }

  // ---- the list of streams with something to do

  final void pend(H2Stream stream) {
    pending.put(stream);
    wake();
  }

  /** Has the dispatch run once more in this turn, unless it is running. */
  final void wake() {
    if (!dispatching && !closing) {
      host.resumeInput();
    }
  }

  /** Cuts a stream from below: its handler is told by the dispatch. */
  final void fail(H2Stream stream, ResetCode code, CloseCause cause) {
    if (stream.alive() != null) {
      stream.resetCode = code;
      stream.resetCause = cause;
      pend(stream);
    }
  }

  final H2Stream begin(StreamRecord record) {
    H2Stream stream = streams.take();
    stream.begin(record, !begun);
    begun = true;
    return stream;
  }

  // ---- from the handlers, through their streams

  final int send(H2Stream stream, StreamRecord record, ByteBuffer data, boolean end) {
    if (!record.headSent() || stream.awaitsTunnel()) {
      return 0;
    }
    int taken = protocol.send(record, data, end);
    if (end && !data.hasRemaining()) {
      pend(stream);
    } else if (protocol.sendersWait() || protocol.failed()) {
      wake();
    }
    return taken;
  }

  final void sendTrailers(H2Stream stream, StreamRecord record, Fields trailers) {
    if (record.headSent() && !stream.tunnelAsked) {
      protocol.sendTrailers(record, trailers);
      pend(stream);
    }
  }

  final void sendEnd(H2Stream stream, StreamRecord record) {
    if (record.headSent() && !stream.awaitsTunnel()) {
      protocol.sendEnd(record);
      pend(stream);
    }
  }

  final void reset(H2Stream stream, StreamRecord record, ResetCode code) {
    protocol.reset(record, Translation.toWire(code));
    stream.cut = true;
    pend(stream);
  }

  // ---- from the protocol

  final @Nullable H2Stream streamOf(StreamRecord record) {
    return (H2Stream) record.attachment();
  }

  @Override
  public final void onData(StreamRecord record, ByteBuffer content, boolean end) {
    H2Stream stream = streamOf(record);
    StreamHandler handler = stream == null ? null : stream.handler;
    if (stream == null || handler == null || stream.alive() == null) {
      return;
    }
    if (end) {
      stream.received = H2Stream.End.ENDED;
    }
    if (stream.dropping) {
      protocol.consumed(record, content.remaining());
      pend(stream);
      return;
    }
    if (stream.queue.isEmpty() && !stream.paused && !stream.awaitsTunnel()) {
      boolean whole = offer(stream, record, handler, content, end);
      if (stream.alive() == null) {
        return;
      }
      if (whole) {
        if (end) {
          pend(stream);
        }
        return;
      }
    }
    if (!stream.queue.put(content, host.heapBuffers())) {
      protocol.reset(record, H2ErrorCode.INTERNAL_ERROR);
      fail(stream, ResetCode.INTERNAL_ERROR, CloseCause.RESOURCE_LIMIT);
    }
  }

  @Override
  public final void onTrailers(StreamRecord record, Fields trailers) {
    H2Stream stream = streamOf(record);
    StreamHandler handler = stream == null ? null : stream.handler;
    if (stream == null || handler == null || stream.alive() == null) {
      return;
    }
    stream.received = H2Stream.End.TRAILERS;
    if (stream.queue.isEmpty() && !stream.dropping) {
      stream.endTold = true;
      handler.onTrailers(trailers);
    } else {
      Fields kept = stream.trailers;
      if (kept == null) {
        kept = new Fields(host.limits().headBytesMax(), host.limits().fieldCountMax());
        stream.trailers = kept;
      }
      boolean copied = kept.copyFrom(trailers);
      assert copied : "trailers within the same limits";
    }
    pend(stream);
  }

  @Override
  public final void onEnd(StreamRecord record) {
    H2Stream stream = streamOf(record);
    if (stream != null) {
      stream.received = H2Stream.End.ENDED;
      pend(stream);
    }
  }

  @Override
  public final void onReset(StreamRecord record, H2ErrorCode code, boolean byPeer, String reason) {
    H2Stream stream = streamOf(record);
    if (stream == null) {
      return;
    }
    if (exchangeComplete(stream)) {
      // RFC 9113 8.1: a response that came whole is not lost by what follows it.
      pend(stream);
    } else {
      fail(stream, Translation.fromWire(code), resetCause(code, byPeer));
    }
  }

  /** Whether all that the handler waits for has come, told or not. */
  abstract boolean exchangeComplete(H2Stream stream);

  @Override
  public final void onWritable(StreamRecord record) {
    H2Stream stream = streamOf(record);
    StreamHandler handler = stream == null ? null : stream.handler;
    if (stream != null && handler != null && stream.alive() != null) {
      handler.onWritable();
    }
  }

  // ---- the output

  @Override
  public final int room() {
    return closing ? 0 : host.writableBytes();
  }

  @Override
  public final boolean write(ByteBuffer bytes) {
    if (closing) {
      // Nobody is to hear of what is left of a connection that is being closed.
      bytes.position(bytes.limit());
      return true;
    }
    return host.writeReserved(bytes);
  }

  @Override
  public final void onEndSent(EndFrame frame) {
    if (!closing) {
      host.count(Translation.toCount(frame));
    }
  }

  @Override
  public final void onEndReceived(EndFrame frame) {
    host.count(Translation.toCount(frame));
  }

  // ---- time

  private void armTimer() {
    long deadline = Deadline.earlier(protocol.nextDeadlineNanos(), sideDeadlineNanos());
    if (deadline == Deadline.NONE) {
      host.timers().cancel(timer);
    } else if (!timer.armed() || timer.deadlineNanos() != deadline) {
      host.timers().arm(timer, deadline);
    }
  }

  private final class DeadlineTimer extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      protocol.onTime(nowNanos);
      onSideTime(nowNanos);
      dispatch(EMPTY);
    }
  }

  @Override
  public String toString() {
    return "h2 " + protocol.openStreams() + " streams" + (closing ? ", closing" : "");
  }
}
