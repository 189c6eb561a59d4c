package dev.sluice.mux.h1;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.message.Fields;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.mux.h1.codec.BodyFraming;
import dev.sluice.mux.h1.codec.ChunkDecoder;
import dev.sluice.mux.h1.codec.H1Error;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the content of one message after another out of a connection's input, and offers it to a
 * handler where it lies. Confined to its loop.
 */
final class H1Input {
  /** What came of a step. */
  enum Step {
    /** Something was read; there may be more. */
    PROGRESS,
    /** More bytes are needed. */
    MORE,
    /** The handler did not take all that it was offered. */
    BLOCKED,
    /** The message is whole, and the handler was told so. */
    END,
    /** The bytes are no content; {@link #error} tells why. */
    ERROR
  }

  /** Chunk extensions of one message, in bytes; nobody uses them for good. */
  private static final int EXTENSION_BYTES_MAX = 4096;

  private final LimitConfig limits;
  private BodyFraming.Kind kind = BodyFraming.Kind.NONE;
  private long left;

  // Only connections that see a chunked message have these.
  private @Nullable ChunkDecoder chunks;
  private @Nullable Fields trailers;

  H1Input(LimitConfig limits) {
    this.limits = limits;
  }

  /** Begins the content of a message. */
  void begin(BodyFraming framing) {
    kind = framing.kind();
    left = framing.length();
    if (kind == BodyFraming.Kind.CHUNKED) {
      ChunkDecoder decoder = chunks;
      Fields fields = trailers;
      if (decoder == null || fields == null) {
        decoder = new ChunkDecoder(EXTENSION_BYTES_MAX, limits.headBytesMax());
        fields = new Fields(limits.headBytesMax(), limits.fieldCountMax());
        chunks = decoder;
        trailers = fields;
      }
      decoder.begin(fields);
    }
  }

  /** Whether the content ends with the peer's direction. */
  boolean endsWithInput() {
    return kind == BodyFraming.Kind.UNTIL_CLOSE;
  }

  /** How much content is still to come, or a negative number if that isn't known. */
  long bytesLeft() {
    return kind == BodyFraming.Kind.LENGTH || kind == BodyFraming.Kind.NONE ? left : -1;
  }

  /** What is wrong, after {@link Step#ERROR}. */
  H1Error error() {
    return chunks == null ? H1Error.NONE : chunks.error();
  }

  /**
   * Takes one step, with at most one call of the handler, after which the caller has to look at its
   * own state anew.
   *
   * @param in the connection's input
   * @param handler who gets the content; null drops it
   */
  Step step(ByteBuffer in, @Nullable StreamHandler handler) {
    if (kind == BodyFraming.Kind.CHUNKED) {
      return chunkedStep(in, handler);
    }
    if (!in.hasRemaining()) {
      return Step.MORE;
    }
    boolean counted = kind == BodyFraming.Kind.LENGTH;
    int count = counted ? (int) Math.min(left, in.remaining()) : in.remaining();
    boolean last = counted && count == left;
    int taken = offer(in, count, last, handler);
    if (counted) {
      left -= taken;
    }
    if (taken < count) {
      return Step.BLOCKED;
    }
    return last ? Step.END : Step.PROGRESS;
  }

  private Step chunkedStep(ByteBuffer in, @Nullable StreamHandler handler) {
    ChunkDecoder decoder = chunks;
    Fields fields = trailers;
    assert decoder != null && fields != null;
    return switch (decoder.decode(in)) {
      case MORE -> Step.MORE;
      case ERROR -> Step.ERROR;
      case DATA -> {
        int count = decoder.available();
        int taken = offer(in, count, false, handler);
        decoder.taken(taken);
        yield taken < count ? Step.BLOCKED : Step.PROGRESS;
      }
      case END -> {
        kind = BodyFraming.Kind.NONE;
        left = 0;
        if (handler != null) {
          if (fields.isEmpty()) {
            handler.onEnd();
          } else {
            handler.onTrailers(fields);
          }
        }
        yield Step.END;
      }
    };
  }

  /** Offers the next bytes, and no other. */
  private static int offer(
      ByteBuffer in, int count, boolean last, @Nullable StreamHandler handler) {
    int from = in.position();
    if (handler == null) {
      in.position(from + count);
      return count;
    }
    int limit = in.limit();
    in.limit(from + count);
    int taken = handler.onData(in, last);
    assert taken == in.position() - from : "a handler moves the position by what it takes";
    in.limit(limit).position(from + taken);
    return taken;
  }
}
