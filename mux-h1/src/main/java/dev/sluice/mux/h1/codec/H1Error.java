package dev.sluice.mux.h1.codec;

/**
 * What is wrong with a message. In a request it has the status that tells the client so; whatever
 * is wrong with a response makes it a bad one (502).
 */
public enum H1Error {
  /** Nothing is wrong. */
  NONE(0, "no error"),
  /** A request line that is not method, space, target, space, version (RFC 9112 3). */
  BAD_REQUEST_LINE(400, "malformed request line"),
  /** More empty lines before a request line than are put up with (RFC 9112 2.2). */
  TOO_MANY_EMPTY_LINES(400, "too many empty lines before the request"),
  /** A method longer than any sensible one (RFC 9112 3). */
  METHOD_TOO_LONG(501, "method too long"),
  /** A target that is of none of the four forms (RFC 9112 3.2). */
  BAD_TARGET(400, "malformed request target"),
  /** A request line longer than a head may be (RFC 9112 3). */
  TARGET_TOO_LONG(414, "request line too long"),
  /** A status line that is not version, space, three digits, space, reason (RFC 9112 4). */
  BAD_STATUS_LINE(502, "malformed status line"),
  /** A protocol name or version that is none (RFC 9112 2.3). */
  BAD_VERSION(400, "malformed protocol version"),
  /** A major version that isn't spoken here (RFC 9110 15.6.6). */
  VERSION_NOT_SUPPORTED(505, "protocol version not supported"),
  /** A line that ends with LF alone (RFC 9112 2.2 lets a recipient take it; we don't). */
  BARE_LF(400, "line ends with LF alone"),
  /** A CR that no LF follows (RFC 9112 2.2). */
  BARE_CR(400, "CR without LF"),
  /** A line that begins with white space: folded (RFC 9112 5.2), or before all fields (2.2). */
  FOLDED_LINE(400, "line begins with white space"),
  /** A field name that is no token, or has white space before its colon (RFC 9112 5.1). */
  BAD_FIELD_NAME(400, "malformed field name"),
  /** A control character in a field value (RFC 9110 5.5). */
  BAD_FIELD_VALUE(400, "malformed field value"),
  /** More field lines than allowed (RFC 6585 5). */
  TOO_MANY_FIELDS(431, "too many fields"),
  /** A head longer than allowed (RFC 6585 5). */
  HEAD_TOO_LARGE(431, "head too large"),
  /** HTTP/1.1 without Host (RFC 9112 3.2). */
  MISSING_HOST(400, "Host is missing"),
  /** Several Host lines, or one that is no host with an optional port (RFC 9112 3.2). */
  BAD_HOST(400, "malformed Host"),
  /** More options in Connection than are read. */
  TOO_MANY_CONNECTION_OPTIONS(400, "too many options in Connection"),
  /** A length that is none, or two that differ (RFC 9112 6.3). */
  BAD_CONTENT_LENGTH(400, "malformed Content-Length"),
  /** A length and a coding at once (RFC 9112 6.1, 6.3). */
  LENGTH_AND_CODING(400, "both Content-Length and Transfer-Encoding"),
  /** An empty list of codings, empty members, chunked twice or not last (RFC 9112 6.1, 6.3). */
  BAD_TRANSFER_ENCODING(400, "malformed Transfer-Encoding"),
  /** A coding other than chunked (RFC 9112 6.1). */
  UNKNOWN_CODING(501, "transfer coding not supported"),
  /** A coding in an HTTP/1.0 message (RFC 9112 6.1). */
  CODING_IN_HTTP_1_0(400, "Transfer-Encoding in HTTP/1.0"),
  /** Content where the method has none that servers agree on. */
  CONTENT_NOT_ALLOWED(413, "content not allowed with this method"),
  /** 101 that nobody asked for, or that names no protocol (RFC 9110 15.2.2). */
  UNASKED_UPGRADE(502, "unexpected 101"),
  /** A chunk size that is no hexadecimal number, or junk behind it (RFC 9112 7.1). */
  BAD_CHUNK_SIZE(400, "malformed chunk size"),
  /** A chunk size of more than 63 bits (RFC 9112 7.1). */
  CHUNK_TOO_LARGE(413, "chunk size too large"),
  /** Chunk extensions longer than allowed for a message, or malformed (RFC 9112 7.1.1). */
  BAD_CHUNK_EXTENSION(400, "chunk extensions too long or malformed"),
  /** Something else than CRLF after the bytes of a chunk (RFC 9112 7.1). */
  BAD_CHUNK_END(400, "chunk data not followed by CRLF"),
  /** The peer ended before its message did (RFC 9112 8). */
  INCOMPLETE(400, "message incomplete");

  private final int status;
  private final String detail;

  H1Error(int status, String detail) {
    this.status = status;
    this.detail = detail;
  }

  /** The status that answers a request with this fault. */
  public int status() {
    return status;
  }

  /** What is wrong, in a few words; a constant. */
  public String detail() {
    return detail;
  }
}
