package dev.sluice.tls.engine;

/** Which end of the handshake an engine plays. */
public enum TlsRole {
  /** Sends the ClientHello. */
  CLIENT,
  /** Answers it. */
  SERVER
}
