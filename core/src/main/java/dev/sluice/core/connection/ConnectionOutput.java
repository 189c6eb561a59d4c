package dev.sluice.core.connection;

import dev.sluice.core.buffer.BufferWaiter;
import dev.sluice.core.loop.TurnTask;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.Side;
import dev.sluice.core.transport.Transport;
import java.nio.ByteBuffer;

/**
 * The output half of a connection: what the mux writes goes to the transport, and to the socket
 * once a turn, or earlier if it does not fit. The flush task of the connection. Confined to its
 * loop.
 */
final class ConnectionOutput extends TurnTask {
  private final Connection connection;
  private final Transport transport;
  private final int roomWorthTelling;
  private final RoomWaiter roomWaiter = new RoomWaiter();

  /** A write took less than it was given, or the mux has asked. */
  private boolean wantsWritable;

  /** Nothing can be sent any more, and the connection is on its way to its end. */
  private boolean broken;

  ConnectionOutput(Connection connection, Transport transport) {
    this.connection = connection;
    this.transport = transport;
    this.roomWorthTelling = connection.limits().outputBytesMax() / 2;
  }

  int write(ByteBuffer bytes) {
    if (broken || !connection.takesInput()) {
      return 0;
    }
    int taken = transport.write(bytes);
    if (bytes.hasRemaining()) {
      // Full before the end of the turn: what is already here may as well go now.
      transport.flush();
      taken += transport.write(bytes);
    }
    if (bytes.hasRemaining()) {
      wantsWritable = true;
      if (hasRoom() && !roomWaiter.waiting()) {
        // It is the pool that has nothing left: no socket will tell when it has.
        connection.loop().directBuffers().await(roomWaiter);
      }
    }
    flushLater();
    return taken;
  }

  boolean writeReserved(ByteBuffer bytes) {
    if (!connection.takesInput()) {
      return false;
    }
    if (broken) {
      // The mux must not take a lost end for one of its own faults.
      bytes.position(bytes.limit());
      return true;
    }
    flushLater();
    return transport.writeReserved(bytes);
  }

  int writableBytes() {
    return !broken && connection.takesInput() ? transport.writableBytes() : 0;
  }

  void wantWritable() {
    wantsWritable = true;
    flushLater();
  }

  void end() {
    if (connection.takesInput()) {
      transport.endOutput();
      flushLater();
    }
  }

  /** Has {@link #flush} called at the end of the turn. */
  void flushLater() {
    connection.loop().flushLater(this);
  }

  /**
   * Sends what was taken.
   *
   * @param dispatching whether this is the dispatch, from which the mux may be called
   */
  void flush(boolean dispatching) {
    if (broken || !connection.state().hasMux()) {
      return;
    }
    boolean done = transport.flush();
    if (transport.failure() != null) {
      broken = true;
      fail();
      return;
    }
    connection.closing().onFlushed(done);
    if (wantsWritable && hasRoom() && !roomWaiter.waiting()) {
      if (dispatching) {
        tellWritable();
      } else {
        connection.pending().add(PendingWork.WRITABLE);
      }
    }
    connection.updateInterest();
  }

  /**
   * Nothing can be sent any more. A server that refuses a request answers it before it resets the
   * connection under what is still being sent (RFC 9112 9.6), so its answer is read first.
   */
  private void fail() {
    if (connection.side() == Side.BACK && connection.takesInput()) {
      connection.pending().add(PendingWork.LAST_INPUT);
    } else {
      connection.input().failed();
    }
  }

  /** Whether nothing of this loop is held, and nothing is to be sent. */
  boolean movable() {
    return !broken && !queued() && !roomWaiter.waiting() && !transport.hasPendingOutput();
  }

  /** Whether something waits for the socket to become writable. */
  boolean waits() {
    return !broken && transport.hasPendingOutput();
  }

  /** Tells the mux that there is room, if it wants to know. From the dispatch only. */
  void tellWritable() {
    Mux mux = connection.mux;
    if (wantsWritable && mux != null && connection.takesInput()) {
      wantsWritable = false;
      mux.onWritable();
    }
  }

  private boolean hasRoom() {
    return transport.writableBytes() >= roomWorthTelling;
  }

  void release() {
    if (roomWaiter.waiting()) {
      connection.loop().directBuffers().cancel(roomWaiter);
    }
  }

  @Override
  protected void runTurn() {
    flush(false);
  }

  @Override
  protected void onTurnFailure(Throwable problem) {
    connection.onHandlerFailure(problem);
  }

  private final class RoomWaiter extends BufferWaiter {
    @Override
    protected void onBufferAvailable() {
      flushLater();
    }
  }
}
