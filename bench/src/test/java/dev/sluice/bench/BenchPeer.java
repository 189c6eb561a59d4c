package dev.sluice.bench;

/** A client or an origin of one protocol that does as little as it can, above a wire. */
interface BenchPeer {
  /** Plain bytes may be sent. */
  void onReady(BenchWire wire);

  /** Plain bytes are here, lent for the call. */
  void onBytes(BenchWire wire, byte[] bytes, int length);

  /** A client that counts what it gets. */
  interface Client extends BenchPeer {
    /** Sends one request; once the connection is ready. */
    void request();

    boolean ready();

    /** Responses that have come as a whole. */
    long responses();
  }
}
