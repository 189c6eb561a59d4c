package dev.sluice.core.mux;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.observe.CloseCause;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on a {@link SerialMux}: turns bytes into what a handler is told, and what is sent
 * into bytes. Confined to its loop; made anew for each exchange, so that a call to one that is over
 * can't meet the next.
 */
public abstract class SerialStream implements MuxStream {
  private final SerialMux mux;
  private final long number;
  private @Nullable StreamHandler handler;
  private Direction in = Direction.BEFORE;
  private Direction out = Direction.BEFORE;

  /** The handler has not taken all that it was offered, and has not asked for more since. */
  private boolean paused;

  /** A send was refused, and there was no room since. */
  private boolean refused;

  /** Cut, or let go of: nothing has an effect any more. */
  private boolean gone;

  /** How far a message is. */
  private enum Direction {
    BEFORE,
    CONTENT,
    ENDED
  }

  /** For subclasses. */
  protected SerialStream(SerialMux mux, long number) {
    this.mux = mux;
    this.number = number;
  }

  // ---- what a subclass does ----

  /**
   * Takes one step: reads a head, a piece of content or an end, and tells it. Called from the
   * dispatch, while the message is not over and the handler takes what it is told; the input may be
   * empty if content that was told is still to be taken.
   *
   * @return whether another step can follow; false if it takes more bytes, or if not all content
   *     was taken
   */
  protected abstract boolean read(ByteBuffer input);

  /**
   * Writes a head, by {@link #writeReserved}; never an informational one.
   *
   * @param end whether {@link #writeEnd} follows at once
   */
  protected abstract void writeHead(MessageHead head, boolean end);

  /** Writes as much content as the connection takes; the position moves by it. */
  protected abstract void writeContent(ByteBuffer data);

  /** Writes the end of the message, by {@link #writeReserved}. */
  protected abstract void writeEnd();

  // ---- what a subclass may call ----

  /** The connection. */
  protected final MuxHost host() {
    return mux.host();
  }

  /** Whether the connection is at the front. */
  protected final boolean isFront() {
    return host().side() == Side.FRONT;
  }

  /** Whether the head that comes has been told. */
  protected final boolean headTold() {
    return in != Direction.BEFORE;
  }

  /** Tells the head. */
  protected final void tellHead(MessageHead head, boolean end) {
    in = end ? Direction.ENDED : Direction.CONTENT;
    handler().onHead(head, end);
  }

  /**
   * Tells content; the position moves by what is taken.
   *
   * @return whether all of it was taken; what was not stays where it is until it is told again
   */
  protected final boolean tellContent(ByteBuffer data) {
    // A resume within the call takes this back, and has the rest told anew.
    paused = true;
    handler().onData(data, false);
    paused &= data.hasRemaining();
    return !data.hasRemaining();
  }

  /** Tells the end. */
  protected final void tellEnd() {
    if (!gone) {
      in = Direction.ENDED;
      handler().onEnd();
    }
  }

  /** What has come breaks the protocol: the exchange is cut and the connection closed. */
  protected final void malformed() {
    CloseCause cause = isFront() ? CloseCause.BAD_REQUEST : CloseCause.BAD_RESPONSE;
    cut(ResetCode.PROTOCOL_ERROR, cause);
  }

  /** Writes what can't be refused; if even the reserve is used up, the connection is given up. */
  protected final void writeReserved(ByteBuffer bytes) {
    if (!host().writeReserved(bytes)) {
      host().closeNow(CloseCause.RESOURCE_LIMIT);
    }
  }

  // ---- what the mux asks ----

  final void handler(StreamHandler upper) {
    handler = upper;
  }

  private StreamHandler handler() {
    StreamHandler upper = handler;
    assert upper != null : "a stream is made with its handler";
    return upper;
  }

  /** Whether it reads at present. */
  final boolean reads() {
    return !gone && !paused && in != Direction.ENDED;
  }

  final boolean advance(ByteBuffer input) {
    return reads() && read(input);
  }

  final boolean inputOver() {
    return in == Direction.ENDED;
  }

  final boolean over() {
    return gone || (in == Direction.ENDED && out == Direction.ENDED);
  }

  final CloseCause lostCause() {
    if (isFront()) {
      return CloseCause.CLIENT_ABORT;
    }
    return headTold() ? CloseCause.SERVER_ABORT : CloseCause.EMPTY_RESPONSE;
  }

  /** The connection can't go on: it is closed, and with that this stream is let go of. */
  final void cut(ResetCode code, CloseCause cause) {
    mux.retire();
    if (!gone) {
      gone = true;
      handler().onReset(code, cause);
    }
    host().closeNow(cause);
  }

  /** The last of it. */
  final void release(ResetCode code, CloseCause cause) {
    if (!over()) {
      handler().onReset(code, cause);
    }
    gone = true;
    handler().onReleased();
  }

  final void onRoom() {
    if (refused && !gone) {
      refused = false;
      handler().onWritable();
    }
  }

  // ---- MuxStream ----

  @Override
  public final void sendHead(MessageHead head, boolean end) {
    boolean informational = head instanceof ResponseHead response && response.isInformational();
    if (gone || out != Direction.BEFORE || informational) {
      return;
    }
    out = Direction.CONTENT;
    writeHead(head, end);
    if (end) {
      sendEnd();
    }
  }

  @Override
  public final int send(ByteBuffer data, boolean end) {
    if (gone || out != Direction.CONTENT) {
      return 0;
    }
    int from = data.position();
    writeContent(data);
    if (data.hasRemaining()) {
      refused = true;
      host().wantWritable();
    } else if (end) {
      sendEnd();
    }
    return data.position() - from;
  }

  /** Ends the message without them; to be overridden by a protocol that has trailers. */
  @Override
  public void sendTrailers(Fields trailers) {
    sendEnd();
  }

  @Override
  public final void sendEnd() {
    if (gone || out != Direction.CONTENT) {
      return;
    }
    out = Direction.ENDED;
    writeEnd();
    // A call down never calls back: whether the stream is over is looked at from the dispatch.
    host().resumeInput();
  }

  @Override
  public final void reset(ResetCode code) {
    if (gone) {
      return;
    }
    gone = true;
    if (in == Direction.BEFORE && out == Direction.BEFORE && !isFront()) {
      // Nothing was said: the connection is as good as before.
      host().resumeInput();
      return;
    }
    mux.retire();
    if (code == ResetCode.NO_ERROR) {
      host().closeGracefully(CloseCause.COMPLETE);
    } else {
      host().closeNow(CloseCause.COMPLETE);
    }
  }

  @Override
  public final void resume() {
    if (!gone) {
      paused = false;
      host().resumeInput();
    }
  }

  @Override
  public final String protocol() {
    return mux.name();
  }

  @Override
  public final long number() {
    return number;
  }

  @Override
  public final boolean firstOnConnection() {
    return number == 1;
  }
}
