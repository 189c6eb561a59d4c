package dev.sluice.tls;

/** One end of a connection in tests: ours or the JDK's, driven by hand over arrays. */
interface TlsPeer {
  /** Takes bytes from the other end, cut as the test likes. */
  void feed(byte[] wire);

  /** What is to be sent to the other end; empty if nothing. */
  byte[] drain();

  /** Application data to send. */
  void write(byte[] plain);

  /** All application data received so far. */
  byte[] received();

  /** Whether the handshake is done. */
  boolean open();

  /** Sends close_notify. */
  void close();

  /** Whether the other end's close_notify has come. */
  boolean peerClosed();

  /** The negotiated protocol, empty if none. */
  String protocol();

  /** What went wrong, empty if nothing. */
  String problem();
}
