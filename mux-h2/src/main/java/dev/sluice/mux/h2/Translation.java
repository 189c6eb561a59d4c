package dev.sluice.mux.h2;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.observe.WireEvent;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.protocol.EndFrame;

/** The words of the engine and those of the wire. */
final class Translation {
  private Translation() {}

  /** What to put into RST_STREAM (RFC 9113 7). */
  static H2ErrorCode toWire(ResetCode code) {
    return switch (code) {
      case NO_ERROR -> H2ErrorCode.NO_ERROR;
      case CANCEL, TIMEOUT -> H2ErrorCode.CANCEL;
      case REFUSED -> H2ErrorCode.REFUSED_STREAM;
      case PROTOCOL_ERROR -> H2ErrorCode.PROTOCOL_ERROR;
      // The other side's trouble is ours as far as this peer can tell.
      case INTERNAL_ERROR, CONNECTION_CLOSED, CONNECTION_RESET -> H2ErrorCode.INTERNAL_ERROR;
      case HTTP_1_1_REQUIRED -> H2ErrorCode.HTTP_1_1_REQUIRED;
      case ENHANCE_YOUR_CALM -> H2ErrorCode.ENHANCE_YOUR_CALM;
    };
  }

  /** What RST_STREAM says to the layers above. */
  static ResetCode fromWire(H2ErrorCode code) {
    return switch (code) {
      case NO_ERROR -> ResetCode.NO_ERROR;
      case CANCEL -> ResetCode.CANCEL;
      case REFUSED_STREAM -> ResetCode.REFUSED;
      case INTERNAL_ERROR, CONNECT_ERROR -> ResetCode.INTERNAL_ERROR;
      case HTTP_1_1_REQUIRED -> ResetCode.HTTP_1_1_REQUIRED;
      case ENHANCE_YOUR_CALM -> ResetCode.ENHANCE_YOUR_CALM;
      case PROTOCOL_ERROR,
          FLOW_CONTROL_ERROR,
          SETTINGS_TIMEOUT,
          STREAM_CLOSED,
          FRAME_SIZE_ERROR,
          COMPRESSION_ERROR,
          INADEQUATE_SECURITY ->
          ResetCode.PROTOCOL_ERROR;
    };
  }

  /** How such a frame is counted. */
  static WireEvent toCount(EndFrame frame) {
    return switch (frame) {
      case RESET_SENT -> WireEvent.STREAM_RESET_SENT;
      case RESET_RECEIVED -> WireEvent.STREAM_RESET_RECEIVED;
      case GO_AWAY_SENT -> WireEvent.GO_AWAY_SENT;
      case GO_AWAY_RECEIVED -> WireEvent.GO_AWAY_RECEIVED;
    };
  }
}
