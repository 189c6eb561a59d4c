package dev.sluice.core.stream;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.RequestHead;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link ExchangeFilter} may ask of its exchange. Confined to the loop of the exchange; the
 * plain questions are answered from the first callback to the last, the rest within a callback
 * only.
 */
public interface FilterCall {
  /** The head of the request, as the filters before this one, and this one, have left it. */
  RequestHead request();

  /** The name of the frontend. */
  String frontend();

  /** The client's address. */
  @Nullable SocketAddress clientAddress();

  /** The host name that the client asked for in its handshake, or null. */
  @Nullable String serverName();

  /** Whether the head of a final response has gone to the client: nobody can answer any more. */
  boolean responseBegun();

  /**
   * Announces that this filter will change the content of the message whose head it is given, or
   * add some. Content-Length is removed from the head; a filter that knows the new length sets it
   * afterwards. Only within {@code onRequestHead} and {@code onResponseHead}.
   *
   * <p>Such a filter has an output of its own of one pooled heap buffer, from which {@link #room()}
   * is granted.
   */
  void rewriteContent();

  /**
   * Passes content on. Without {@link #rewriteContent()} it must be the very bytes that were given.
   * Only within callbacks for content and its end, and for a head after {@code rewriteContent}.
   *
   * @param bytes heap or direct, lent for the call; the position moves by what is taken
   * @return how many were taken; with {@code rewriteContent}, at least {@link #room()} of them
   */
  int write(ByteBuffer bytes);

  /**
   * How many bytes {@link #write} certainly takes. A filter that rewrites consumes only as much as
   * it has room for the result of; if that is nothing, it is called again once there is room.
   *
   * @return 0 without {@link #rewriteContent()}
   */
  int room();

  /**
   * Answers in place of whatever else would: the request goes no further, and a response that is on
   * its way is dropped. The answer passes the filters that were given to the builder before this
   * one. At most once, and not together with {@link #suspend}; carried out after the callback.
   *
   * @throws IllegalStateException if {@link #responseBegun()}
   */
  void answer(FixedResponse response);

  /**
   * Holds this direction of the exchange here until it is decided, from any thread, how it goes on.
   * A head or an end that is held has been told: it goes on to the next filter. Content that was
   * not consumed is offered again. Meanwhile no timeout of the exchange runs but this one.
   *
   * @param deadline when the exchange ends with {@code FILTER_FAILED} if nothing was decided;
   *     positive
   */
  FilterSuspension suspend(Duration deadline);
}
