package dev.sluice.core.connection;

/** What dialling came to within the call. */
public enum DialResult {
  /** Connected, the mux installed and the owner's endpoint attached; the owner is not called. */
  READY,
  /** Under way: the owner is called once. */
  PENDING,
  /** Failed; {@link Connection#failure()} tells why. The owner is not called. */
  FAILED
}
