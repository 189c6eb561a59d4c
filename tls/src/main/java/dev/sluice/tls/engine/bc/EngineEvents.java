package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.PeerRejection;
import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsSessionFacts;
import org.jspecify.annotations.Nullable;

/**
 * What BouncyCastle's callbacks told, kept until the engine looks: it must not be called back in
 * the middle of a protocol step. One per connection, same confinement.
 */
final class EngineEvents {
  private int alertSent = TlsAlert.NONE;
  private int alertReceived = TlsAlert.NONE;
  private boolean closeNotifyReceived;
  private boolean keyUpdateRequested;
  private boolean recordSizeLimited;
  private int peerContentBytesMax = TlsEngine.CONTENT_BYTES_MAX;
  private @Nullable TlsFailureCause cause;
  private @Nullable String detail;
  private @Nullable TlsSessionFacts facts;

  void fatalAlertSent(int alert) {
    // The first one is the reason; one that follows it only tells that the first could not be
    // handled.
    if (alertSent == TlsAlert.NONE) {
      alertSent = alert;
    }
  }

  void alertReceived(int alert) {
    alertReceived = alert;
  }

  void closeNotify() {
    closeNotifyReceived = true;
  }

  void keyUpdateRequest() {
    keyUpdateRequested = true;
  }

  void keyUpdateAnswered() {
    keyUpdateRequested = false;
  }

  /** Notes the true reason just before BouncyCastle is told to fail with an alert. */
  void reason(TlsFailureCause why, String message) {
    if (cause == null) {
      cause = why;
      detail = message;
    }
  }

  void reason(PeerRejection rejection) {
    reason(rejection.cause(), rejection.message());
  }

  void handshakeDone(TlsSessionFacts agreed) {
    facts = agreed;
  }

  /**
   * The peer takes no protected record with more content than this (RFC 8449), and knows this end's
   * limit.
   */
  void peerContentBytesMax(int bytes) {
    recordSizeLimited = true;
    peerContentBytesMax = Math.min(bytes, TlsEngine.CONTENT_BYTES_MAX);
  }

  boolean recordSizeLimited() {
    return recordSizeLimited;
  }

  int peerContentBytesMax() {
    return peerContentBytesMax;
  }

  int alertSent() {
    return alertSent;
  }

  int alertReceived() {
    return alertReceived;
  }

  boolean closeNotifyReceived() {
    return closeNotifyReceived;
  }

  boolean keyUpdateRequested() {
    return keyUpdateRequested;
  }

  @Nullable TlsFailureCause cause() {
    return cause;
  }

  @Nullable String detail() {
    return detail;
  }

  @Nullable TlsSessionFacts facts() {
    return facts;
  }
}
