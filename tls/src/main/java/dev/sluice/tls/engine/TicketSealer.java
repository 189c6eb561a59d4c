package dev.sluice.tls.engine;

import org.jspecify.annotations.Nullable;

/**
 * Seals what a server needs to resume a session into the ticket that its client keeps (RFC 8446
 * 4.6.1, RFC 5077), so that the server itself keeps nothing. Called within steps of the handshake,
 * for several connections at the same time: implementations are thread-safe.
 */
public interface TicketSealer {
  /** How many tickets a full handshake of TLS 1.3 gives out; a resumed one gives one. */
  int ticketsPerHandshake();

  /** How long after its full handshake a session may be resumed, at most seven days. */
  long lifetimeMillis();

  /** The wall clock. */
  long nowMillis();

  /** Makes a ticket: encrypted, authenticated and different each time. */
  byte[] seal(byte[] state);

  /** What {@link #seal} was given, null if it did not make this ticket or has lost its key. */
  byte @Nullable [] open(byte[] ticket);
}
