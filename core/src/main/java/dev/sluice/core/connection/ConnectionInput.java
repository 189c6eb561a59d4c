package dev.sluice.core.connection;

import dev.sluice.core.buffer.BufferWaiter;
import dev.sluice.core.buffer.IoBuffer;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.transport.Transport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The input half of a connection: one pooled heap buffer between the transport and the mux, held
 * only while there are bytes in it. Confined to its loop.
 *
 * <p>Bytes that the mux leaves stay here, and reading goes on until the buffer is full, so that an
 * end or a reset behind them is seen; only then is the interest in reading withdrawn.
 */
final class ConnectionInput {
  /** Reads in one dispatch; a source that has more is continued in the next turn. */
  private static final int READS_PER_DISPATCH_MAX = 8;

  private final Connection connection;
  private @Nullable IoBuffer buffer;

  /** Valid bytes are from start to end of the buffer; both are 0 without one. */
  private int start;

  private int end;

  /** Something has come since the mux was last asked, or it wants to be asked again. */
  private boolean fresh;

  /**
   * The socket may hold bytes that are to be read without waiting for its readiness: the last read
   * was stopped by our own bounds, not by the end of what was there.
   */
  private boolean unread = true;

  private Ending ending = Ending.OPEN;
  private boolean full;
  private @Nullable BufferWaiter waiter;

  /** How far the end of the peer's direction is. */
  private enum Ending {
    OPEN,
    SEEN,
    DELIVERED
  }

  ConnectionInput(Connection connection) {
    this.connection = connection;
  }

  /** Whether nothing of this loop is held, and nothing is here to be told. */
  boolean movable() {
    return buffer == null && waiter == null && !fresh && ending == Ending.OPEN;
  }

  /** Whether the socket should be watched for reading. */
  boolean wantsRead() {
    return ending == Ending.OPEN && !full && waiter == null;
  }

  /** The mux asks to be asked again. */
  void refresh() {
    fresh = true;
  }

  /**
   * Offers and reads until nothing moves any more. From the dispatch only.
   *
   * @param ready whether the socket is said to be readable; if it isn't, it is only asked if the
   *     last read may have left something there. The poller tells of what comes later.
   */
  void run(boolean ready) {
    for (int reads = 0; offer(); reads++) {
      if (ending != Ending.OPEN
          || !(ready || unread || connection.transport().hasBufferedInput())) {
        break;
      }
      if (reads == READS_PER_DISPATCH_MAX) {
        unread = true;
        connection.pending().add(PendingWork.INPUT);
        break;
      }
      if (!read()) {
        break;
      }
    }
    settle();
  }

  /**
   * Offers what is here to the mux.
   *
   * @return whether the connection still takes input
   */
  private boolean offer() {
    // A mux that asks to resume within the call is asked again, but only as long as it makes
    // progress: a turn does bounded work.
    for (boolean again = true; again && fresh && connection.takesInput(); ) {
      fresh = false;
      Mux mux = connection.mux;
      assert mux != null;
      IoBuffer held = buffer;
      boolean ended = ending != Ending.OPEN;
      if (held == null) {
        mux.onInput(Connection.EMPTY, ended);
        again = false;
      } else {
        ByteBuffer bytes = held.bytes();
        bytes.limit(end).position(start);
        mux.onInput(bytes, ended);
        again = bytes.position() > start;
        start = bytes.position();
        if (again) {
          full = false;
        }
        if (buffer == null) {
          return false;
        }
      }
    }
    if (fresh) {
      connection.pending().add(PendingWork.INPUT);
    }
    if (ending == Ending.SEEN && start == end && connection.takesInput()) {
      ending = Ending.DELIVERED;
      Mux mux = connection.mux;
      assert mux != null;
      mux.onInputEnd();
    }
    return connection.takesInput();
  }

  /**
   * Output is broken: reads and offers what the socket still has, and then has the connection die.
   * From the dispatch only.
   */
  void runLast() {
    for (int reads = 0; reads < READS_PER_DISPATCH_MAX; reads++) {
      int count = offer() && ending == Ending.OPEN ? fill() : 0;
      if (count == Transport.END) {
        offer();
      }
      if (count <= 0) {
        failed();
        return;
      }
    }
    connection.pending().add(PendingWork.LAST_INPUT);
  }

  /**
   * Reads once, and offers.
   *
   * @return whether it makes sense to go on
   */
  private boolean read() {
    int count = fill();
    if (count > 0) {
      // Less than asked for means that the socket is empty: a further read would only say so.
      return offerThenMore(unread || connection.transport().hasBufferedInput());
    }
    if (count == Transport.END) {
      offer();
    }
    return false;
  }

  /** Reads once: the count, 0 if there is nothing or no room, or what the transport says. */
  private int fill() {
    IoBuffer target = makeRoom(connection.transport().readRoomMin());
    if (target == null) {
      unread = true;
      return 0;
    }
    ByteBuffer bytes = target.bytes();
    bytes.limit(bytes.capacity()).position(end);
    int count = connection.transport().read(bytes);
    unread = count > 0 && !bytes.hasRemaining();
    if (count > 0) {
      end += count;
      fresh = true;
      connection.countRead(count);
    } else if (count == Transport.END) {
      ending = Ending.SEEN;
      // What the mux left before may be all that it gets, so it must look at it again.
      fresh |= start < end;
    } else if (count == Transport.FAILED) {
      failed();
    } else if (count == Transport.NO_BUFFER) {
      awaitBuffer();
      return 0;
    }
    return count;
  }

  private boolean offerThenMore(boolean more) {
    if (more) {
      return true;
    }
    offer();
    return false;
  }

  /** A buffer with room for a read, or null if the mux has to consume first. */
  private @Nullable IoBuffer makeRoom(int roomMin) {
    IoBuffer held = buffer;
    if (held == null) {
      held = connection.heapBuffers().acquire();
      if (held == null) {
        awaitBuffer();
        return null;
      }
      buffer = held;
      start = 0;
      end = 0;
      return held;
    }
    ByteBuffer bytes = held.bytes();
    if (start == end) {
      start = 0;
      end = 0;
    } else if (start > 0 && bytes.capacity() - end < Math.max(roomMin, bytes.capacity() / 4)) {
      bytes.limit(end).position(start);
      bytes.compact();
      end -= start;
      start = 0;
    }
    if (bytes.capacity() - end < roomMin) {
      full = true;
      return null;
    }
    return held;
  }

  private void awaitBuffer() {
    BufferWaiter line =
        new BufferWaiter() {
          @Override
          protected void onBufferAvailable() {
            waiter = null;
            connection.pending().add(PendingWork.INPUT);
          }
        };
    waiter = line;
    connection.heapBuffers().await(line);
  }

  /** Gives the buffer back if it is empty; sets the interest. */
  private void settle() {
    if (buffer != null && start == end) {
      releaseBuffer();
    }
    connection.updateInterest();
  }

  /** The transport or its socket broke while reading or writing. */
  void failed() {
    Failure cause = connection.transport().failure();
    connection.dieLater(
        ResetCode.CONNECTION_RESET, cause != null ? cause : Failure.of(CloseCause.INTERNAL_ERROR));
  }

  /** Reads first bytes for recognition; what was read stays. */
  @Nullable ByteBuffer peek() {
    if (ending == Ending.OPEN) {
      IoBuffer target = makeRoom(connection.transport().readRoomMin());
      if (target != null) {
        ByteBuffer bytes = target.bytes();
        bytes.limit(bytes.capacity()).position(end);
        int count = connection.transport().read(bytes);
        unread = count > 0 && !bytes.hasRemaining();
        if (count > 0) {
          end += count;
          connection.countRead(count);
        } else if (count == Transport.END) {
          ending = Ending.SEEN;
        } else if (count == Transport.FAILED) {
          failed();
          return null;
        }
      }
    }
    fresh = true;
    if (buffer == null) {
      return Connection.EMPTY;
    }
    ByteBuffer bytes = buffer.bytes();
    bytes.limit(end).position(start);
    return bytes;
  }

  /** Whether the peer has ended its direction. */
  boolean ended() {
    return ending != Ending.OPEN;
  }

  /** Whether no further byte fits. */
  boolean isFull() {
    return full;
  }

  /**
   * Reads and drops, while the connection lingers.
   *
   * @param bytesMax how many bytes to drop at most in this call
   * @return the number of bytes dropped, or -1 if the peer has ended or the transport is broken
   */
  int discard(int bytesMax) {
    if (ending != Ending.OPEN) {
      return -1;
    }
    int dropped = 0;
    while (dropped < bytesMax) {
      start = end;
      IoBuffer target = makeRoom(connection.transport().readRoomMin());
      if (target == null) {
        break;
      }
      ByteBuffer bytes = target.bytes();
      bytes.clear();
      int count = connection.transport().read(bytes);
      if (count <= 0) {
        if (count == Transport.END) {
          ending = Ending.SEEN;
        }
        releaseBuffer();
        return count < 0 && count != Transport.NO_BUFFER ? -1 : dropped;
      }
      dropped += count;
    }
    releaseBuffer();
    return dropped;
  }

  /** Drops everything. */
  void release() {
    if (waiter != null) {
      connection.heapBuffers().cancel(waiter);
      waiter = null;
    }
    releaseBuffer();
    fresh = false;
  }

  private void releaseBuffer() {
    IoBuffer held = buffer;
    if (held != null) {
      buffer = null;
      start = 0;
      end = 0;
      full = false;
      held.release();
    }
  }
}
