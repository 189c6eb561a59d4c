package dev.sluice.core.loop;

import dev.sluice.core.buffer.BufferQueue;
import dev.sluice.core.time.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that sends back what it gets, with back-pressure, half-close and an idle timeout.
 */
public final class EchoConnection extends Timer implements IoHandler {
  private final EventLoop loop;
  private final long idleTimeoutNanos;
  private final BufferQueue output;
  private final TurnTask flush = new Flush();
  private @Nullable TcpSocket socket;
  private boolean inputEnded;
  private @Nullable Throwable failure;

  /** Creates a connection that has no socket yet. */
  public EchoConnection(EventLoop loop, long idleTimeoutNanos) {
    this.loop = loop;
    this.idleTimeoutNanos = idleTimeoutNanos;
    this.output = new BufferQueue(loop.directBuffers(), 65_536, 0);
  }

  /** Has a connection made on this loop for each accepted socket. */
  public static AcceptHandler acceptOn(EventLoop loop, long idleTimeoutNanos) {
    return new AcceptHandler() {
      @Override
      public void onAccepted(LooseSocket accepted) {
        loop.execute(() -> new EchoConnection(loop, idleTimeoutNanos).start(accepted));
      }

      @Override
      public void onAcceptFailure(Throwable failure) {}
    };
  }

  /** Takes over an accepted socket. */
  public void start(LooseSocket accepted) {
    try {
      socket = loop.poller().adopt(accepted, this);
      socket.interest(Interest.READ);
      loop.schedule(this, idleTimeoutNanos);
    } catch (IOException e) {
      failure = e;
    }
  }

  /** Returns why the connection ended, null if it ended well. */
  public @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void onReady(int readyOps) {
    loop.schedule(this, idleTimeoutNanos);
    try {
      if ((readyOps & Interest.READ) != 0) {
        read();
      }
      if ((readyOps & Interest.WRITE) != 0) {
        write();
      }
    } catch (IOException e) {
      close(e);
    }
  }

  @Override
  public void onHandlerFailure(Throwable failure) {
    close(failure);
  }

  @Override
  protected void onTimer(long nowNanos) {
    close(new IOException("idle"));
  }

  private void read() throws IOException {
    TcpSocket present = socket;
    if (present == null || inputEnded) {
      return;
    }
    ByteBuffer scratch = loop.readScratch();
    scratch.limit(Math.min(scratch.capacity(), output.room()));
    if (!scratch.hasRemaining()) {
      present.interest(Interest.WRITE);
      return;
    }
    int n = present.read(scratch);
    if (n < 0) {
      inputEnded = true;
    } else {
      int taken = output.put(scratch.flip());
      assert taken == n : "the queue took less than it had room for";
    }
    loop.flushLater(flush);
  }

  private void write() throws IOException {
    TcpSocket present = socket;
    if (present == null) {
      return;
    }
    boolean drained = output.drainTo(present);
    if (drained && inputEnded) {
      close(null);
      return;
    }
    int reading = inputEnded || output.room() == 0 ? Interest.NONE : Interest.READ;
    present.interest(reading | (drained ? Interest.NONE : Interest.WRITE));
  }

  private void close(@Nullable Throwable cause) {
    if (socket != null) {
      failure = cause;
      loop.timers().cancel(this);
      output.clear();
      socket.close();
      socket = null;
    }
  }

  private final class Flush extends TurnTask {
    @Override
    protected void runTurn() {
      try {
        write();
      } catch (IOException e) {
        close(e);
      }
    }
  }
}
