package dev.sluice.core.mux;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.observe.CloseCause;
import java.nio.ByteBuffer;

/**
 * The upper half of one exchange on one connection: what a mux calls as things arrive. Called on
 * the connection's loop, and only from the loop's dispatch of that connection (an event, a timer, a
 * task, the pending list), never from within a call that goes down. A handler may make any call
 * down from within any of these; the mux reads its state anew after each of them.
 *
 * <p>Order: {@code onHead}, then {@code onData}*, then {@code onTrailers} or {@code onEnd} unless
 * an earlier call had {@code end}; on the back side any number of informational heads come first.
 * {@code onReset} may come at any moment and is the last. In TCP mode there is no head. After a 101
 * response, or a 2xx to CONNECT, both directions are a tunnel: {@code onData} and {@code onEnd}
 * start anew, whatever ended before.
 */
public interface StreamHandler {
  /**
   * A head is here. Hop-by-hop fields are gone already; what an upgrade asks for is a member of the
   * head. Can't be refused.
   *
   * @param head lent for the call: copy what is needed later
   * @param end whether the message ends here
   */
  void onHead(MessageHead head, boolean end);

  /**
   * Content is here. What is not taken is offered again after {@link MuxStream#resume()}.
   *
   * @param data a heap buffer, lent for the call; the handler moves its position by what it takes
   * @param end whether the message ends with the last of these bytes; counts only once all of them
   *     are taken
   * @return the number of bytes taken
   */
  int onData(ByteBuffer data, boolean end);

  /**
   * The message ends with trailers. Can't be refused.
   *
   * @param trailers lent for the call
   */
  void onTrailers(Fields trailers);

  /** The message, or this direction of a tunnel, ends. Can't be refused. */
  void onEnd();

  /**
   * The stream is cut; nothing else comes, and calls down have no effect any more.
   *
   * @param code how it was cut
   * @param cause why, for the record
   */
  void onReset(ResetCode code, CloseCause cause);

  /** {@link MuxStream#send} took less than it was given, and would take more now. */
  void onWritable();

  /**
   * The mux has let go of this stream: both directions have ended, or it was reset by either side.
   * The very last call, exactly once for every stream; the handler may be recycled after it.
   */
  void onReleased();
}
