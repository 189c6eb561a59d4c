package dev.sluice.core.connection;

/** The rows of the state table: what can happen to a connection. */
enum LifeEvent {
  CONNECTED("TCP stands"),
  REFUSED("connect fails"),
  DEADLINE("deadline passes"),
  PEER_BYTES("bytes come"),
  STEP_RETURNS("lent step returns"),
  HANDSHAKE_DONE("handshake done"),
  HANDSHAKE_FAILS("handshake fails"),
  NO_MUX("no mux can be installed"),
  PEER_ENDS("peer's FIN"),
  PEER_RESETS("peer's RST"),
  OWNER_LEAVES("owner leaves"),
  OWNER_REPLACED("owner waits for another"),
  CLOSE_NOW("engine closes"),
  DRAIN("engine drains"),
  ATTACH("stream arrives"),
  STREAMS_END("last stream ends"),
  HANDLER_THROWS("handler throws");

  private final String row;

  LifeEvent(String row) {
    this.row = row;
  }

  /** How late-mux.md calls it. */
  String row() {
    return row;
  }
}
