package dev.sluice.core.loop;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A socket that only knows whether it is open. */
final class StubSocket implements TcpSocket {
  private boolean open = true;
  private int interest;

  @Override
  public int read(ByteBuffer destination) {
    return 0;
  }

  @Override
  public int write(ByteBuffer source) {
    return 0;
  }

  @Override
  public long write(@Nullable ByteBuffer[] sources, int offset, int length) {
    return 0;
  }

  @Override
  public boolean finishConnect() {
    return true;
  }

  @Override
  public boolean connected() {
    return true;
  }

  @Override
  public boolean open() {
    return open;
  }

  @Override
  public void interest(int ops) {
    interest = ops;
  }

  @Override
  public int interest() {
    return interest;
  }

  @Override
  public void shutdownOutput() {}

  @Override
  public void close() {
    open = false;
  }

  @Override
  public void closeWithReset() {
    open = false;
  }

  @Override
  public @Nullable SocketAddress localAddress() {
    return null;
  }

  @Override
  public @Nullable SocketAddress remoteAddress() {
    return null;
  }
}
