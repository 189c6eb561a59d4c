package dev.sluice.mux.h2.protocol;

/** What is wrong with a field section that was decoded. */
enum HeadFault {
  /** Nothing. */
  NONE,
  /** Malformed (RFC 9113 8.1.1): a stream error of type PROTOCOL_ERROR. */
  MALFORMED,
  /** Well-formed, and still no request that can be served: the client gets 400. */
  BAD_REQUEST,
  /** Larger than our limits: the client gets 431. */
  TOO_LARGE
}
