package dev.sluice.mux.h2.protocol;

/** A frame that ends a stream before its time, or a connection for new streams; for counters. */
public enum EndFrame {
  /** RST_STREAM was written. */
  RESET_SENT,
  /** RST_STREAM has come, whether or not its stream is still there. */
  RESET_RECEIVED,
  /** GOAWAY was written. */
  GO_AWAY_SENT,
  /** GOAWAY has come. */
  GO_AWAY_RECEIVED
}
