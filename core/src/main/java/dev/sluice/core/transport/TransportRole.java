package dev.sluice.core.transport;

/** Which end of a handshake we play: the client towards servers, the server towards clients. */
public enum TransportRole {
  /** We dialled. */
  CLIENT,
  /** We accepted. */
  SERVER
}
