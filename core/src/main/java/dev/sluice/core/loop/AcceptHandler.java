package dev.sluice.core.loop;

/** Told of new connections by a listening socket. Called on the accepting loop. */
public interface AcceptHandler {
  /** Called for each connection, which the handler owns from now on. */
  void onAccepted(LooseSocket socket);

  /**
   * Called when accepting has failed or {@link #onAccepted} has thrown. Listening goes on: when the
   * process has run out of descriptors after a pause, otherwise at once.
   */
  void onAcceptFailure(Throwable failure);
}
