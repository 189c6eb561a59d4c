package dev.sluice.core.loop;

/** Told by the poller when its socket is ready. Called on the loop, never within another call. */
public interface IoHandler {
  /**
   * Called when the socket is ready for something it was asked to report.
   *
   * @param readyOps bits of {@link Interest}; an error or hang-up makes all requested ones ready
   */
  void onReady(int readyOps);

  /**
   * Called when {@link #onReady} has thrown, or when the poller has lost the socket. The connection
   * is to be given up; the socket is closed after this call if it isn't yet.
   */
  void onHandlerFailure(Throwable failure);
}
