package dev.sluice.mux.h2.protocol;

import dev.sluice.mux.h2.frame.H2ErrorCode;

/**
 * How far a connection is from its end, and by when the peer has to have answered (RFC 9113 5.4.1,
 * 6.5.3, 6.8).
 *
 * <p>Part of {@link H2Protocol}.
 */
final class Lifetime {
  private static final int STREAM_ID_MAX = Integer.MAX_VALUE;
  private static final long NEVER = Long.MAX_VALUE;

  /** Marks the PING that tells when a client has seen our first GOAWAY. */
  private static final long DRAIN_PING = 0x736c_7569_6365_0001L;

  private static final long PROBE_PING = 0x736c_7569_6365_0002L;

  private enum Phase {
    /** Nothing was said of an end. */
    RUNNING,
    /** GOAWAY with the highest number was sent; new streams still come. */
    ANNOUNCED,
    /** The final GOAWAY was sent: no new streams. */
    DRAINING,
    /** A connection error: nothing is received or sent any more. */
    FAILED
  }

  private final boolean front;
  private final H2Options options;
  private final FrameWriter writer;

  private Phase phase = Phase.RUNNING;

  /** On the front side: streams above it are not looked at. */
  private int lastAccepted = STREAM_ID_MAX;

  private boolean peerGoingAway;
  private long settingsDeadlineNanos = NEVER;
  private long drainDeadlineNanos = NEVER;
  private long probeDeadlineNanos = NEVER;
  private H2ErrorCode faultCode = H2ErrorCode.NO_ERROR;
  private String faultReason = "";

  Lifetime(boolean front, H2Options options, FrameWriter writer) {
    this.front = front;
    this.options = options;
    this.writer = writer;
  }

  /** Our SETTINGS are sent. */
  void settingsSent(long nowNanos) {
    settingsDeadlineNanos = nowNanos + options.settingsTimeoutNanos();
  }

  /** Our SETTINGS are acknowledged; false if they were before. */
  boolean settingsAcknowledged() {
    boolean awaited = settingsDeadlineNanos != NEVER;
    settingsDeadlineNanos = NEVER;
    return awaited;
  }

  void onTime(long nowNanos, int highestId) {
    if (passed(settingsDeadlineNanos, nowNanos)) {
      fail(H2ErrorCode.SETTINGS_TIMEOUT, "settings not acknowledged in time", highestId);
    } else if (passed(probeDeadlineNanos, nowNanos)) {
      fail(H2ErrorCode.NO_ERROR, "ping not answered in time", highestId);
    } else if (passed(drainDeadlineNanos, nowNanos)) {
      finishDraining(highestId);
    }
  }

  long nextDeadlineNanos() {
    return failed()
        ? NEVER
        : Math.min(settingsDeadlineNanos, Math.min(drainDeadlineNanos, probeDeadlineNanos));
  }

  void drain(long nowNanos) {
    if (phase != Phase.RUNNING) {
      return;
    }
    if (front) {
      phase = Phase.ANNOUNCED;
      writer.goAway(STREAM_ID_MAX, H2ErrorCode.NO_ERROR);
      writer.ping(false, DRAIN_PING);
      drainDeadlineNanos = nowNanos + options.drainTimeoutNanos();
    } else {
      // The server begins no streams, so there is nothing to wait for.
      phase = Phase.DRAINING;
      writer.goAway(0, H2ErrorCode.NO_ERROR);
    }
  }

  private void finishDraining(int highestId) {
    drainDeadlineNanos = NEVER;
    phase = Phase.DRAINING;
    lastAccepted = highestId;
    writer.goAway(lastAccepted, H2ErrorCode.NO_ERROR);
  }

  void probe(long nowNanos, long timeoutNanos) {
    if (!failed() && !probing()) {
      probeDeadlineNanos = nowNanos + timeoutNanos;
      writer.ping(false, PROBE_PING);
    }
  }

  boolean probing() {
    return probeDeadlineNanos != NEVER;
  }

  /** A PING was answered; true if that ends a probe. */
  boolean onPong(long opaque, int highestId) {
    if (opaque == DRAIN_PING && phase == Phase.ANNOUNCED) {
      finishDraining(highestId);
    } else if (opaque == PROBE_PING && probing()) {
      probeDeadlineNanos = NEVER;
      return true;
    }
    return false;
  }

  void onPeerGoAway() {
    peerGoingAway = true;
  }

  /** The peer's fault, or ours: GOAWAY, and nothing any more. */
  void fail(H2ErrorCode code, String reason, int highestId) {
    phase = Phase.FAILED;
    faultCode = code;
    faultReason = reason;
    writer.goAway(front ? Math.min(lastAccepted, highestId) : 0, code);
  }

  /** Nothing can be written any more: as a failure, but without a word. */
  void lost(H2ErrorCode code, String reason) {
    if (!failed()) {
      phase = Phase.FAILED;
      faultCode = code;
      faultReason = reason;
    }
  }

  boolean failed() {
    return phase == Phase.FAILED;
  }

  H2ErrorCode faultCode() {
    return faultCode;
  }

  String faultReason() {
    return faultReason;
  }

  boolean goingAway() {
    return phase != Phase.RUNNING || peerGoingAway;
  }

  /** Whether no stream can begin any more, neither the peer's nor ours. */
  boolean takesNoStreams() {
    return phase == Phase.DRAINING || (peerGoingAway && !front);
  }

  /** Whether a client's stream of this number is beyond our final GOAWAY. */
  boolean beyondGoAway(int streamId) {
    return phase == Phase.DRAINING && streamId > lastAccepted;
  }

  private static boolean passed(long deadlineNanos, long nowNanos) {
    return deadlineNanos != NEVER && nowNanos - deadlineNanos >= 0;
  }
}
