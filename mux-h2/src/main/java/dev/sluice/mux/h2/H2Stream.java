package dev.sluice.mux.h2;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.mux.h2.protocol.StreamRecord;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One stream as the layers above see it. Its state is that of the protocol's record; here is what
 * was received and not told yet. Pooled by its mux, and used again only for a later turn's stream.
 *
 * <p>Fields that may be null, together:
 *
 * <table>
 *   <caption>Modes of a stream</caption>
 *   <tr><th>record</th><th>handler</th><th>mode</th></tr>
 *   <tr><td>null</td><td>null</td><td>in the pool</td></tr>
 *   <tr><td>set</td><td>null</td><td>being accepted: the acceptor is asked for the handler</td></tr>
 *   <tr><td>set</td><td>set</td><td>alive, or over and not told yet</td></tr>
 * </table>
 *
 * <p>Confined to its loop.
 */
final class H2Stream implements MuxStream {
  /** How far the peer's message has come, here and above. */
  enum End {
    /** More comes. */
    OPEN,
    /** It has ended. */
    ENDED,
    /** It has ended with trailers. */
    TRAILERS
  }

  private final H2Mux mux;
  final ReceiveQueue queue = new ReceiveQueue();
  @Nullable StreamRecord record;
  @Nullable StreamHandler handler;
  private boolean firstOnConnection;

  /** What the peer has ended with. */
  End received = End.OPEN;

  /** Whether the handler knows of it. */
  boolean endTold;

  /** Trailers that came while content was still queued. */
  @Nullable Fields trailers;

  /** The handler did not take all that it was offered, and has not asked for more since. */
  boolean paused;

  /** The handler asked for more within the call that offers. */
  boolean resumed;

  /** CONNECT, plain or extended, or an upgrade: content waits until it is answered. */
  boolean tunnelAsked;

  /** The request was, or became, extended CONNECT (RFC 8441). */
  boolean extended;

  /** CONNECT or upgrade was accepted. */
  boolean tunnel;

  /** Nobody wants what the peer still sends. */
  boolean dropping;

  /** The handler has cut the stream: it hears of its release, and of nothing else. */
  boolean cut;

  /** The stream was cut from below, and the handler is to be told. */
  @Nullable ResetCode resetCode;

  CloseCause resetCause = CloseCause.COMPLETE;

  /** On the back side: a request for an upgrade that waits for the server's SETTINGS. */
  @Nullable RequestHead heldRequest;

  /**
   * The answer to the websocket key (RFC 6455 4.2.2): on the front side what the server has to
   * give, on the back side what it would have given.
   */
  @Nullable String acceptValue;

  // The mux's list of streams with something to do.
  boolean pending;
  @Nullable H2Stream nextPending;

  // The lists of H2Streams: of those alive, or of those in the pool.
  @Nullable H2Stream previous;
  @Nullable H2Stream next;

  H2Stream(H2Mux mux) {
    this.mux = mux;
  }

  void begin(StreamRecord newRecord, boolean first) {
    assert record == null && queue.isEmpty();
    record = newRecord;
    newRecord.attach(this);
    firstOnConnection = first;
    received = End.OPEN;
    endTold = false;
    paused = false;
    resumed = false;
    tunnelAsked = false;
    extended = false;
    tunnel = false;
    dropping = false;
    cut = false;
    resetCode = null;
    resetCause = CloseCause.COMPLETE;
    heldRequest = null;
    acceptValue = null;
  }

  void end() {
    queue.clear();
    record = null;
    handler = null;
    heldRequest = null;
  }

  /** The record of a stream that may still do something, or null. */
  @Nullable StreamRecord alive() {
    return cut || resetCode != null ? null : record;
  }

  /** Whether content has to wait for the answer to CONNECT or an upgrade. */
  boolean awaitsTunnel() {
    return tunnelAsked && !tunnel;
  }

  // ---- calls down

  @Override
  public void sendHead(MessageHead head, boolean end) {
    StreamRecord living = alive();
    if (living != null) {
      mux.sendHead(this, living, head, end);
    }
  }

  @Override
  public int send(ByteBuffer data, boolean end) {
    StreamRecord living = alive();
    return living == null ? 0 : mux.send(this, living, data, end);
  }

  @Override
  public void sendTrailers(Fields fields) {
    StreamRecord living = alive();
    if (living != null) {
      mux.sendTrailers(this, living, fields);
    }
  }

  @Override
  public void sendEnd() {
    StreamRecord living = alive();
    if (living != null) {
      mux.sendEnd(this, living);
    }
  }

  @Override
  public void reset(ResetCode code) {
    StreamRecord living = alive();
    if (living != null) {
      mux.reset(this, living, code);
    }
  }

  @Override
  public void resume() {
    resumed = true;
    if (paused && alive() != null) {
      paused = false;
      mux.pend(this);
    }
  }

  @Override
  public String protocol() {
    return H2MuxProvider.NAME;
  }

  @Override
  public long number() {
    StreamRecord living = record;
    return living == null ? 0 : living.id();
  }

  @Override
  public boolean firstOnConnection() {
    return firstOnConnection;
  }

  @Override
  public String toString() {
    return "h2 " + record;
  }
}
