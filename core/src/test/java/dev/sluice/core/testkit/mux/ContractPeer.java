package dev.sluice.core.testkit.mux;

/**
 * The peer of a mux whose contract is being checked: speaks the mux's protocol. Implemented by
 * whoever has the mux. The kit numbers streams from 1 in the order in which they begin; a protocol
 * of one stream after the other may ignore the numbers.
 */
public interface ContractPeer {
  /** Where a peer puts what it says. */
  interface Wire {
    /** Bytes. */
    void bytes(byte[] bytes);

    /** The end of the peer's direction. */
    void end();
  }

  /** What comes before the first stream. */
  void begin(Wire wire);

  /**
   * Begins a message: to a mux at the front a request, to one at the back the response of the
   * stream. Content follows, unless it ends here. What is said must suffice for the mux to tell the
   * head; a protocol whose head can't be told from its content has none in the sense of the kit,
   * and this says nothing.
   */
  void head(Wire wire, int stream, boolean end);

  /** Content; with the last of it the message may end. */
  void content(Wire wire, int stream, byte[] content, boolean end);

  /** Ends a message whose content has been sent. */
  void end(Wire wire, int stream);

  /**
   * Cuts a stream.
   *
   * @return false if the protocol has no means to do so but to close the connection
   */
  boolean reset(Wire wire, int stream);

  /**
   * What the mux has written, however cut. A peer whose protocol wants an answer to some of it
   * gives it through the wire that it was given at the beginning.
   */
  void read(byte[] bytes);

  /** The content of a stream that the mux has sent so far. */
  byte[] contentOf(int stream);

  /**
   * Whether the mux has ended its message on a stream.
   *
   * @param outputEnded whether the mux has ended its whole direction
   */
  boolean ended(int stream, boolean outputEnded);
}
