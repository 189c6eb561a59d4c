package dev.sluice.mux.h2.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What the protocol keeps of one stream. Pooled by the {@link StreamTable}: a reference is good
 * until {@link H2Protocol#release}; who keeps one longer keeps the {@link #generation} beside it.
 *
 * <p>Confined to its connection.
 */
public final class StreamRecord {
  int id;
  int generation;
  StreamState state = StreamState.IDLE;
  final FlowWindow sendWindow = new FlowWindow(0);
  final ReceiveWindow receiveWindow = new ReceiveWindow(0);

  // What was received.
  boolean headReceived;
  boolean contentForbidden;
  boolean tunnel;

  /** What content-length says, or -1. */
  long contentExpected;

  long contentReceived;
  int interimHeads;

  // What was sent.
  boolean headSent;
  boolean headRequested;
  boolean connectRequested;

  // The scheduler's.
  boolean wantsToSend;
  boolean queued;
  int quantumLeft;
  long turn;
  @Nullable StreamRecord previousReady;
  @Nullable StreamRecord nextReady;

  // The table's.
  @Nullable StreamRecord nextInBucket;
  @Nullable StreamRecord previous;
  @Nullable StreamRecord next;

  private @Nullable Object attachment;

  StreamRecord() {}

  /** The number of the stream; 0 for one of ours that has not sent its head. */
  public int id() {
    return id;
  }

  /** Changes when the record is given back. */
  public int generation() {
    return generation;
  }

  /** The state. */
  public StreamState state() {
    return state;
  }

  /** What may be sent on the stream; may be negative. */
  public int sendWindowBytes() {
    return sendWindow.bytes();
  }

  /** Content of frames that have begun and that {@link H2Protocol#consumed} was not told of. */
  public int unreadBytes() {
    return receiveWindow.unread();
  }

  /** Whether the stream is a tunnel: CONNECT, accepted. */
  public boolean tunnel() {
    return tunnel;
  }

  /** Whether our final head was sent. */
  public boolean headSent() {
    return headSent;
  }

  /** Whether the peer's final head was received. */
  public boolean headReceived() {
    return headReceived;
  }

  /** What the layer above has put here. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** Puts the layer above's own object here, until the record is released. */
  public void attach(@Nullable Object object) {
    attachment = object;
  }

  void begin(int newId, int sendBytes, int receiveBytes) {
    id = newId;
    state = StreamState.IDLE;
    sendWindow.reset(sendBytes);
    receiveWindow.reset(receiveBytes);
    headReceived = false;
    contentForbidden = false;
    tunnel = false;
    contentExpected = -1;
    contentReceived = 0;
    interimHeads = 0;
    headSent = false;
    headRequested = false;
    connectRequested = false;
    wantsToSend = false;
    queued = false;
    quantumLeft = 0;
    turn = 0;
  }

  void end() {
    generation++;
    attachment = null;
  }

  /**
   * What is wrong with the amount of content received so far, or null (RFC 9113 8.1.1).
   *
   * @param ended whether it is all
   */
  @Nullable String contentFault(boolean ended) {
    if (contentForbidden) {
      return contentReceived > 0 ? "content where there can be none" : null;
    }
    if (contentExpected >= 0
        && (contentReceived > contentExpected || (ended && contentReceived < contentExpected))) {
      return "content of another length than content-length";
    }
    return null;
  }

  @Override
  public String toString() {
    return "stream " + id + ' ' + state;
  }
}
