package dev.sluice.core.loop;

import dev.sluice.core.buffer.GatheringSink;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking stream socket. Confined to the loop whose poller made it.
 *
 * <p>No call here calls the handler back. An {@link IOException} means that the connection is lost;
 * closing is still up to the owner. Buffers are lent for the call and have to be direct.
 */
public interface TcpSocket extends GatheringSink {
  /**
   * Reads what has come, as far as it fits.
   *
   * @return the number of bytes read, 0 if there are none at present, -1 once the peer has ended
   *     its output (FIN)
   */
  int read(ByteBuffer destination) throws IOException;

  @Override
  int write(ByteBuffer source) throws IOException;

  @Override
  long write(@Nullable ByteBuffer[] sources, int offset, int length) throws IOException;

  /**
   * Asks for the outcome of connecting, after {@link Interest#CONNECT} was reported.
   *
   * @return true once connected; interest in {@link Interest#CONNECT} is withdrawn then
   * @throws IOException if the connection couldn't be made
   */
  boolean finishConnect() throws IOException;

  /** Tells whether the connection was made; stays true when it is lost or closed later. */
  boolean connected();

  /** Tells whether {@link #close()} hasn't been called yet. */
  boolean open();

  /**
   * Sets what to report from now on, as bits of {@link Interest}. Costs next to nothing when it is
   * unchanged; does nothing on a closed socket.
   */
  void interest(int ops);

  /** Returns what is reported at present. */
  int interest();

  /** Ends output with a FIN after what was written; input goes on. */
  void shutdownOutput() throws IOException;

  /** Closes the socket and ends all reports; what was written is still sent. May be repeated. */
  void close();

  /** Closes the socket with a RST and drops what wasn't sent yet. May be repeated. */
  void closeWithReset();

  /** Returns the address of this end, null while it isn't known; allocates nothing once it is. */
  @Nullable SocketAddress localAddress();

  /** Returns the address of the other end; allocates nothing. */
  @Nullable SocketAddress remoteAddress();
}
