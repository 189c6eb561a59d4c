package dev.sluice.mux.h2.protocol;

import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.mux.h2.frame.FrameDecoder;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.hpack.HpackDecoder;
import dev.sluice.mux.h2.hpack.HpackEncoder;
import dev.sluice.mux.h2.hpack.HpackStatus;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Field blocks: HEADERS and the CONTINUATION frames that follow (RFC 9113 4.3, 6.2, 6.10), and what
 * they mean for their stream: a request, a response, trailers (RFC 9113 8.1).
 *
 * <p>Every block is decoded as its pieces come, also that of a stream which is refused or gone, so
 * that the HPACK tables stay equal; nothing of it is gathered. Part of {@link H2Protocol}.
 */
final class BlockReader {
  /** How much larger than our limit a block may be before decoding it is taken for an attack. */
  private static final int EXCESS = 4;

  private static final int STATUS_BAD_REQUEST = 400;
  private static final int STATUS_FIELDS_TOO_LARGE = 431;

  private enum Kind {
    /** Begins a stream. */
    REQUEST,
    /** Would begin one too many. */
    REFUSED,
    /** A response head. */
    RESPONSE,
    /** Ends a message. */
    TRAILERS,
    /** Of a stream that is gone; decoded for the sake of the table. */
    DISCARDED
  }

  private final H2Protocol protocol;
  private final FrameDecoder decoder;
  private final Admission admission;
  private final HpackDecoder hpack;
  private final HeadReader heads;
  private final int blockBytesMax;

  private boolean open;
  private Kind kind = Kind.DISCARDED;
  private int streamId;
  private @Nullable StreamRecord stream;
  private int generation;
  private boolean endStream;
  private boolean dependsOnItself;
  private int blockBytes;
  private int continuations;

  BlockReader(H2Protocol protocol, FrameDecoder decoder, Admission admission) {
    this.protocol = protocol;
    this.decoder = decoder;
    this.admission = admission;
    H2Options options = protocol.options;
    int listBytesMax = options.headerListBytesMax();
    // The initial size, whatever ours will be: that counts once the peer has acknowledged it.
    this.hpack = new HpackDecoder(HpackEncoder.DEFAULT_TABLE_SIZE, listBytesMax);
    this.heads = new HeadReader(options.headBytesMax(), options.fieldCountMax());
    this.blockBytesMax = EXCESS * listBytesMax;
  }

  /** Whether a block has begun and is not complete. */
  boolean open() {
    return open;
  }

  /** The peer has acknowledged our SETTINGS_HEADER_TABLE_SIZE. */
  void tableLimit(int bytes) {
    hpack.tableSizeLimit(bytes);
  }

  /** HEADERS begins. */
  void begin(long now) {
    open = true;
    streamId = decoder.streamId();
    endStream = decoder.has(FrameFlags.END_STREAM);
    dependsOnItself = false;
    blockBytes = 0;
    continuations = 0;
    stream = null;
    if (protocol.front && (streamId & 1) == 0) {
      // RFC 9113 5.1.1
      protocol.fail(H2ErrorCode.PROTOCOL_ERROR, "stream of a client with an even number");
      return;
    }
    if (protocol.front && streamId > protocol.highestId) {
      beginStream();
      return;
    }
    StreamRecord admitted = admission.admit(streamId, StreamEvent.RECEIVE_HEADERS, now);
    stream = admitted;
    if (admitted == null) {
      kind = Kind.DISCARDED;
      heads.beginDiscarded();
      return;
    }
    generation = admitted.generation;
    if (protocol.front || admitted.headReceived) {
      kind = Kind.TRAILERS;
      heads.beginTrailers();
    } else {
      kind = Kind.RESPONSE;
      heads.beginResponse();
    }
  }

  private void beginStream() {
    protocol.highestId = streamId;
    protocol.memory.used(streamId);
    // Until it is in the table: what comes for it is late, not wrong.
    protocol.memory.closed(streamId, StreamState.RESET_LOCAL);
    if (protocol.beyondGoAway(streamId)) {
      // RFC 9113 6.8: as if it had never come.
      kind = Kind.DISCARDED;
      heads.beginDiscarded();
    } else if (protocol.streams.size() >= protocol.options.concurrentStreamsMax()) {
      // Streams count until the layer above has let go of them, so that a reset frees no place
      // before the work is undone.
      kind = Kind.REFUSED;
      heads.beginDiscarded();
    } else {
      kind = Kind.REQUEST;
      heads.beginRequest();
    }
  }

  /** CONTINUATION begins. */
  void proceed(long now) {
    if (!open || decoder.streamId() != streamId) {
      // RFC 9113 6.10
      protocol.fail(H2ErrorCode.PROTOCOL_ERROR, "CONTINUATION of no block");
    } else if (++continuations > protocol.options.continuationsMax()) {
      protocol.fail(H2ErrorCode.ENHANCE_YOUR_CALM, "too many CONTINUATION frames");
    } else if (decoder.length() == 0) {
      admission.spend(Abuse.EMPTY_FRAME, now, "flood of empty frames");
    }
  }

  /** A piece of the block. */
  void piece(ByteBuffer in) {
    int length = decoder.pieceLength();
    blockBytes += length;
    if (blockBytes > blockBytesMax) {
      protocol.fail(H2ErrorCode.ENHANCE_YOUR_CALM, "field block far beyond the limit");
      return;
    }
    int end = in.arrayOffset() + in.position();
    check(hpack.decode(in.array(), end - length, end, heads));
  }

  /** HEADERS or CONTINUATION ends. */
  void endFrame(long now) {
    if (decoder.dependency() == streamId) {
      dependsOnItself = true;
    }
    if (!decoder.has(FrameFlags.END_HEADERS)) {
      return;
    }
    open = false;
    boolean tooLarge = hpack.listTooLarge();
    if (!check(hpack.endBlock())) {
      return;
    }
    switch (kind) {
      case REQUEST -> endRequest(tooLarge, now);
      case REFUSED -> refuse(now);
      case RESPONSE -> {
        StreamRecord answered = alive();
        if (answered != null) {
          endResponse(answered, tooLarge, now);
        }
      }
      case TRAILERS -> {
        StreamRecord ending = alive();
        if (ending != null) {
          endTrailers(ending, tooLarge, now);
        }
      }
      case DISCARDED -> {}
    }
    stream = null;
  }

  private boolean check(HpackStatus status) {
    if (status == HpackStatus.OK) {
      return true;
    }
    // RFC 9113 4.3
    protocol.fail(H2ErrorCode.COMPRESSION_ERROR, "field block that can't be decoded");
    return false;
  }

  /** The block's stream, unless it was closed while the block came. */
  private @Nullable StreamRecord alive() {
    StreamRecord candidate = stream;
    return candidate != null && candidate.generation == generation && candidate.state.receiveOpen()
        ? candidate
        : null;
  }

  private void refuse(long now) {
    // RFC 9113 5.1.2: not looked at, so the client may send it again.
    protocol.writer.reset(streamId, H2ErrorCode.REFUSED_STREAM);
    admission.spend(Abuse.REFUSED, now, "flood of streams beyond the limit");
    protocol.events.onRejected(0, "more streams than the limit");
  }

  private void endRequest(boolean tooLarge, long now) {
    HeadFault fault = heads.endRequest(tooLarge, protocol.own.connectProtocol());
    String reason = heads.reason();
    RequestHead head = heads.request();
    long length = fault == HeadFault.NONE ? head.contentLength() : -1;
    if (fault == HeadFault.NONE && endStream && length > 0) {
      // RFC 9113 8.1.1
      fault = HeadFault.MALFORMED;
      reason = "content-length without content";
    }
    if (fault == HeadFault.NONE && dependsOnItself) {
      fault = HeadFault.MALFORMED;
      reason = "stream that depends on itself";
    }
    if (fault != HeadFault.NONE) {
      reject(fault, reason, now);
      return;
    }
    StreamRecord begun =
        protocol.streams.add(
            streamId, protocol.peer.initialWindowBytes(), protocol.receiveBytesInitial());
    begun.state = begun.state.next(StreamEvent.RECEIVE_HEADERS);
    begun.headReceived = true;
    begun.headRequested = head.isHead();
    begun.connectRequested = head.isConnect();
    begun.contentExpected = length;
    if (endStream) {
      begun.state = begun.state.next(StreamEvent.RECEIVE_END);
    }
    protocol.events.onRequest(begun, head, endStream);
  }

  /** Answers a request that never becomes a stream of the layer above. */
  private void reject(HeadFault fault, String reason, long now) {
    admission.glitch(now);
    if (protocol.failed()) {
      return;
    }
    if (fault == HeadFault.MALFORMED) {
      protocol.writer.reset(streamId, H2ErrorCode.PROTOCOL_ERROR);
      protocol.events.onRejected(0, reason);
      return;
    }
    int status = fault == HeadFault.TOO_LARGE ? STATUS_FIELDS_TOO_LARGE : STATUS_BAD_REQUEST;
    protocol.writer.status(streamId, status);
    if (endStream) {
      protocol.memory.closed(streamId, StreamState.ENDED);
    } else {
      // RFC 9113 8.1: answered in full, so the rest of the request is not needed.
      protocol.writer.reset(streamId, H2ErrorCode.NO_ERROR);
    }
    protocol.events.onRejected(status, reason);
  }

  private void endResponse(StreamRecord answered, boolean tooLarge, long now) {
    HeadFault fault = heads.endResponse(tooLarge);
    ResponseHead head = heads.response();
    if (fault != HeadFault.NONE) {
      failStream(answered, fault, heads.reason(), now);
    } else if (head.isInformational()) {
      if (endStream) {
        // RFC 9113 8.1
        failStream(answered, HeadFault.MALFORMED, "informational head that ends the stream", now);
      } else if (++answered.interimHeads > protocol.options.interimHeadsMax()) {
        admission.glitch(now);
        protocol.failStream(
            answered, H2ErrorCode.ENHANCE_YOUR_CALM, "too many informational heads");
      } else {
        protocol.events.onResponse(answered, head, false);
      }
    } else {
      endFinalResponse(answered, head, now);
    }
  }

  private void endFinalResponse(StreamRecord answered, ResponseHead head, long now) {
    answered.headReceived = true;
    answered.contentForbidden = answered.headRequested || head.bodyless();
    answered.tunnel = answered.connectRequested && head.status() < 300;
    answered.contentExpected = answered.tunnel ? -1 : head.contentLength();
    if (endStream) {
      String fault = answered.contentFault(true);
      if (fault != null) {
        failStream(answered, HeadFault.MALFORMED, fault, now);
        return;
      }
      answered.state = answered.state.next(StreamEvent.RECEIVE_END);
    }
    protocol.events.onResponse(answered, head, endStream);
  }

  private void endTrailers(StreamRecord ending, boolean tooLarge, long now) {
    HeadFault fault = heads.endTrailers(tooLarge);
    String reason = heads.reason();
    if (fault == HeadFault.NONE && (!endStream || ending.tunnel)) {
      // RFC 9113 8.1, 8.5
      fault = HeadFault.MALFORMED;
      reason = "head within a message";
    }
    String content = ending.contentFault(true);
    if (fault == HeadFault.NONE && content != null) {
      fault = HeadFault.MALFORMED;
      reason = content;
    }
    if (fault != HeadFault.NONE) {
      failStream(ending, fault, reason, now);
      return;
    }
    ending.state = ending.state.next(StreamEvent.RECEIVE_END);
    if (heads.trailers().isEmpty()) {
      protocol.events.onEnd(ending);
    } else {
      protocol.events.onTrailers(ending, heads.trailers());
    }
  }

  private void failStream(StreamRecord failed, HeadFault fault, String reason, long now) {
    admission.glitch(now);
    H2ErrorCode code =
        fault == HeadFault.TOO_LARGE ? H2ErrorCode.CANCEL : H2ErrorCode.PROTOCOL_ERROR;
    protocol.failStream(failed, code, reason);
  }
}
