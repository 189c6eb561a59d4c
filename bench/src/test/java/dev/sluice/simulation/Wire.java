package dev.sluice.simulation;

import org.jspecify.annotations.Nullable;

/** A peer's end of a connection with whatever handshake it has; above it are plain bytes. */
interface Wire {
  /** Told of what comes. */
  interface Handler {
    /** Plain bytes may be sent; perhaps before whoever made the wire has it in hand. */
    void onReady(Wire wire);

    /** Plain bytes are here, which are the handler's to keep. */
    void onPlain(byte[] bytes);

    /**
     * The connection is over.
     *
     * @param clean whether it ended without a RST or a refusal
     */
    void onEnd(boolean clean);
  }

  void send(byte[] plain);

  /** Ends the sending direction once everything is sent, and goes on reading. */
  void endOutput();

  /** Ends the connection in good order once everything is sent. */
  void close();

  /** Closes at once: what isn't sent is lost. */
  void closeNow();

  /** Resets once everything is handed to the network. */
  void resetWhenSent();

  /** Reads nothing any more. */
  void stopReading();

  /** Whether there ever was a connection. */
  boolean connected();

  boolean over();

  /** What the handshake agreed on; null before, and if nothing. */
  @Nullable String protocol();
}
