package dev.sluice.core.connection;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.buffer.BufferQueue;
import dev.sluice.core.buffer.BufferWaiter;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.time.TimerWheel;
import dev.sluice.core.transport.LentStep;
import dev.sluice.core.transport.TransportHost;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is to its transport: the socket, and the loop's means. Confined to its loop.
 */
final class ConnectionTransportHost implements TransportHost {
  private final Connection connection;
  private final SocketPort port;
  private @Nullable LentHandshake lent;
  private @Nullable BufferWaiter waiter;

  ConnectionTransportHost(Connection connection, SocketPort port) {
    this.connection = connection;
    this.port = port;
  }

  @Override
  public int receive(ByteBuffer bytes) {
    return port.receive(bytes);
  }

  @Override
  public boolean send(BufferQueue bytes) {
    return port.send(bytes);
  }

  @Override
  public void shutdownOutput() {
    port.shutdownOutput();
  }

  @Override
  public @Nullable Failure socketFailure() {
    return port.failure();
  }

  @Override
  public void interest(int ops) {
    assert connection.state() == ConnectionState.HANDSHAKING
        : "the transport owns the interest till then";
    port.interest(ops);
  }

  @Override
  public void lend(LentStep step) {
    LentHandshake handed = new LentHandshake(connection, step);
    lent = handed;
    try {
      connection.settings().handshakeExecutor().execute(handed);
    } catch (RejectedExecutionException e) {
      handed.refuse(
          new Failure(CloseCause.RESOURCE_LIMIT, "too many steps of handshakes wait for a thread"));
    }
  }

  @Override
  public void awaitHeapBuffer() {
    BufferWaiter line = waiter;
    if (line == null) {
      line =
          new BufferWaiter() {
            @Override
            protected void onBufferAvailable() {
              connection.onReady(0);
            }
          };
      waiter = line;
    }
    heapBuffers().await(line);
  }

  @Override
  public void forget() {
    LentHandshake handed = lent;
    if (handed != null) {
      handed.abandon();
    }
    BufferWaiter line = waiter;
    if (line != null) {
      heapBuffers().cancel(line);
    }
  }

  @Override
  public boolean closed() {
    return connection.closed();
  }

  @Override
  public BufferPool heapBuffers() {
    return connection.loop().heapBuffers();
  }

  @Override
  public BufferPool directBuffers() {
    return connection.loop().directBuffers();
  }

  @Override
  public int outputBytesMax() {
    return connection.limits().outputBytesMax();
  }

  @Override
  public TimerWheel timers() {
    return connection.loop().timers();
  }

  @Override
  public long nowNanos() {
    return connection.loop().nowNanos();
  }
}
