package dev.sluice.core.mux;

import dev.sluice.core.observe.CloseCause;
import java.nio.ByteBuffer;

/**
 * The protocol that lives on one connection. Created by a {@link MuxProvider} once the protocol is
 * known, confined to the connection's loop, and told by the connection what happens. All it needs
 * it asks of its {@link MuxHost}.
 *
 * <p>{@code onX} methods come from the loop's dispatch and may call stream handlers. The others are
 * calls down: they return values or set flags, and never call a handler.
 */
public interface Mux {
  /** The name, such as "h1". */
  String name();

  /**
   * The mux is in its slot and may write; the first call. It calls no handler: a mux that has
   * something to tell at once asks for {@link MuxHost#resumeInput()}, and {@link #onInput} comes
   * from the dispatch, with an empty buffer if nothing has arrived.
   */
  void start();

  /**
   * Bytes are here, or are here still. What the mux leaves is offered again, with more behind it,
   * when more has come, and after {@link MuxHost#resumeInput()}.
   *
   * @param input heap buffer of the connection, lent for the call; the mux moves its position by
   *     what it consumes. If nothing is consumed although the limit is the capacity, no more is
   *     read until the mux asks to resume
   * @param ended whether the peer has ended its direction, so that nothing will follow these bytes
   */
  void onInput(ByteBuffer input, boolean ended);

  /** The peer has ended its direction, and every byte before that was consumed. Called once. */
  void onInputEnd();

  /** {@link MuxHost#write} took less than it was given, and would take more now. */
  void onWritable();

  /**
   * The connection is dead: no byte can be read or written any more. The mux tells its streams by
   * {@code onReset} and {@code onReleased}, and gives back what it holds. The last call. Also
   * called when the mux itself asked for the closure, once that is done.
   *
   * @param code how the connection ended, as a stream sees it
   * @param cause why
   */
  void onClosed(ResetCode code, CloseCause cause);

  /**
   * Takes a new stream; on the back side only. The last step is {@link
   * StreamEndpoint#attach(MuxStream)}.
   *
   * @return false if there is no room; the endpoint is untouched then and may be used elsewhere
   */
  boolean attach(StreamEndpoint endpoint);

  /** How many more streams {@link #attach} would take now; on the front side 0. */
  int availableStreams();

  /**
   * Whether {@link #availableStreams} is what the peer has promised to take, rather than what is
   * assumed before it has said anything.
   */
  default boolean limitKnown() {
    return true;
  }

  /** How many streams live on the connection. */
  int openStreams();

  /**
   * Front side only: the peer is to go elsewhere, and nothing is refused or closed yet. It is told
   * as far as the protocol can say so: with its next answer (Connection: close), or by a message
   * that a request on its way can still cross (GOAWAY). A connection without an exchange stays
   * until it has had one. {@link #drain()} may follow. Idempotent; does nothing unless overridden.
   */
  default void goAway() {}

  /**
   * The connection is idle in its pool, and is wanted on another loop. A mux that agrees cancels
   * its timers, and has nothing left on a list of this loop or of its buffers; it is silent until
   * {@link #onMoved()} or {@link #onClosed}. Back side only.
   *
   * @return whether it agrees; a mux that knows nothing of loops doesn't
   */
  default boolean onLeaving() {
    return false;
  }

  /**
   * The connection has come to another loop, which alone calls from now on, or has come back: the
   * pools and timers of the host are those of that loop. Arms its timers again.
   */
  default void onMoved() {}

  /**
   * No new stream from now on: on the front side the peer is told (Connection: close, GOAWAY); the
   * mux asks its host to close once the last stream is over. Idempotent.
   */
  void drain();
}
