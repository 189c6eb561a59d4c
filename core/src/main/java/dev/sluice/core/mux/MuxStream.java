package dev.sluice.core.mux;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import java.nio.ByteBuffer;

/**
 * The lower half of one exchange: an h1 transaction, an h2 stream, a raw flow. Confined to the loop
 * of its connection. No method calls back into the handler: results are return values, everything
 * else comes later from the loop's dispatch.
 *
 * <p>After {@code onReset} or {@code onReleased} every call is without effect ({@code send} takes
 * 0).
 */
public interface MuxStream {
  /**
   * Sends a head. On the front side a final response head may follow informational ones. Can't be
   * refused.
   *
   * @param head lent for the call; hop-by-hop fields must be gone; the framing fields are written
   *     by the mux from Content-Length, if there is one
   * @param end whether the message ends here
   */
  void sendHead(MessageHead head, boolean end);

  /**
   * Sends content.
   *
   * @param data heap or direct, lent for the call; its position moves by what is taken
   * @param end whether the message ends with the last of these bytes; counts only once all of them
   *     are taken
   * @return the number of bytes taken; if less than given, {@link StreamHandler#onWritable()} comes
   *     later
   */
  int send(ByteBuffer data, boolean end);

  /** Ends the message with trailers. A mux that can't carry them ends the message without. */
  void sendTrailers(Fields trailers);

  /** Ends the message, or this direction of a tunnel. Idempotent. */
  void sendEnd();

  /**
   * Cuts the stream. The handler hears no more of it but {@link StreamHandler#onReleased()}.
   * Idempotent.
   */
  void reset(ResetCode code);

  /** The handler can take data again: what it did not take is offered anew from the dispatch. */
  void resume();

  /** The mux's name for logs and records, such as "h1". */
  String protocol();

  /**
   * The number of the stream within its connection, by which the peer knows it too if the protocol
   * has numbers; they begin at 1 and rise. Only while the stream has not been released.
   */
  long number();

  /**
   * Whether this is the first stream of its connection; a later one runs on a connection that was
   * proven before.
   */
  boolean firstOnConnection();

  /**
   * Whether any byte of the peer's message has come, be it the first of a head that is not whole
   * yet. Asked at the back when the stream is reset before a head was told. A mux that would not
   * notice says no.
   */
  default boolean answerBegun() {
    return false;
  }
}
