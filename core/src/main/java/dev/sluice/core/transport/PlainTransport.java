package dev.sluice.core.transport;

import dev.sluice.core.buffer.BufferQueue;
import dev.sluice.core.observe.Failure;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plain TCP: nothing to negotiate, bytes pass as they are. Confined to its loop. */
public final class PlainTransport implements Transport {
  /** Room that heads, trailers and ends may use beyond the output's bound. */
  private static final int RESERVE_BYTES = 128 << 10;

  private static final TransportFactory FACTORY = new Factory();

  private final TransportHost host;
  private final BufferQueue output;
  private HandshakeStatus status = HandshakeStatus.NOT_STARTED;
  private Ending ending = Ending.NONE;

  /** How far the end of our direction is. */
  private enum Ending {
    NONE,
    ASKED,
    SENT
  }

  private PlainTransport(TransportHost host) {
    this.host = host;
    this.output = new BufferQueue(host.directBuffers(), host.outputBytesMax(), RESERVE_BYTES);
  }

  /** What makes plain transports. */
  public static TransportFactory factory() {
    return FACTORY;
  }

  @Override
  public void start() {
    status = HandshakeStatus.COMPLETE;
  }

  @Override
  public HandshakeStatus handshakeStatus() {
    return status;
  }

  @Override
  public void onReady(int readyOps) {
    assert false : "a plain transport has no handshake";
  }

  @Override
  public ApplicationProtocol applicationProtocol() {
    return ApplicationProtocol.NONE;
  }

  @Override
  public int readRoomMin() {
    return 1;
  }

  @Override
  public int read(ByteBuffer plain) {
    return host.receive(plain);
  }

  @Override
  public boolean hasBufferedInput() {
    return false;
  }

  @Override
  public int write(ByteBuffer plain) {
    assert ending == Ending.NONE : "write after the end";
    return output.put(plain);
  }

  @Override
  public boolean writeReserved(ByteBuffer plain) {
    assert ending == Ending.NONE : "write after the end";
    return output.putReserved(plain);
  }

  @Override
  public int writableBytes() {
    return ending == Ending.NONE ? output.room() : 0;
  }

  @Override
  public boolean flush() {
    if (!host.send(output)) {
      return false;
    }
    if (ending == Ending.ASKED) {
      ending = Ending.SENT;
      host.shutdownOutput();
    }
    return true;
  }

  @Override
  public boolean hasPendingOutput() {
    return !output.isEmpty() || ending == Ending.ASKED;
  }

  @Override
  public boolean supportsHalfClose() {
    return true;
  }

  @Override
  public void endOutput() {
    if (ending == Ending.NONE) {
      ending = Ending.ASKED;
    }
  }

  @Override
  public @Nullable Failure failure() {
    return host.socketFailure();
  }

  @Override
  public boolean movable() {
    return output.isEmpty() && ending == Ending.NONE;
  }

  @Override
  public void onMoved() {
    output.moveTo(host.directBuffers());
  }

  @Override
  public void release() {
    output.clear();
  }

  private static final class Factory implements TransportFactory {
    @Override
    public Transport create(TransportHost host, TransportTarget target) {
      return new PlainTransport(host);
    }

    @Override
    public List<ApplicationProtocol> offered() {
      return List.of();
    }

    @Override
    public boolean handshakes() {
      return false;
    }
  }
}
