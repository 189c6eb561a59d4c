package dev.sluice.core.backend.pool;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many streams the next connection of a key will probably carry, as far as is remembered of
 * earlier ones, and of how many it isn't known yet. It only tells how many to make at a time, and
 * never has a part in the choice of a mux. Any thread.
 *
 * <p>As long as nothing is known, one connection may be enough for everybody who waits, and so may
 * none: so few are made at a time, over all loops. Where each carries one stream, each request
 * needs its own. Where each carries many, a loop makes as many as those who wait on it need.
 */
public final class ProtocolHint {
  private static final int UNKNOWN = 0;

  private final int handshakesMax;
  private final boolean single;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile int streams;
  private volatile boolean webSocketsRefused;

  /**
   * Of a key of which nothing is known yet.
   *
   * @param handshakesMax connections made at a time while nothing is known
   * @param single whether it is certain that a connection carries one stream
   */
  public ProtocolHint(int handshakesMax, boolean single) {
    this.handshakesMax = handshakesMax;
    this.single = single;
    this.streams = single ? 1 : UNKNOWN;
  }

  /**
   * Whether another connection may be begun, and if so, that it is.
   *
   * @param underWayHere how many are being made on the caller's loop
   * @param waitingHere how many requests wait on the caller's loop
   */
  boolean begin(int underWayHere, int waitingHere) {
    int expected = streams;
    if (expected == UNKNOWN) {
      return beginUnknown();
    }
    // Each of those under way has a request of its own already.
    if (expected > 1 && (long) underWayHere * (expected - 1) > waitingHere) {
      return false;
    }
    underWay.incrementAndGet();
    return true;
  }

  /** One is begun that only its own request will use at first. */
  void beginOwn() {
    underWay.incrementAndGet();
  }

  private boolean beginUnknown() {
    int now = underWay.get();
    while (now < handshakesMax) {
      if (underWay.compareAndSet(now, now + 1)) {
        return true;
      }
      now = underWay.get();
    }
    return false;
  }

  /** Of one that was begun it is known what it carries, or it has come to its end. */
  void ended() {
    int left = underWay.decrementAndGet();
    assert left >= 0 : "a handshake ends once";
  }

  /** A connection carries so many streams. */
  void learned(int count) {
    if (!single && count > 0 && streams != count) {
      streams = count;
    }
  }

  /** How many streams a connection is expected to carry, or 0 if nothing is known. */
  public int streams() {
    return streams;
  }

  /** Whether the last one asked over a shared connection could not carry a websocket. */
  public boolean webSocketsRefused() {
    return webSocketsRefused;
  }

  /** Remembers whether it could. */
  public void webSocketsRefused(boolean refused) {
    webSocketsRefused = refused;
  }
}
