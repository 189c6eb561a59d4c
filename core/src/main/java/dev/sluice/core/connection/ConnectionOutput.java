package dev.sluice.core.connection;

import dev.sluice.core.buffer.BufferWaiter;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.TurnTask;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.transport.Transport;
import java.nio.ByteBuffer;

/**
 * The output half of a connection: what the mux writes goes into the transport's bounded output and
 * is flushed once a turn; a mux that was refused is told when there is room. Confined to its loop.
 *
 * <p>Room is told of once half of the output is free: a few bytes would only be refused again by a
 * mux whose frames have headers, in every turn.
 */
final class ConnectionOutput {
  private final Connection connection;
  private final EventLoop loop;
  private final Transport transport;
  private final ConnectionClosing closing;
  private final int roomWorthTelling;
  private final FlushTask flushTask = new FlushTask();
  private final RoomWaiter roomWaiter = new RoomWaiter();

  /** A write took less than it was given, or the mux has asked. */
  private boolean wantsWritable;

  ConnectionOutput(
      Connection connection, EventLoop loop, Transport transport, ConnectionClosing closing) {
    this.connection = connection;
    this.loop = loop;
    this.transport = transport;
    this.closing = closing;
    this.roomWorthTelling = connection.limits().outputBytesMax() / 2;
  }

  int write(ByteBuffer bytes) {
    if (!connection.takesInput()) {
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
        loop.directBuffers().await(roomWaiter);
      }
    }
    flushLater();
    return taken;
  }

  boolean writeReserved(ByteBuffer bytes) {
    if (!connection.takesInput()) {
      return false;
    }
    flushLater();
    return transport.writeReserved(bytes);
  }

  void wantWritable() {
    wantsWritable = true;
    flushLater();
  }

  void flushLater() {
    loop.flushLater(flushTask);
  }

  /** Sends what was taken; from the dispatch, or from the flush list. */
  void flush(boolean dispatching) {
    if (!connection.state().hasMux()) {
      return;
    }
    boolean done = transport.flush();
    if (transport.failure() != null) {
      connection.transportFailed();
      return;
    }
    if (closing.underWay()) {
      closing.onFlushed(done);
    }
    if (wantsWritable && hasRoom() && !roomWaiter.waiting()) {
      if (dispatching) {
        tellWritable();
      } else {
        connection.tellWritableSoon();
      }
    }
    connection.updateInterest();
  }

  void tellWritable() {
    Mux m = connection.mux;
    if (wantsWritable && m != null && connection.takesInput()) {
      wantsWritable = false;
      m.onWritable();
    }
  }

  private boolean hasRoom() {
    return transport.writableBytes() >= roomWorthTelling;
  }

  void release() {
    if (roomWaiter.waiting()) {
      loop.directBuffers().cancel(roomWaiter);
    }
  }

  private final class FlushTask extends TurnTask {
    @Override
    protected void runTurn() {
      flush(false);
    }

    @Override
    protected void onTurnFailure(Throwable problem) {
      connection.onHandlerFailure(problem);
    }
  }

  private final class RoomWaiter extends BufferWaiter {
    @Override
    protected void onBufferAvailable() {
      flushLater();
    }
  }
}
