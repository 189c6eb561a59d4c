package dev.sluice.simulation;

import dev.sluice.core.testkit.PatternBytes;

/** One exchange: what the seed has planned for it, and what came of it on either side. */
final class Exchange {
  /** How a message says where it ends. */
  enum Framing {
    LENGTH,
    CHUNKED,
    /** By the end of the connection: responses only. */
    UNTIL_CLOSE
  }

  /** What the client does wrong, or just differently. */
  enum ClientTurn {
    NONE,
    /** A RST within the request. */
    RESET_IN_REQUEST,
    /** A close behind the request, without waiting for the answer. */
    CLOSE_AFTER_REQUEST,
    /** A RST some time after the request. */
    RESET_AFTER_REQUEST,
    /** A RST when the first bytes of the answer are here. */
    RESET_IN_ANSWER,
    /** Nothing more, within the request. */
    STALL,
    /** A FIN behind the request; the answer is waited for. No fault. */
    HALF_CLOSE;

    boolean isFault() {
      return this != NONE && this != HALF_CLOSE;
    }
  }

  /** What the origin does wrong, or just differently. */
  enum ServerTurn {
    NONE,
    /** A RST for an answer. */
    RESET,
    /** A close for an answer. */
    CLOSE,
    /** A RST within the content. */
    RESET_IN_CONTENT,
    /** A close within the content. */
    CLOSE_IN_CONTENT,
    /** No answer. */
    SILENCE,
    /** Something that is no answer. */
    GARBAGE,
    /** An answer before the request is whole, and no reading any more. */
    DEAF,
    /** The answer, and "connection: close". No fault. */
    LAST_ONE;

    boolean isFault() {
      return this != NONE && this != LAST_ONE;
    }
  }

  final int id;
  final Kind kind;
  final String method;
  final int requestBytes;
  final Framing requestFraming;
  final int responseBytes;
  final Framing responseFraming;
  final long thinkNanos;
  final ClientTurn clientTurn;
  final ServerTurn serverTurn;

  /** How often the origin's turn is taken before it answers as it should. */
  int serverTurnsLeft;

  // What the client saw.
  boolean begun;
  int status;
  int received;
  boolean sound = true;
  boolean complete;
  boolean lost;
  boolean left;
  String connection = "";

  // What the origin saw.
  int arrivals;
  boolean arrivedSound = true;
  boolean troubled;

  Exchange(
      int id,
      Kind kind,
      String method,
      int requestBytes,
      Framing requestFraming,
      int responseBytes,
      Framing responseFraming,
      long thinkNanos,
      ClientTurn clientTurn,
      ServerTurn serverTurn,
      int serverTurns) {
    this.id = id;
    this.kind = kind;
    this.method = method;
    this.requestBytes = requestBytes;
    this.requestFraming = requestFraming;
    this.responseBytes = responseBytes;
    this.responseFraming = responseFraming;
    this.thinkNanos = thinkNanos;
    this.clientTurn = clientTurn;
    this.serverTurn = serverTurn;
    this.serverTurnsLeft = serverTurns;
  }

  String path() {
    return "/" + kind.token() + "/" + id;
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  boolean isIdempotent() {
    return !method.equals("POST");
  }

  byte[] requestContent() {
    return PatternBytes.of(requestSeed(), requestBytes);
  }

  byte[] responseContent() {
    return PatternBytes.of(id, responseBytes);
  }

  /** Content of the request, as the origin gets it. */
  boolean isRequestContent(int offset, byte[] piece) {
    return matches(requestSeed(), offset, piece) && offset + piece.length <= requestBytes;
  }

  /** Content of the answer, as the client gets it. */
  void onContent(byte[] piece) {
    if (status == 200) {
      sound &= matches(id, received, piece);
    }
    received += piece.length;
  }

  void onComplete() {
    complete = true;
    if (status == 200 && !isHead()) {
      sound &= received == responseBytes;
    }
  }

  boolean over() {
    return complete || lost || left;
  }

  /** Takes the origin's turn, if there is one left. */
  ServerTurn takeServerTurn() {
    if (serverTurn == ServerTurn.LAST_ONE) {
      return serverTurn;
    }
    if (serverTurnsLeft == 0) {
      return ServerTurn.NONE;
    }
    serverTurnsLeft--;
    return serverTurn;
  }

  private long requestSeed() {
    return 1_000_000L + id;
  }

  private static boolean matches(long seed, int offset, byte[] piece) {
    for (int i = 0; i < piece.length; i++) {
      if (piece[i] != PatternBytes.at(seed, offset + i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return method
        + " "
        + path()
        + " ("
        + requestBytes
        + " "
        + requestFraming
        + " / "
        + responseBytes
        + " "
        + responseFraming
        + ", client "
        + clientTurn
        + ", server "
        + serverTurn
        + "): "
        + (begun ? "" : "not begun ")
        + status
        + (complete ? " complete" : "")
        + (lost ? " lost" : "")
        + (left ? " left" : "")
        + (sound ? "" : " UNSOUND")
        + ", "
        + received
        + " bytes, arrived "
        + arrivals
        + " times, on "
        + connection;
  }
}
