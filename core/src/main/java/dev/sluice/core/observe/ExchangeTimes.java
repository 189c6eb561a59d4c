package dev.sluice.core.observe;

/**
 * The moments of an exchange, and the stages between them, which follow on each other without a
 * gap: their sum is the whole time. Confined to its loop.
 *
 * <pre>
 * began       head       routed                                    sent   first byte        end
 *   |-request--|-routing--|-queue, lost, connect, handshake-----------|--wait--|--response----|
 * </pre>
 *
 * <p>Queue, connect and handshake are measured; what is left between the choice of the backend and
 * the moment at which the request goes out is lost: attempts that came to nothing.
 */
final class ExchangeTimes {
  private static final long UNSET = Long.MIN_VALUE;

  private long beganNanos;
  private long headNanos;
  private long routedNanos;
  private long sentNanos;
  private long firstByteNanos;
  private long endNanos;
  private long queueNanos;
  private long connectNanos;
  private long handshakeNanos;
  private boolean answered;

  ExchangeTimes() {}

  void begin(long nowNanos) {
    beganNanos = nowNanos;
    headNanos = UNSET;
    routedNanos = UNSET;
    sentNanos = UNSET;
    firstByteNanos = UNSET;
    endNanos = nowNanos;
    queueNanos = 0;
    connectNanos = 0;
    handshakeNanos = 0;
    answered = false;
  }

  void head(long nowNanos) {
    headNanos = nowNanos;
  }

  void routed(long nowNanos) {
    routedNanos = nowNanos;
  }

  void queued(long nanos) {
    queueNanos += nanos;
  }

  /** An attempt begins: what an earlier one measured is lost. */
  void attempt() {
    sentNanos = UNSET;
    connectNanos = 0;
    handshakeNanos = 0;
  }

  void sent(long connectTook, long handshakeTook, long nowNanos) {
    sentNanos = nowNanos;
    connectNanos = connectTook;
    handshakeNanos = handshakeTook;
  }

  void firstByte(long nowNanos) {
    if (firstByteNanos == UNSET) {
      firstByteNanos = nowNanos;
      answered = true;
    }
  }

  /** It is over: a moment that never came is that of the next one that did. */
  void end(long nowNanos) {
    endNanos = nowNanos;
    firstByteNanos = or(firstByteNanos, endNanos);
    sentNanos = or(sentNanos, firstByteNanos);
    // Without a choice of a backend, nothing can lie between it and the answer.
    routedNanos = or(routedNanos, sentNanos);
    headNanos = or(headNanos, routedNanos);
  }

  private static long or(long moment, long next) {
    return moment == UNSET ? next : moment;
  }

  void copyFrom(ExchangeTimes other) {
    beganNanos = other.beganNanos;
    headNanos = other.headNanos;
    routedNanos = other.routedNanos;
    sentNanos = other.sentNanos;
    firstByteNanos = other.firstByteNanos;
    endNanos = other.endNanos;
    queueNanos = other.queueNanos;
    connectNanos = other.connectNanos;
    handshakeNanos = other.handshakeNanos;
    answered = other.answered;
  }

  long beganNanos() {
    return beganNanos;
  }

  long request() {
    return headNanos - beganNanos;
  }

  long routing() {
    return routedNanos - headNanos;
  }

  long queue() {
    return queueNanos;
  }

  long connect() {
    return connectNanos;
  }

  long handshake() {
    return handshakeNanos;
  }

  long lost() {
    return sentNanos - routedNanos - queueNanos - connectNanos - handshakeNanos;
  }

  long waiting() {
    return firstByteNanos - sentNanos;
  }

  long response() {
    return endNanos - firstByteNanos;
  }

  long toFirstByte() {
    return answered ? firstByteNanos - headNanos : 0;
  }

  long total() {
    return endNanos - beganNanos;
  }
}
