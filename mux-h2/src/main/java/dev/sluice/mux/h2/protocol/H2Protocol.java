package dev.sluice.mux.h2.protocol;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.Side;
import dev.sluice.mux.h2.frame.FrameDecoder;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Settings;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * All rules of one HTTP/2 connection (RFC 9113), on either side, without a connection: bytes and
 * the time go in, frames and events come out.
 *
 * <pre>
 *              receive(bytes, time)                 onRequest, onData, ...
 *   peer  ----------------------------&gt;  protocol  ----------------------&gt;  layer above
 *         &lt;----------------------------            &lt;----------------------
 *              FrameOutput                          send, reset, consumed
 * </pre>
 *
 * <p>Faults of the peer are values. That of a stream is answered by RST_STREAM and told by {@link
 * H2Events#onReset}; that of the connection is answered by GOAWAY and found in {@link #failed},
 * {@link #faultCode} and {@link #faultReason}: whoever called has then to flush and to close.
 *
 * <p>Calls down never call back. A stream lives from {@link #open} or {@link H2Events#onRequest}
 * until {@link #release}, which the layer above owes for each of them once its state is closed.
 *
 * <p>Memory: the streams' records, one head, the two HPACK tables; no content is kept here.
 * Confined to its connection. Allocates nothing at steady state.
 */
public final class H2Protocol {
  /** Less room than this isn't worth a frame. */
  private static final int ROOM_BYTES_MIN = 256;

  private static final int STREAM_ID_MAX = Integer.MAX_VALUE;

  final boolean front;
  final H2Options options;
  final H2Events events;
  final FrameWriter writer;
  final Settings own = new Settings();
  final Settings peer = new Settings();
  final StreamTable streams;
  final SendScheduler scheduler;
  final FlowWindow sendWindow = new FlowWindow(Settings.WINDOW_BYTES_INITIAL);
  final ReceiveWindow receiveWindow = new ReceiveWindow(Settings.WINDOW_BYTES_INITIAL);
  final AbuseBudget budget;

  /** The memory of the streams that clients begin, on either side. */
  final ClosedStreams memory = new ClosedStreams();

  private final FrameReader reader;
  private final Lifetime life;

  /** The highest number of a client's stream that was used, by the peer or by us. */
  int highestId;

  /** Streams of ours that have no number yet. */
  private int promised;

  private boolean peerSettingsSeen;

  /** The window that the peer's streams begin with: ours, once it was acknowledged. */
  private int receiveBytesInitial = Settings.WINDOW_BYTES_INITIAL;

  /**
   * A connection on which nothing was said yet.
   *
   * @param side FRONT if the peer is a client, BACK if it is a server
   * @param nowNanos the time
   */
  public H2Protocol(
      Side side, H2Options options, H2Events events, FrameOutput output, long nowNanos) {
    this.front = side == Side.FRONT;
    this.options = options;
    this.events = events;
    this.writer = new FrameWriter(output, options.headerTableBytes());
    this.streams = new StreamTable(options.concurrentStreamsMax());
    this.scheduler = new SendScheduler(options.quantumBytes());
    this.budget = new AbuseBudget(options.abusePercent(), nowNanos);
    this.life = new Lifetime(front, options, writer);
    this.reader = new FrameReader(this);
    set(Settings.ENABLE_PUSH, front ? 1 : 0);
    if (front) {
      set(Settings.MAX_CONCURRENT_STREAMS, options.concurrentStreamsMax());
      set(Settings.ENABLE_CONNECT_PROTOCOL, options.connectProtocol() ? 1 : 0);
    }
    set(Settings.HEADER_TABLE_SIZE, options.headerTableBytes());
    set(Settings.INITIAL_WINDOW_SIZE, options.streamWindowBytes());
    set(Settings.MAX_FRAME_SIZE, options.frameBytesMax());
    set(Settings.MAX_HEADER_LIST_SIZE, options.headerListBytesMax());
  }

  private void set(int id, int value) {
    H2ErrorCode code = own.set(id, value);
    assert code == H2ErrorCode.NO_ERROR : "setting " + id + " can't be " + value;
  }

  // ---- the connection

  /** Sends the preface; the first call. */
  public void start(long nowNanos) {
    int more = options.connectionWindowBytes() - Settings.WINDOW_BYTES_INITIAL;
    if (more > 0) {
      receiveWindow.resize(options.connectionWindowBytes());
    }
    writer.begin(!front, own, Math.max(0, more));
    life.settingsSent(nowNanos);
    checkOutput();
  }

  /**
   * Takes all of the input, unless the connection fails.
   *
   * @param in a heap buffer, lent for the call
   */
  public void receive(ByteBuffer in, long nowNanos) {
    if (!failed()) {
      reader.receive(in, nowNanos);
      checkOutput();
    }
  }

  /** The time of {@link #nextDeadlineNanos} has come, or may have. */
  public void onTime(long nowNanos) {
    if (!failed()) {
      life.onTime(nowNanos, highestId);
      checkOutput();
    }
  }

  /** When {@link #onTime} has to be called, or {@link Long#MAX_VALUE}. */
  public long nextDeadlineNanos() {
    return life.nextDeadlineNanos();
  }

  /**
   * No new streams (RFC 9113 6.8). A client is told in two steps, so that no request which is on
   * its way is lost: GOAWAY with the highest number and a PING, and once that is answered, or time
   * is up, GOAWAY with the last stream that was accepted. Idempotent.
   */
  public void drain(long nowNanos) {
    life.drain(nowNanos);
    checkOutput();
  }

  /**
   * Asks the peer for a sign of life; until it comes no stream is available, and if it doesn't come
   * in time the connection fails. Does nothing while an earlier one is running.
   */
  public void probe(long nowNanos, long timeoutNanos) {
    life.probe(nowNanos, timeoutNanos);
    checkOutput();
  }

  /** Whether a {@link #probe} is running. */
  public boolean probing() {
    return life.probing();
  }

  /** Ends the connection from our side, with GOAWAY. All streams are lost. */
  public void close(H2ErrorCode code, String reason) {
    if (!failed()) {
      fail(code, reason);
    }
  }

  /** The connection is dead already: nothing is written any more. All streams are lost. */
  public void abandon() {
    life.lost(H2ErrorCode.NO_ERROR, "connection lost");
  }

  /** Whether the connection has failed: flush, then close; streams hear of it from above. */
  public boolean failed() {
    return life.failed();
  }

  /** The code of the connection's end, once it has failed. */
  public H2ErrorCode faultCode() {
    return life.faultCode();
  }

  /** The reason of the connection's end, once it has failed; a constant. */
  public String faultReason() {
    return life.faultReason();
  }

  /** Whether the connection was drained, and no stream is left. */
  public boolean drained() {
    return streams.size() == 0 && life.takesNoStreams();
  }

  /** Whether the peer, or we, take no new streams. */
  public boolean goingAway() {
    return life.goingAway();
  }

  /** Whether the peer's SETTINGS have come. */
  public boolean peerSettingsSeen() {
    return peerSettingsSeen;
  }

  /** Whether the peer understands extended CONNECT (RFC 8441). */
  public boolean peerConnectProtocol() {
    return peer.connectProtocol();
  }

  /** What the connection's window lets us send. */
  public int sendWindowBytes() {
    return sendWindow.bytes();
  }

  /** The counts of the connection's receive window. */
  public ReceiveWindow receiveWindow() {
    return receiveWindow;
  }

  /** Whether a field block has begun and not ended: until it has, nothing else can be read. */
  public boolean withinBlock() {
    return reader.withinBlock();
  }

  /** Whether streams want to send, and could if it was their turn and there was room. */
  public boolean sendersWait() {
    return scheduler.waiting() > 0;
  }

  /** How many things of this kind the peer has done. */
  public long abuses(Abuse kind) {
    return budget.spent(kind);
  }

  /** How many streams live here: also closed ones that were not released. */
  public int openStreams() {
    return streams.size();
  }

  /**
   * How many more streams {@link #open} would give: what the peer's SETTINGS allow, or what we
   * assume before they are here.
   */
  public int availableStreams() {
    if (front || goingAway() || probing()) {
      return 0;
    }
    int allowed = peerSettingsSeen ? peer.concurrentStreamsMax() : options.assumedStreamsMax();
    int free = Math.min(allowed, options.concurrentStreamsMax()) - streams.size();
    // Streams that have no number yet will need one.
    int numbers = (STREAM_ID_MAX - highestId) / 2 - promised;
    return Math.max(0, Math.min(free, numbers));
  }

  // ---- streams

  /**
   * Promises a stream to somebody. On the back side only.
   *
   * @return null if none is available
   */
  public @Nullable StreamRecord open() {
    if (availableStreams() == 0) {
      return null;
    }
    promised++;
    return streams.add(0, peer.initialWindowBytes(), receiveBytesInitial);
  }

  /**
   * Sends a request, which gives the stream its number.
   *
   * @return false if the connection takes no new streams any more: the request was not sent, and
   *     the stream is closed
   */
  public boolean sendRequest(StreamRecord stream, RequestHead head, boolean end) {
    assert !front && stream.id == 0 && !stream.headSent;
    if (goingAway() || stream.state != StreamState.IDLE) {
      stream.state = StreamState.RESET_LOCAL;
      return false;
    }
    int id = highestId == 0 ? 1 : highestId + 2;
    highestId = id;
    memory.used(id);
    streams.number(stream, id);
    promised--;
    // The initial window may have changed since the stream was promised.
    stream.sendWindow.reset(peer.initialWindowBytes());
    stream.receiveWindow.reset(receiveBytesInitial);
    stream.headSent = true;
    stream.headRequested = head.isHead();
    stream.connectRequested = head.isConnect();
    stream.state = stream.state.next(StreamEvent.SEND_HEADERS);
    writer.request(id, head, end);
    if (end) {
      sentEnd(stream);
    }
    checkOutput();
    return true;
  }

  /** Sends a response head, informational or final. Without effect on a closed stream. */
  public void sendResponse(StreamRecord stream, ResponseHead head, boolean end) {
    assert front && !(end && head.isInformational());
    if (!mayEnd(stream)) {
      return;
    }
    if (!head.isInformational()) {
      stream.headSent = true;
      stream.tunnel = stream.connectRequested && head.status() < 300;
      if (stream.tunnel) {
        stream.contentExpected = -1;
      }
    }
    writer.response(stream.id, head, end);
    if (end) {
      sentEnd(stream);
    }
    checkOutput();
  }

  /**
   * Sends content, as much as windows, the other streams and the output allow.
   *
   * @param content its position moves by what is taken
   * @param end whether the message ends with the last byte; counts only if all are taken
   * @return how many bytes were taken; if less than given, {@link H2Events#onWritable} comes later
   */
  public int send(StreamRecord stream, ByteBuffer content, boolean end) {
    if (!mayEnd(stream)) {
      return 0;
    }
    int offered = content.remaining();
    int taken = 0;
    while (taken < offered) {
      int length = sendable(stream, offered - taken);
      if (length <= 0) {
        scheduler.wants(stream);
        checkOutput();
        return taken;
      }
      boolean last = end && length == offered - taken;
      writer.data(stream.id, content, length, last);
      stream.sendWindow.take(length);
      sendWindow.take(length);
      scheduler.sent(stream, length);
      // Honest peers answer content with updates of two windows.
      budget.earn(Abuse.WINDOW_UPDATE, 2);
      taken += length;
      if (last) {
        sentEnd(stream);
      }
    }
    if (offered == 0 && end) {
      sendEnd(stream);
    }
    checkOutput();
    return taken;
  }

  private int sendable(StreamRecord stream, int offered) {
    int room = writer.room();
    if (room < ROOM_BYTES_MIN) {
      return 0;
    }
    int window = Math.min(sendWindow.bytes(), stream.sendWindow.bytes());
    int frame = Math.min(writer.frameBytesMax(), room - FrameDecoder.HEADER_BYTES);
    int length = Math.min(Math.min(window, frame), offered);
    return length <= 0 ? 0 : Math.min(length, scheduler.allowance(stream));
  }

  /** Ends our direction with trailers. */
  public void sendTrailers(StreamRecord stream, Fields trailers) {
    if (!mayEnd(stream)) {
      return;
    }
    if (trailers.isEmpty()) {
      sendEnd(stream);
      return;
    }
    writer.trailers(stream.id, trailers);
    sentEnd(stream);
    checkOutput();
  }

  /** Ends our direction. Idempotent. */
  public void sendEnd(StreamRecord stream) {
    if (!mayEnd(stream)) {
      return;
    }
    writer.end(stream.id);
    sentEnd(stream);
    checkOutput();
  }

  /** Cuts the stream; nothing more is told of it. Without effect if it is closed. */
  public void reset(StreamRecord stream, H2ErrorCode code) {
    if (stream.state.closed() || failed()) {
      return;
    }
    scheduler.forget(stream);
    if (stream.state != StreamState.IDLE) {
      writer.reset(stream.id, code);
    }
    stream.state = StreamState.RESET_LOCAL;
    checkOutput();
  }

  /**
   * Content that came on this stream was used up or dropped; the peer may send as much again. Also
   * for closed streams, until they are released.
   */
  public void consumed(StreamRecord stream, int length) {
    stream.receiveWindow.consume(length);
    refund(length);
    giveCredit(stream);
    checkOutput();
  }

  private void giveCredit(StreamRecord stream) {
    if (stream.state.receiveOpen() && !failed()) {
      int update = stream.receiveWindow.takeUpdate();
      if (update > 0) {
        writer.windowUpdate(stream.id, update);
      }
    }
  }

  /**
   * Gives the stream back; it must be closed, or the connection have failed. Content that was not
   * consumed counts as dropped.
   */
  public void release(StreamRecord stream) {
    assert stream.state.closed() || failed() : stream + " is released";
    refund(stream.receiveWindow.unread());
    scheduler.forget(stream);
    if (stream.id == 0) {
      promised--;
    } else {
      memory.closed(stream.id, stream.state);
    }
    streams.remove(stream);
    checkOutput();
  }

  /** A new turn of the loop: streams may send their quantum again. */
  public void beginTurn() {
    scheduler.beginTurn();
  }

  /**
   * Tells streams that wait that they can send, in order, a quantum each; each of them at most
   * {@code rounds} times.
   *
   * @return whether streams are left that could send if there was room in the output
   */
  public boolean serveWaiting(int rounds) {
    for (int left = scheduler.waiting() * rounds; left > 0; left--) {
      if (failed() || sendWindow.bytes() <= 0 || writer.room() < ROOM_BYTES_MIN) {
        break;
      }
      StreamRecord stream = scheduler.serveNext();
      if (stream == null) {
        break;
      }
      events.onWritable(stream);
      scheduler.endServing();
    }
    return !failed() && scheduler.waiting() > 0 && sendWindow.bytes() > 0;
  }

  // ---- for the reader

  /** The peer's fault, or ours: GOAWAY, and nothing any more. */
  void fail(H2ErrorCode code, String reason) {
    life.fail(code, reason, highestId);
  }

  /** A fault of a stream that is told of: RST_STREAM and the event. */
  void failStream(StreamRecord stream, H2ErrorCode code, String reason) {
    if (failed()) {
      return;
    }
    reset(stream, code);
    events.onReset(stream, code, false, reason);
  }

  /** Content was dropped, or counted for nothing: the connection's window gets it back. */
  void refund(int length) {
    receiveWindow.consume(length);
    int update = failed() ? 0 : receiveWindow.takeUpdate();
    if (update > 0) {
      writer.windowUpdate(0, update);
    }
  }

  int receiveBytesInitial() {
    return receiveBytesInitial;
  }

  /** Whether a client's stream of this number is beyond our final GOAWAY. */
  boolean beyondGoAway(int streamId) {
    return life.beyondGoAway(streamId);
  }

  /** The peer's values apply from now on, and are acknowledged. */
  void applyPeerSettings(Settings arrived) {
    boolean first = !peerSettingsSeen;
    peerSettingsSeen = true;
    int delta = arrived.initialWindowBytes() - peer.initialWindowBytes();
    peer.copyFrom(arrived);
    writer.frameBytesMax(peer.frameBytesMax());
    if (delta != 0) {
      // RFC 9113 6.9.2: all streams, but not the connection.
      for (StreamRecord each = streams.first(); each != null; each = streams.after(each)) {
        if (each.id != 0 && !each.state.closed()) {
          if (!each.sendWindow.add(delta)) {
            fail(H2ErrorCode.FLOW_CONTROL_ERROR, "window grown beyond 2^31-1 by settings");
            return;
          }
          scheduler.windowOpened(each);
        }
      }
    }
    writer.settingsAck();
    if (!front || first) {
      events.onCapacityChanged();
    }
  }

  /** The peer has taken over our values. */
  boolean ownSettingsAcknowledged() {
    if (!life.settingsAcknowledged()) {
      return false;
    }
    receiveBytesInitial = own.initialWindowBytes();
    for (StreamRecord each = streams.first(); each != null; each = streams.after(each)) {
      each.receiveWindow.resize(receiveBytesInitial);
      // With a smaller window less credit is worth an update, and the peer may have nothing left
      // to send that would bring one about.
      giveCredit(each);
    }
    return true;
  }

  void onPong(long opaque) {
    if (life.onPong(opaque, highestId)) {
      events.onCapacityChanged();
    }
  }

  /** RFC 9113 6.8: streams above {@code lastId} were not looked at. */
  void onGoAway(int lastId) {
    life.onPeerGoAway();
    events.onEndReceived(EndFrame.GO_AWAY_RECEIVED);
    if (!front) {
      StreamRecord each = streams.first();
      while (each != null) {
        StreamRecord next = streams.after(each);
        if ((each.id == 0 || each.id > lastId) && !each.state.closed()) {
          scheduler.forget(each);
          each.state = StreamState.RESET_REMOTE;
          events.onReset(each, H2ErrorCode.REFUSED_STREAM, true, "beyond the peer's GOAWAY");
        }
        each = next;
      }
    }
    events.onCapacityChanged();
  }

  private boolean mayEnd(StreamRecord stream) {
    return !failed() && stream.state.sendOpen();
  }

  private void sentEnd(StreamRecord stream) {
    stream.state = stream.state.next(StreamEvent.SEND_END);
    scheduler.forget(stream);
  }

  /** Output that takes no control frames any more: the peer doesn't read, or we have no memory. */
  private void checkOutput() {
    if (writer.lost()) {
      life.lost(H2ErrorCode.INTERNAL_ERROR, "output is full");
    }
  }
}
