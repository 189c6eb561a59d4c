package dev.sluice.mux.h2.protocol;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import java.nio.ByteBuffer;

/**
 * What {@link H2Protocol} tells the layer above. Called from {@link H2Protocol#receive}, {@link
 * H2Protocol#onTime} and {@link H2Protocol#serveWaiting} only, never from within another call. Any
 * call down may be made from within but {@link H2Protocol#release}, which has to wait until the
 * protocol has returned.
 *
 * <p>For each stream: a head, then content, then trailers or the end unless an earlier call had
 * {@code end}. {@code onReset} may come at any moment and is the last. A stream that is told of
 * here has to be given back by {@link H2Protocol#release} once its state is closed.
 */
public interface H2Events {
  /**
   * A client begins a stream. On the front side only.
   *
   * @param head lent for the call
   * @param end whether the message ends here
   */
  void onRequest(StreamRecord stream, RequestHead head, boolean end);

  /**
   * A response head is here, informational or final. On the back side only.
   *
   * @param head lent for the call
   * @param end whether the message ends here
   */
  void onResponse(StreamRecord stream, ResponseHead head, boolean end);

  /**
   * Content is here: all bytes from the position to the limit have to be taken or stored before the
   * call returns. As they are used up or dropped {@link H2Protocol#consumed} has to be told.
   *
   * @param content a heap buffer, lent for the call; its position may be moved
   * @param end whether the message ends with the last of these bytes
   */
  void onData(StreamRecord stream, ByteBuffer content, boolean end);

  /**
   * The message ends with trailers.
   *
   * @param trailers lent for the call
   */
  void onTrailers(StreamRecord stream, Fields trailers);

  /** The message ends. */
  void onEnd(StreamRecord stream);

  /**
   * The stream was reset; its state is closed.
   *
   * @param code the code sent or received
   * @param byPeer whether the peer reset it, or we because of the peer's fault
   * @param reason why, a constant
   */
  void onReset(StreamRecord stream, H2ErrorCode code, boolean byPeer, String reason);

  /** Content of this stream that was not taken by {@link H2Protocol#send} would be taken now. */
  void onWritable(StreamRecord stream);

  /**
   * A request was answered, or its stream reset, without ever being told of.
   *
   * @param status the status sent, or 0 where the stream was reset
   * @param reason why, a constant
   */
  void onRejected(int status, String reason);

  /** Such a frame has come. */
  default void onEndReceived(EndFrame frame) {}

  /** What {@link H2Protocol#availableStreams} says may have changed. */
  void onCapacityChanged();
}
