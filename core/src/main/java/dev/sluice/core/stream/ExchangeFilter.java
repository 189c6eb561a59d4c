package dev.sluice.core.stream;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.observe.ExchangeRecord;
import java.nio.ByteBuffer;

/**
 * Looks at an HTTP exchange on its way, and may change it: a hook of the embedding program, made by
 * a {@link FilterFactory}. Every callback comes on the loop of the exchange, so none may block; one
 * that has to wait {@linkplain FilterCall#suspend suspends}.
 *
 * <p>What comes from the client passes the filters in the order in which they were given to the
 * builder, before the router is asked; what goes to the client passes them in the reverse order,
 * the engine's own answers included. In each direction a filter is told of the head, then of the
 * content in any number of pieces, then of the trailers if there are any, then of the end; each of
 * them at most once but the content. Nothing of a direction reaches a filter before the one in
 * front of it has let it pass. The callbacks for the request come once, however many attempts it
 * takes: what is sent again is what the filters put out.
 *
 * <p>A filter sees nothing of a tunnel: after a 101, or a 2xx to CONNECT, bytes pass it by.
 *
 * <p>What a callback throws ends the exchange with a 500 and the cause {@code FILTER_FAILED}, or by
 * cutting it if a response has begun; no filter sees that answer.
 */
public interface ExchangeFilter {
  /**
   * The head of the request is here.
   *
   * @param head to be read and rewritten; it stays the same object, {@link FilterCall#request()}
   * @param end whether nothing follows: no content and no trailers
   */
  default void onRequestHead(RequestHead head, boolean end, FilterCall call) {}

  /**
   * Content of the request is here. A filter that only looks passes it on and looks at what was
   * taken; one that has announced {@link FilterCall#rewriteContent()} may write whatever it wants.
   * What is not consumed is offered again, with more behind it, once there is room.
   *
   * @param data a heap buffer, lent for the call; not to be changed but for its position, which
   *     moves by what is consumed
   */
  default void onRequestData(ByteBuffer data, FilterCall call) {
    call.write(data);
  }

  /**
   * The request has trailers. {@link #onRequestEnd} follows.
   *
   * @param trailers to be read and rewritten
   */
  default void onRequestTrailers(Fields trailers, FilterCall call) {}

  /**
   * The request has ended, and all its content was consumed. A filter that rewrites content writes
   * what it has kept.
   *
   * @return whether everything is written; if not, the call comes again once there is room
   */
  default boolean onRequestEnd(FilterCall call) {
    return true;
  }

  /**
   * An informational response, 100 to 199 but 101, is on its way to the client. Nothing but the
   * plain questions may be asked of {@code call}.
   *
   * @return whether it is to reach the client
   */
  default boolean onInformationalHead(ResponseHead head, FilterCall call) {
    return true;
  }

  /**
   * The head of the final response, or of a 101, is on its way to the client.
   *
   * @param head to be read and rewritten; the changes count, it is a copy
   * @param end whether nothing follows
   */
  default void onResponseHead(ResponseHead head, boolean end, FilterCall call) {}

  /** Content of the response is here; as {@link #onRequestData}. */
  default void onResponseData(ByteBuffer data, FilterCall call) {
    call.write(data);
  }

  /** The response has trailers; as {@link #onRequestTrailers}. */
  default void onResponseTrailers(Fields trailers, FilterCall call) {}

  /** The response has ended; as {@link #onRequestEnd}. */
  default boolean onResponseEnd(FilterCall call) {
    return true;
  }

  /**
   * The exchange is over, well or badly: the last call, exactly once for each filter that was made.
   * A filter may be used again afterwards.
   *
   * @param record how it went, lent for the call
   */
  default void onExchangeEnd(ExchangeRecord record) {}
}
