package dev.sluice.bench.tls;

import java.nio.ByteBuffer;

/**
 * One end of a connection in memory, by whichever implementation. Confined to its thread. A failure
 * of any kind is an exception: nothing may fail here.
 */
interface TlsEnd {
  /**
   * Takes what is there of the peer's flight, and appends what there is to send. Both are heap
   * buffers, the first one is read from its position, the second written at its own.
   */
  void handshake(ByteBuffer in, ByteBuffer out);

  /** Whether the handshake is done. */
  boolean done();

  /** Seals all of the content as one record. */
  void seal(ByteBuffer content, ByteBuffer wire);

  /** Opens one record. */
  void open(ByteBuffer wire, ByteBuffer plain);

  /** Frees what no collector frees. */
  default void release() {}
}
