package dev.sluice.tls.engine;

/**
 * Where an engine stands. Every pair of state and event has its place in this table; a dash is a
 * pair that the engine never makes.
 *
 * <pre>
 *                  handshake  peer's         we close       transport ends   failure
 *                  done       close_notify
 * HANDSHAKING      OPEN       FAILED         CLOSED         FAILED           FAILED
 * OPEN             -          INBOUND_ENDED  OUTBOUND_ENDED FAILED (cut)     FAILED
 * INBOUND_ENDED    -          same           CLOSED         same             FAILED
 * OUTBOUND_ENDED   -          CLOSED         same           FAILED (cut)     FAILED
 * CLOSED           -          same           same           same             same
 * FAILED           -          same           same           same             same
 * </pre>
 */
public enum TlsEngineState {
  /** No application data yet in either direction. */
  HANDSHAKING,
  /** Application data in both directions. */
  OPEN,
  /** The peer sent close_notify; this end may still send. */
  INBOUND_ENDED,
  /** This end sent close_notify; the peer may still send. */
  OUTBOUND_ENDED,
  /** Both ends are done, in good order. */
  CLOSED,
  /** The connection broke; the engine's failure says why. */
  FAILED;

  /** What can happen to an engine. */
  public enum Event {
    HANDSHAKE_DONE,
    PEER_CLOSE_NOTIFY,
    CLOSE,
    TRANSPORT_END,
    FAILURE
  }

  /** The state after an event. */
  public TlsEngineState after(Event event) {
    return switch (this) {
      case HANDSHAKING ->
          switch (event) {
            case HANDSHAKE_DONE -> OPEN;
            case CLOSE -> CLOSED;
            case PEER_CLOSE_NOTIFY, TRANSPORT_END, FAILURE -> FAILED;
          };
      case OPEN ->
          switch (event) {
            case PEER_CLOSE_NOTIFY -> INBOUND_ENDED;
            case CLOSE -> OUTBOUND_ENDED;
            case TRANSPORT_END, FAILURE -> FAILED;
            case HANDSHAKE_DONE -> throw illegal(event);
          };
      case INBOUND_ENDED ->
          switch (event) {
            case PEER_CLOSE_NOTIFY, TRANSPORT_END -> INBOUND_ENDED;
            case CLOSE -> CLOSED;
            case FAILURE -> FAILED;
            case HANDSHAKE_DONE -> throw illegal(event);
          };
      case OUTBOUND_ENDED ->
          switch (event) {
            case PEER_CLOSE_NOTIFY -> CLOSED;
            case CLOSE -> OUTBOUND_ENDED;
            case TRANSPORT_END, FAILURE -> FAILED;
            case HANDSHAKE_DONE -> throw illegal(event);
          };
      case CLOSED, FAILED -> this;
    };
  }

  /** Whether application data can still be sealed. */
  public boolean sends() {
    return this == OPEN || this == INBOUND_ENDED;
  }

  /** Whether application data can still come in. */
  public boolean receives() {
    return this == OPEN || this == OUTBOUND_ENDED;
  }

  private IllegalStateException illegal(Event event) {
    return new IllegalStateException(event + " in state " + this);
  }
}
