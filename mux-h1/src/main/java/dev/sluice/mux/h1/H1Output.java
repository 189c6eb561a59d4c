package dev.sluice.mux.h1;

import dev.sluice.core.buffer.IoBuffer;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.mux.h1.codec.BodyFraming;
import dev.sluice.mux.h1.codec.ChunkEncoder;
import dev.sluice.mux.h1.codec.H1Encoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message after another into a connection's output. Confined to its loop.
 *
 * <p>A chunk is begun only for bytes that output will take, but a pool that has run dry may take
 * fewer: then the chunk stays open, and what is sent next goes on filling it.
 */
final class H1Output {
  private static final int LINE_BYTES = 16;

  private final MuxHost host;
  private final ByteBuffer line = ByteBuffer.allocate(LINE_BYTES);

  /** What is being encoded, and the buffer that it stands in; only within a call. */
  private ByteBuffer block = line;

  private @Nullable IoBuffer lent;
  private BodyFraming.Kind kind = BodyFraming.Kind.NONE;
  private long left;
  private int chunkLeft;
  private @Nullable CloseCause fault;

  H1Output(MuxHost host) {
    this.host = host;
  }

  /** Why nothing sensible can be written any more, or null while all is well. */
  @Nullable CloseCause fault() {
    return fault;
  }

  /** Nothing sensible can be written any more. */
  void fail(CloseCause cause) {
    if (fault == null) {
      fault = cause;
    }
  }

  /** Whether the end of the message can be told from a connection that broke. */
  boolean selfDelimiting() {
    return kind != BodyFraming.Kind.UNTIL_CLOSE && kind != BodyFraming.Kind.TUNNEL;
  }

  /**
   * Writes a head.
   *
   * @param contentKind how the content that follows is delimited
   * @param contentLength its length, for {@link BodyFraming.Kind#LENGTH}
   */
  void head(
      MessageHead head,
      H1Encoder.Framing framing,
      H1Encoder.Persistence persistence,
      BodyFraming.Kind contentKind,
      long contentLength) {
    kind = contentKind;
    left = contentLength;
    chunkLeft = 0;
    begin(H1Encoder.bytesMax(head));
    if (head instanceof RequestHead request) {
      H1Encoder.put(block, request, framing, persistence);
    } else {
      H1Encoder.put(block, (ResponseHead) head, framing, persistence);
    }
    finish();
  }

  /** From now on bytes pass as they are. */
  void tunnel() {
    kind = BodyFraming.Kind.TUNNEL;
  }

  /**
   * Writes content.
   *
   * @return how many bytes were taken; {@link MuxHost#wantWritable} was called if not all were
   */
  int send(ByteBuffer data) {
    return switch (kind) {
      case NONE -> {
        // A response to HEAD, say: whoever answers may give the content all the same.
        int count = data.remaining();
        data.position(data.limit());
        yield count;
      }
      case LENGTH -> sendCounted(data);
      case CHUNKED -> sendChunked(data);
      case UNTIL_CLOSE, TUNNEL -> host.write(data);
    };
  }

  private int sendCounted(ByteBuffer data) {
    if (data.remaining() > left) {
      // More than the head said: the peer must not read it as the next message.
      fail(CloseCause.INTERNAL_ERROR);
      return 0;
    }
    int taken = host.write(data);
    left -= taken;
    return taken;
  }

  private int sendChunked(ByteBuffer data) {
    int total = 0;
    while (data.hasRemaining() && fault == null) {
      if (chunkLeft == 0) {
        int size = Math.min(data.remaining(), host.writableBytes());
        if (size <= 0) {
          host.wantWritable();
          break;
        }
        ChunkEncoder.putHead(line, size);
        reserved(line);
        chunkLeft = size;
      }
      int limit = data.limit();
      data.limit(Math.min(limit, data.position() + chunkLeft));
      int taken = host.write(data);
      data.limit(limit);
      total += taken;
      chunkLeft -= taken;
      if (chunkLeft > 0) {
        break;
      }
      ChunkEncoder.putTail(line);
      reserved(line);
    }
    return total;
  }

  /**
   * Ends the message.
   *
   * @param trailers what follows the content, where that is possible; null for nothing
   * @return false if the message can't end here: less content than its head said
   */
  boolean end(@Nullable Fields trailers) {
    return switch (kind) {
      case NONE, UNTIL_CLOSE, TUNNEL -> true;
      case LENGTH -> left == 0;
      case CHUNKED -> {
        if (chunkLeft > 0) {
          yield false;
        }
        if (trailers == null || trailers.isEmpty()) {
          ChunkEncoder.putEnd(line);
          reserved(line);
        } else {
          begin(ChunkEncoder.endBytes(trailers));
          ChunkEncoder.putEnd(block, trailers);
          finish();
        }
        kind = BodyFraming.Kind.NONE;
        yield true;
      }
    };
  }

  /** Provides a block with room for so many bytes. */
  private void begin(int bytesMax) {
    IoBuffer pooled =
        bytesMax <= host.heapBuffers().bufferBytes() ? host.heapBuffers().acquireReserved() : null;
    // A head larger than a buffer is rare enough to be allocated for.
    block = pooled != null ? pooled.bytes() : ByteBuffer.allocate(bytesMax);
    lent = pooled;
  }

  /** Writes the block, and gives it back. */
  private void finish() {
    reserved(block);
    block = line;
    IoBuffer pooled = lent;
    if (pooled != null) {
      lent = null;
      pooled.release();
    }
  }

  private void reserved(ByteBuffer out) {
    out.flip();
    if (!host.writeReserved(out)) {
      // Even the reserve of the output is used up.
      fail(CloseCause.RESOURCE_LIMIT);
    }
    out.clear();
  }
}
