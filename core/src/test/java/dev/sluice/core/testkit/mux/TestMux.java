package dev.sluice.core.testkit.mux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.loop.TurnTask;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.time.Deadline;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A complete mux on the public SPI, for tests: several streams on one connection, each with a
 * window, in the frames of {@link TestFrames}. Confined to its loop.
 *
 * <p>Calls down write frames and set flags; whatever follows for a handler is done by {@link Work},
 * from the pending list of the turn.
 */
final class TestMux implements Mux {
  private final TestMuxProvider provider;
  private final MuxHost host;
  private final CloseCause bad;
  private final @Nullable StreamAcceptor acceptor;
  private final Map<Integer, TestStream> streams = new LinkedHashMap<>();
  private final ArrayDeque<TestStream> releases = new ArrayDeque<>();
  private final ByteBuffer scratch = TestFrames.scratch();
  private final RequestHead requestHead;
  private final ResponseHead responseHead;
  private final Work work = new Work();
  private final TestTimer idleTimer = new TestTimer(this::onIdle);

  private int prefaceLeft;
  private int streamsMax;
  private int lastId = -1;
  private long ordinal;
  private boolean attachAsked;
  private boolean draining;
  private boolean peerEnded;

  /** The end of the connection has been asked for, or has come. */
  private boolean closed;

  TestMux(TestMuxProvider provider, MuxHost host, @Nullable StreamAcceptor acceptor) {
    this.provider = provider;
    this.host = host;
    this.acceptor = acceptor;
    this.bad = acceptor == null ? CloseCause.BAD_RESPONSE : CloseCause.BAD_REQUEST;
    // Until the server's SETTINGS are here nothing but one stream may be counted on.
    this.streamsMax = acceptor == null ? 1 : provider.streamsMax();
    this.prefaceLeft = acceptor != null && provider.multiplexes() ? TestFrames.PREFACE.length() : 0;
    LimitConfig limits = host.limits();
    this.requestHead = new RequestHead(limits.headBytesMax(), limits.fieldCountMax());
    this.responseHead = new ResponseHead(limits.headBytesMax(), limits.fieldCountMax());
  }

  private boolean front() {
    return acceptor != null;
  }

  // ---- Mux

  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public void start() {
    if (front()) {
      write(TestFrames.settings(scratch, provider.streamsMax()));
      host.timers()
          .arm(idleTimer, Deadline.after(host.nowNanos(), host.timeouts().httpRequest().toNanos()));
    } else if (provider.multiplexes()) {
      write(ByteBuffer.wrap(TestFrames.PREFACE.getBytes(ISO_8859_1)));
    }
  }

  @Override
  public void onInput(ByteBuffer input, boolean ended) {
    while (prefaceLeft > 0 && input.hasRemaining() && !closed) {
      int at = TestFrames.PREFACE.length() - prefaceLeft;
      if (input.get() != TestFrames.PREFACE.charAt(at)) {
        fail(CloseCause.BAD_REQUEST);
      }
      prefaceLeft--;
    }
    while (!closed && prefaceLeft == 0) {
      int length = TestFrames.frameLength(input);
      if (length < 0) {
        fail(bad);
      } else if (length == 0) {
        break;
      } else {
        ByteBuffer frame = input.slice(input.position(), length);
        input.position(input.position() + length);
        handle(frame);
      }
    }
    if (ended || closed) {
      // Less than a frame, and nothing to follow it.
      input.position(input.limit());
    }
  }

  private void handle(ByteBuffer frame) {
    int type = frame.get();
    boolean end = (frame.get() & TestFrames.END) != 0;
    int id = frame.getInt();
    frame.getShort();
    ByteBuffer payload = frame.slice();
    TestStream stream = streams.get(id);
    switch (type) {
      case TestFrames.HEAD -> {
        if (front()) {
          onRequest(id, stream, payload, end);
        } else if (stream != null) {
          onResponse(stream, payload, end);
        }
      }
      case TestFrames.DATA -> onData(stream, payload, end);
      case TestFrames.TRAILERS -> onTrailers(stream, payload);
      case TestFrames.RESET -> onReset(stream, payload);
      case TestFrames.CREDIT -> onCredit(stream, payload);
      case TestFrames.SETTINGS -> {
        if (!front() && payload.hasRemaining()) {
          streamsMax = Math.min(provider.streamsMax(), payload.get());
          host.capacityChanged();
        }
      }
      case TestFrames.DRAIN -> {
        draining = true;
        host.capacityChanged();
        closeIfDone();
      }
      default -> fail(bad);
    }
  }

  private void onRequest(int id, @Nullable TestStream known, ByteBuffer payload, boolean end) {
    StreamAcceptor to = acceptor;
    if (known != null || id <= lastId || to == null) {
      fail(CloseCause.BAD_REQUEST);
      return;
    }
    lastId = id;
    if (draining || streams.size() >= streamsMax) {
      write(TestFrames.reset(scratch, id, ResetCode.REFUSED.ordinal()));
      return;
    }
    if (!TestFrames.readRequest(payload, requestHead)) {
      write(TestFrames.reset(scratch, id, ResetCode.PROTOCOL_ERROR.ordinal()));
      to.rejected(0, CloseCause.BAD_REQUEST, "malformed head");
      return;
    }
    host.timers().cancel(idleTimer);
    TestStream stream = new TestStream(this, id, ++ordinal, NobodyHandler.INSTANCE);
    streams.put(id, stream);
    stream.endHere = end;
    stream.remoteEnded = end;
    stream.handler = to.accept(stream);
    stream.handler.onHead(requestHead, end);
  }

  private void onResponse(TestStream stream, ByteBuffer payload, boolean end) {
    if (stream.over) {
      return;
    }
    if (stream.endHere || stream.headHere || !TestFrames.readResponse(payload, responseHead)) {
      fail(CloseCause.BAD_RESPONSE);
      return;
    }
    stream.headHere = !responseHead.isInformational();
    stream.endHere = end;
    stream.remoteEnded = end;
    stream.handler.onHead(responseHead, end);
    checkOver(stream);
  }

  private void onData(@Nullable TestStream stream, ByteBuffer payload, boolean end) {
    if (stream == null || stream.over) {
      return;
    }
    stream.receiveWindow -= payload.remaining();
    boolean early = !front() && !stream.headHere;
    if (stream.endHere || early || stream.receiveWindow < 0) {
      fail(bad);
      return;
    }
    stream.endHere = end;
    if (stream.hasQueued()) {
      enqueue(stream, payload);
      return;
    }
    offer(stream, payload);
    if (payload.hasRemaining() && !stream.over) {
      enqueue(stream, payload);
    }
  }

  private void onTrailers(@Nullable TestStream stream, ByteBuffer payload) {
    if (stream == null || stream.over) {
      return;
    }
    Fields section = new Fields(host.limits().headBytesMax(), host.limits().fieldCountMax());
    if (stream.endHere || !TestFrames.readFields(payload, section)) {
      fail(bad);
      return;
    }
    stream.endHere = true;
    stream.trailers = section;
    if (!stream.hasQueued()) {
      tellEnd(stream);
    }
  }

  private void onReset(@Nullable TestStream stream, ByteBuffer payload) {
    if (stream == null || stream.over || !payload.hasRemaining()) {
      return;
    }
    ResetCode code = ResetCode.values()[payload.get() % ResetCode.values().length];
    if (!front() && stream.remoteEnded && code == ResetCode.NO_ERROR) {
      // Answered, and the rest of the request is not wanted.
      stream.localEnded = true;
      checkOver(stream);
      return;
    }
    CloseCause cause = front() ? CloseCause.CLIENT_ABORT : CloseCause.SERVER_ABORT;
    cut(stream, code, code == ResetCode.REFUSED ? CloseCause.SERVER_REFUSED : cause);
  }

  private void onCredit(@Nullable TestStream stream, ByteBuffer payload) {
    if (stream == null || stream.over || payload.remaining() < 4) {
      return;
    }
    stream.sendWindow += payload.getInt();
    if (stream.refused && host.writableBytes() > TestFrames.HEADER_BYTES) {
      stream.refused = false;
      stream.handler.onWritable();
    } else if (stream.refused) {
      host.wantWritable();
    }
  }

  @Override
  public void onInputEnd() {
    peerEnded = true;
    if (closed) {
      return;
    }
    for (TestStream stream : List.copyOf(streams.values())) {
      boolean goesOn = front() && stream.endHere && host.supportsHalfClose();
      if (!stream.over && !goesOn) {
        CloseCause cause =
            front()
                ? CloseCause.CLIENT_ABORT
                : stream.headHere ? CloseCause.SERVER_ABORT : CloseCause.EMPTY_RESPONSE;
        cut(stream, ResetCode.CONNECTION_CLOSED, cause);
      }
    }
    host.capacityChanged();
    closeIfDone();
  }

  @Override
  public void onWritable() {
    for (TestStream stream : List.copyOf(streams.values())) {
      if (stream.refused && stream.sendWindow > 0 && !stream.over) {
        stream.refused = false;
        stream.handler.onWritable();
      }
    }
  }

  @Override
  public boolean onLeaving() {
    return streams.isEmpty() && !closed && !draining && !peerEnded && !work.queued();
  }

  @Override
  public void onClosed(ResetCode code, CloseCause cause) {
    closed = true;
    host.timers().cancel(idleTimer);
    for (TestStream stream : List.copyOf(streams.values())) {
      if (!stream.over) {
        cut(stream, code, cause);
      } else {
        release(stream);
      }
    }
    releases.clear();
  }

  @Override
  public boolean attach(StreamEndpoint endpoint) {
    boolean first = !attachAsked;
    attachAsked = true;
    if (availableStreams() == 0 || (first && provider.takeAttachRefusal())) {
      return false;
    }
    ordinal++;
    int id = (int) ordinal;
    TestStream stream = new TestStream(this, id, ordinal, endpoint);
    streams.put(id, stream);
    endpoint.attach(stream);
    if (first && provider.takeAttachFault()) {
      throw new IllegalStateException("a fault that the test asked for");
    }
    return true;
  }

  @Override
  public int availableStreams() {
    if (front() || closed || draining || peerEnded) {
      return 0;
    }
    return Math.max(0, streamsMax - streams.size());
  }

  @Override
  public int openStreams() {
    return streams.size();
  }

  @Override
  public void drain() {
    if (draining || closed) {
      return;
    }
    draining = true;
    if (front()) {
      write(TestFrames.drain(scratch));
    }
    closeIfDone();
  }

  // ---- calls down of streams

  void sendHead(TestStream stream, MessageHead head, boolean end) {
    if (stream.over || stream.localEnded || closed) {
      return;
    }
    boolean last = !(head instanceof ResponseHead response && response.isInformational());
    stream.headSent |= last;
    stream.localEnded = end;
    write(TestFrames.head(scratch, stream.id, head, end));
    checkOver(stream);
  }

  int send(TestStream stream, ByteBuffer data, boolean end) {
    if (stream.over || !stream.headSent || stream.localEnded || closed) {
      return 0;
    }
    int taken = 0;
    while (data.hasRemaining()) {
      int n = Math.min(data.remaining(), TestFrames.DATA_BYTES_MAX);
      n = Math.min(n, host.writableBytes() - TestFrames.HEADER_BYTES);
      n = Math.min(n, stream.sendWindow);
      if (n <= 0) {
        stream.refused = true;
        if (stream.sendWindow > 0) {
          host.wantWritable();
        }
        return taken;
      }
      boolean last = end && n == data.remaining();
      TestFrames.begin(scratch, TestFrames.DATA, last ? TestFrames.END : 0, stream.id);
      scratch.put(scratch.position(), data, data.position(), n);
      scratch.position(scratch.position() + n);
      write(TestFrames.finish(scratch));
      data.position(data.position() + n);
      stream.sendWindow -= n;
      taken += n;
      if (last) {
        stream.localEnded = true;
        checkOver(stream);
        return taken;
      }
    }
    if (end) {
      sendEnd(stream);
    }
    return taken;
  }

  void sendEnd(TestStream stream) {
    if (stream.over || !stream.headSent || stream.localEnded || closed) {
      return;
    }
    stream.localEnded = true;
    write(TestFrames.header(scratch, TestFrames.DATA, TestFrames.END, stream.id, 0));
    checkOver(stream);
  }

  void sendTrailers(TestStream stream, Fields section) {
    if (stream.over || !stream.headSent || stream.localEnded || closed) {
      return;
    }
    stream.localEnded = true;
    write(TestFrames.trailers(scratch, stream.id, section));
    checkOver(stream);
  }

  void reset(TestStream stream, ResetCode code) {
    if (stream.over) {
      return;
    }
    boolean known = front() || stream.headSent;
    if (known && !closed) {
      write(TestFrames.reset(scratch, stream.id, code.ordinal()));
    }
    end(stream);
  }

  void resume(TestStream stream) {
    stream.resumed = true;
    if (stream.paused && !stream.over) {
      stream.paused = false;
      host.loop().pend(work);
    }
  }

  private void write(ByteBuffer frame) {
    if (!closed && !host.writeReserved(frame)) {
      host.closeNow(CloseCause.RESOURCE_LIMIT);
    }
  }

  // ---- from the dispatch

  /** Offers what is queued, and then the end, as far as the handler takes it. */
  private void offerQueued(TestStream stream) {
    ByteBuffer bytes = stream.over || stream.paused ? null : stream.queued();
    if (bytes != null) {
      offer(stream, bytes);
      stream.dequeue(bytes);
    }
  }

  private void offer(TestStream stream, ByteBuffer bytes) {
    int offered = bytes.remaining();
    boolean plainEnd = stream.endHere && stream.trailers == null;
    stream.resumed = false;
    if (offered > 0) {
      stream.handler.onData(bytes, plainEnd);
    }
    if (stream.over) {
      return;
    }
    refill(stream, offered - bytes.remaining());
    if (bytes.hasRemaining()) {
      stream.paused = !stream.resumed;
      if (stream.resumed) {
        host.loop().pend(work);
      }
    } else if (stream.endHere) {
      if (offered > 0 && plainEnd) {
        stream.remoteEnded = true;
        checkOver(stream);
      } else {
        tellEnd(stream);
      }
    }
  }

  private void tellEnd(TestStream stream) {
    stream.remoteEnded = true;
    Fields section = stream.trailers;
    if (section != null) {
      stream.handler.onTrailers(section);
    } else {
      stream.handler.onEnd();
    }
    checkOver(stream);
  }

  private void refill(TestStream stream, int taken) {
    stream.takenSinceCredit += taken;
    if (stream.takenSinceCredit >= TestFrames.WINDOW_BYTES / 2 && !stream.endHere) {
      write(TestFrames.credit(scratch, stream.id, stream.takenSinceCredit));
      stream.receiveWindow += stream.takenSinceCredit;
      stream.takenSinceCredit = 0;
    }
  }

  private void enqueue(TestStream stream, ByteBuffer payload) {
    if (!stream.enqueue(host.heapBuffers(), payload)) {
      reset(stream, ResetCode.INTERNAL_ERROR);
    }
  }

  private void checkOver(TestStream stream) {
    if (stream.over) {
      return;
    }
    if (front() && stream.localEnded) {
      if (!stream.endHere) {
        write(TestFrames.reset(scratch, stream.id, ResetCode.NO_ERROR.ordinal()));
      }
      end(stream);
    } else if (stream.localEnded && stream.remoteEnded) {
      end(stream);
    }
  }

  /** The stream is over; its handler hears of that from the pending list. */
  private void end(TestStream stream) {
    stream.over = true;
    if (!closed) {
      releases.add(stream);
      host.loop().pend(work);
    }
  }

  /** Cuts a stream from below. From the dispatch only. */
  private void cut(TestStream stream, ResetCode code, CloseCause cause) {
    stream.over = true;
    stream.handler.onReset(code, cause);
    release(stream);
  }

  private void release(TestStream stream) {
    if (stream.released) {
      return;
    }
    stream.released = true;
    stream.freeQueue();
    streams.remove(stream.id);
    if (!closed) {
      host.capacityChanged();
    }
    stream.handler.onReleased();
  }

  private void fail(CloseCause cause) {
    closed = true;
    host.closeNow(cause);
    for (TestStream stream : List.copyOf(streams.values())) {
      if (!stream.over) {
        cut(stream, ResetCode.PROTOCOL_ERROR, cause);
      }
    }
  }

  private void onIdle() {
    if (!closed && streams.isEmpty()) {
      closed = true;
      host.closeGracefully(CloseCause.IDLE_TIMEOUT);
    }
  }

  private void closeIfDone() {
    if (closed || !streams.isEmpty()) {
      return;
    }
    if (draining || peerEnded) {
      closed = true;
      host.timers().cancel(idleTimer);
      host.closeGracefully(draining ? CloseCause.DRAINING : CloseCause.IDLE_CLOSED);
    } else if (front()) {
      host.timers()
          .arm(idleTimer, Deadline.after(host.nowNanos(), host.timeouts().keepAlive().toNanos()));
    }
  }

  /** What calls down have left to be told. */
  private final class Work extends TurnTask {
    @Override
    protected void runTurn() {
      if (closed) {
        // Those that are over are released by onClosed.
        return;
      }
      for (TestStream stream : List.copyOf(streams.values())) {
        offerQueued(stream);
      }
      for (TestStream next = releases.poll(); next != null; next = releases.poll()) {
        release(next);
      }
      closeIfDone();
    }

    @Override
    protected void onTurnFailure(Throwable failure) {
      host.closeNow(CloseCause.INTERNAL_ERROR);
    }
  }
}
