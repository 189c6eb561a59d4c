package dev.sluice.core.observe;

/**
 * Why a connection, an attempt or an exchange ended. One value for every distinct thing that an
 * operator would want to tell apart; the HTTP status that a client sees for it is kept here, so
 * that it is decided in one place.
 *
 * <p>Immutable; any thread.
 */
public enum CloseCause {
  /** Nothing went wrong: the exchange or the connection was finished. */
  COMPLETE(0, Origin.NOBODY),

  /** The TCP connect was refused. */
  CONNECT_REFUSED(502, Origin.SERVER),
  /** The TCP connect failed for another reason: no route, no local port, an invalid address. */
  CONNECT_FAILED(502, Origin.SERVER),
  /** The TCP connect was not complete by its deadline. */
  CONNECT_TIMEOUT(504, Origin.SERVER),

  /** The handshake failed: an alert, a bad certificate, junk in place of a handshake. */
  HANDSHAKE_FAILED(502, Origin.SERVER),
  /** The peer closed or reset the connection before the handshake was complete. */
  HANDSHAKE_CLOSED(502, Origin.SERVER),
  /** The handshake was not complete by its deadline. */
  HANDSHAKE_TIMEOUT(504, Origin.SERVER),
  /** The first bytes on a TLS port are plain HTTP. */
  PLAIN_HTTP_TO_TLS(400, Origin.CLIENT),
  /** What came ahead of everything else is no valid PROXY header. */
  BAD_PROXY_HEADER(0, Origin.CLIENT),

  /** No application protocol that both sides speak (RFC 7301 3.2, alert 120 included). */
  NO_COMMON_PROTOCOL(502, Origin.SERVER),
  /** The peer chose an application protocol that was not offered (RFC 7301 3.2). */
  PROTOCOL_NOT_OFFERED(502, Origin.SERVER),
  /** The peers agreed on a protocol for which no mux is registered. */
  NO_MUX(502, Origin.PROXY),
  /** The mux provider failed to create its mux. */
  MUX_OPEN_FAILED(502, Origin.PROXY),
  /** The new mux refused the stream that its connection was made for. */
  ATTACH_REFUSED(502, Origin.PROXY),

  /** The server closed the connection before the first byte of a response. */
  EMPTY_RESPONSE(502, Origin.SERVER),
  /** The server answered with something that is not a valid message. */
  BAD_RESPONSE(502, Origin.SERVER),
  /** The response is valid, and larger than a limit allows. */
  RESPONSE_TOO_LARGE(502, Origin.SERVER),
  /** The server sent more informational responses than a limit allows, and no final one. */
  TOO_MANY_INFORMATIONAL(502, Origin.SERVER),
  /** The server said nothing for as long as the server timeout allows. */
  SERVER_TIMEOUT(504, Origin.SERVER),
  /** The server closed or reset the connection in the middle of a message. */
  SERVER_ABORT(502, Origin.SERVER),
  /** The server refused the stream without having looked at it (REFUSED_STREAM, GOAWAY). */
  SERVER_REFUSED(502, Origin.SERVER),

  /** The waiting line of the server is full. */
  QUEUE_FULL(503, Origin.PROXY),
  /** The request waited longer than the queue timeout. */
  QUEUE_TIMEOUT(503, Origin.PROXY),
  /** No server of the backend is usable, or no route leads anywhere. */
  NO_SERVER(503, Origin.PROXY),
  /** The engine is draining and takes nothing new. */
  DRAINING(503, Origin.PROXY),
  /** A limit of the engine's own is reached: buffers, descriptors, connections. */
  RESOURCE_LIMIT(503, Origin.PROXY),

  /** The client did not finish its request in time. */
  CLIENT_TIMEOUT(408, Origin.CLIENT),
  /** The client sent something that is not a valid request. */
  BAD_REQUEST(400, Origin.CLIENT),
  /** The client closed or reset the connection, or cancelled its stream. */
  CLIENT_ABORT(0, Origin.CLIENT),
  /** An idle connection was closed by the peer. */
  IDLE_CLOSED(0, Origin.NOBODY),
  /** An idle connection reached its idle limit. */
  IDLE_TIMEOUT(0, Origin.PROXY),
  /** A tunnel was silent for longer than the tunnel timeout. */
  TUNNEL_TIMEOUT(0, Origin.PROXY),

  /** The connection ended without the closing handshake of its transport: data may be missing. */
  TRUNCATED(502, Origin.SERVER),
  /** The user's router failed or did not answer in time. */
  ROUTER_FAILED(500, Origin.PROXY),
  /** A filter of the user's failed or did not go on in time. */
  FILTER_FAILED(500, Origin.PROXY),
  /** A handler threw; the connection concerned is given up. */
  INTERNAL_ERROR(500, Origin.PROXY),
  /** The engine was stopped. */
  SHUTDOWN(503, Origin.PROXY);

  /** Who is behind a cause. */
  public enum Origin {
    /** The client side of the exchange. */
    CLIENT,
    /** The server side of the exchange. */
    SERVER,
    /** The engine itself. */
    PROXY,
    /** A regular end. */
    NOBODY
  }

  private static final CloseCause[] VALUES = values();

  private final int status;
  private final Origin origin;

  CloseCause(int status, Origin origin) {
    this.status = status;
    this.origin = origin;
  }

  /** The number of causes, for tables of counters. */
  public static int count() {
    return VALUES.length;
  }

  /** The cause with that ordinal; allocates nothing. */
  public static CloseCause of(int ordinal) {
    return VALUES[ordinal];
  }

  /** The HTTP status that tells a client of this cause, or 0 where no answer is possible. */
  public int status() {
    return status;
  }

  /** Who is behind it, as far as the cause alone can tell. */
  public Origin origin() {
    return origin;
  }
}
