package dev.sluice.core.transport;

import dev.sluice.core.observe.Failure;

/** A piece of a handshake that may run on another thread. Made by a transport, once per need. */
public interface LentStep {
  /** Does the work. Runs on the executor's thread; the loop does not touch the engine meanwhile. */
  void run();

  /**
   * The work is done. Runs on the loop, also when the connection was closed meanwhile ({@link
   * TransportHost#closed()}): then the transport frees what it kept for the step.
   */
  void onReturned();

  /**
   * It was not run, and will not be: there was no room, it waited too long, or nobody waits for it
   * any more. Runs on the loop, in place of {@link #onReturned()}.
   *
   * @param why what fails the handshake, if the connection is still there
   */
  void onRefused(Failure why);
}
