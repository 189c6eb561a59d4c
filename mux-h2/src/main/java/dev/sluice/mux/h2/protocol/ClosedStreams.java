package dev.sluice.mux.h2.protocol;

import java.util.Arrays;

/**
 * How the latest streams of one initiator were closed, so that late frames can be told from faults
 * (RFC 9113 5.1). A ring of one byte for each of the last {@link #REMEMBERED} stream numbers.
 *
 * <p>Confined to its connection.
 */
final class ClosedStreams {
  /** How many stream numbers are remembered. */
  static final int REMEMBERED = 1024;

  /** What is known of a stream that isn't in the table. */
  enum Memory {
    /** Its number was passed over; it can never be used (RFC 9113 5.1.1). */
    NEVER_USED,
    /** Both directions were ended. */
    ENDED,
    /** We reset it. */
    RESET_LOCAL,
    /** The peer reset it. */
    RESET_REMOTE,
    /** Too long ago. */
    FORGOTTEN
  }

  private static final Memory[] MEMORIES = Memory.values();

  private final byte[] ring = new byte[REMEMBERED];

  /** The highest number used, as a count of streams: (id + 1) / 2; 0 before the first. */
  private int highest;

  /** A new stream begins; numbers that were passed over are now never to be used. */
  void used(int streamId) {
    int place = place(streamId);
    assert place > highest;
    if (place - highest >= REMEMBERED) {
      Arrays.fill(ring, (byte) Memory.NEVER_USED.ordinal());
    } else {
      for (int skipped = highest + 1; skipped <= place; skipped++) {
        ring[skipped & (REMEMBERED - 1)] = (byte) Memory.NEVER_USED.ordinal();
      }
    }
    highest = place;
  }

  /** A stream leaves the table in this state. */
  void closed(int streamId, StreamState state) {
    int place = place(streamId);
    if (highest - place >= REMEMBERED) {
      return;
    }
    Memory memory =
        switch (state) {
          case ENDED -> Memory.ENDED;
          case RESET_REMOTE -> Memory.RESET_REMOTE;
          default -> Memory.RESET_LOCAL;
        };
    ring[place & (REMEMBERED - 1)] = (byte) memory.ordinal();
  }

  /** What is known of a stream with a number up to the highest one that is not in the table. */
  Memory of(int streamId) {
    int place = place(streamId);
    assert place <= highest;
    return highest - place >= REMEMBERED
        ? Memory.FORGOTTEN
        : MEMORIES[ring[place & (REMEMBERED - 1)]];
  }

  private static int place(int streamId) {
    return (streamId + 1) >>> 1;
  }
}
