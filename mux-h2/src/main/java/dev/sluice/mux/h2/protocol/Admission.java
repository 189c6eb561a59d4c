package dev.sluice.mux.h2.protocol;

import dev.sluice.mux.h2.frame.H2ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Holds what comes against the state of its stream (RFC 9113 5.1), whether the stream is in the
 * table, was there once, or never; and answers what is not allowed.
 *
 * <p>Part of {@link H2Protocol}.
 */
final class Admission {
  private final H2Protocol protocol;

  Admission(H2Protocol protocol) {
    this.protocol = protocol;
  }

  /**
   * The stream, if the event is allowed on it. Otherwise null, and everything is done about it:
   * nothing, or a stream error, or a connection error.
   */
  @Nullable StreamRecord admit(int streamId, StreamEvent event, long now) {
    StreamRecord stream = protocol.streams.get(streamId);
    Verdict verdict =
        stream == null ? verdictOfAbsent(streamId, event, now) : stream.state().verdict(event);
    if (verdict == Verdict.OK) {
      return stream;
    }
    if (verdict.ofConnection()) {
      protocol.fail(verdict.code(), "frame on a stream that can't have it");
    } else if (verdict != Verdict.IGNORE) {
      glitch(now);
      if (stream != null && !stream.state().closed()) {
        protocol.failStream(stream, verdict.code(), "frame after the end of its direction");
      } else if (!protocol.failed()) {
        protocol.writer.reset(streamId, verdict.code());
      }
    }
    return null;
  }

  /** Counts something that an honest peer hardly ever does. */
  void glitch(long now) {
    spend(Abuse.GLITCH, now, "too many faults");
  }

  /** Spends one of this kind, and fails the connection if there was none left. */
  void spend(Abuse kind, long now, String reason) {
    if (!protocol.budget.spend(kind, now) && !protocol.failed()) {
      protocol.fail(H2ErrorCode.ENHANCE_YOUR_CALM, reason);
    }
  }

  private Verdict verdictOfAbsent(int streamId, StreamEvent event, long now) {
    // Streams of servers have even numbers, and there are none, since push is never allowed.
    boolean odd = (streamId & 1) == 1;
    if (!odd || streamId > protocol.highestId) {
      return StreamState.IDLE.verdict(event) == Verdict.OK
          ? Verdict.CONNECTION_PROTOCOL
          : StreamState.IDLE.verdict(event);
    }
    return switch (protocol.memory.of(streamId)) {
      // RFC 9113 5.1.1: a number that was passed over can't be used any more.
      case NEVER_USED -> Verdict.CONNECTION_PROTOCOL;
      case ENDED -> StreamState.ENDED.verdict(event);
      case RESET_LOCAL -> StreamState.RESET_LOCAL.verdict(event);
      case RESET_REMOTE -> StreamState.RESET_REMOTE.verdict(event);
      case FORGOTTEN -> {
        glitch(now);
        yield Verdict.IGNORE;
      }
    };
  }
}
