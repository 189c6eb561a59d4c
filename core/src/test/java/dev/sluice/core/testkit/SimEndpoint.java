package dev.sluice.core.testkit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * One end of a simulated connection, with the behaviour of a non-blocking TCP socket. Belongs to a
 * {@link SimPoller}'s socket or to a {@link ScriptedPeer}.
 */
public final class SimEndpoint {
  /** Told whenever reading, writing or connecting may have become possible; must only take note. */
  @FunctionalInterface
  public interface ReadinessListener {
    /** Called by the network. */
    void onReadiness();
  }

  private enum State {
    CONNECTING,
    ESTABLISHED,
    REFUSED,
    RESET,
    CLOSED
  }

  private final SimNetwork network;
  private final String name;
  private final SocketAddress local;
  private final SocketAddress remote;
  private State state = State.CONNECTING;
  private @Nullable SimLink link;
  private @Nullable SimPipe in;
  private @Nullable SimPipe out;
  private boolean outputShut;
  private boolean resetSent;
  private ReadinessListener listener = () -> {};

  SimEndpoint(SimNetwork network, String name, SocketAddress local, SocketAddress remote) {
    this.network = network;
    this.name = name;
    this.local = local;
    this.remote = remote;
  }

  /** Returns the name of this end in traces. */
  public String name() {
    return name;
  }

  /** Returns the address of this end. */
  public SocketAddress localAddress() {
    return local;
  }

  /** Returns the address of the other end. */
  public SocketAddress remoteAddress() {
    return remote;
  }

  /** Returns the connection, null until it is made. */
  public @Nullable SimLink link() {
    return link;
  }

  /** Sets who is told of readiness. */
  public void listener(ReadinessListener listener) {
    this.listener = listener;
  }

  /** Tells whether bytes, the end of input or an error can be read. */
  public boolean readable() {
    return switch (state) {
      case CONNECTING, CLOSED -> false;
      case REFUSED, RESET -> true;
      case ESTABLISHED -> in != null && (in.readable() > 0 || in.finArrived());
    };
  }

  /** Returns how many bytes have arrived that aren't read yet. */
  public int unreadBytes() {
    return in == null ? 0 : in.readable();
  }

  /** Tells whether the other end's FIN has arrived, all bytes before it included. */
  public boolean endArrived() {
    return in != null && in.finArrived();
  }

  /** Tells whether bytes, or an error, would be met by writing. */
  public boolean writable() {
    return switch (state) {
      case CONNECTING, CLOSED -> false;
      case REFUSED, RESET -> true;
      case ESTABLISHED -> outputShut || (out != null && out.room() > 0);
    };
  }

  /** Tells whether connecting has come to an end, good or bad. */
  public boolean connectReady() {
    return state != State.CONNECTING && state != State.CLOSED;
  }

  /** Tells whether the connection stands: made, and neither reset nor closed. */
  public boolean established() {
    return state == State.ESTABLISHED;
  }

  /** Tells whether the attempt to connect was refused. */
  public boolean refused() {
    return state == State.REFUSED;
  }

  /** Tells whether the connection was reset. */
  public boolean wasReset() {
    return state == State.RESET;
  }

  /** Tells whether this end was closed. */
  public boolean closed() {
    return state == State.CLOSED;
  }

  /**
   * Asks for the outcome of connecting.
   *
   * @throws ConnectException if it was refused
   */
  public boolean finishConnect() throws IOException {
    return switch (state) {
      case CONNECTING -> false;
      case REFUSED -> throw new ConnectException("Connection refused");
      case CLOSED -> throw new ClosedChannelException();
      case ESTABLISHED, RESET -> true;
    };
  }

  /** Reads like {@link java.nio.channels.SocketChannel#read(ByteBuffer)}. */
  public int read(ByteBuffer bytes) throws IOException {
    SimPipe pipe = in;
    if (state == State.CLOSED || state == State.REFUSED) {
      throw new ClosedChannelException();
    }
    if (pipe == null || state == State.CONNECTING) {
      throw new NotYetConnectedException();
    }
    if (pipe.readable() > 0) {
      int n = pipe.read(bytes);
      network.trace().add("read", name, n);
      return n;
    }
    if (state == State.RESET) {
      throw new IOException("Connection reset");
    }
    return pipe.finArrived() ? -1 : 0;
  }

  /** Writes like {@link java.nio.channels.SocketChannel#write(ByteBuffer)}. */
  public int write(ByteBuffer bytes) throws IOException {
    SimPipe pipe = out;
    if (state == State.CLOSED || state == State.REFUSED || outputShut) {
      throw new ClosedChannelException();
    }
    if (pipe == null || state == State.CONNECTING) {
      throw new NotYetConnectedException();
    }
    if (state == State.RESET) {
      throw new IOException("Broken pipe");
    }
    int n = pipe.write(bytes);
    network.trace().add("write", name, n);
    return n;
  }

  /** Ends output with a FIN. */
  public void shutdownOutput() throws IOException {
    if (state == State.CLOSED || state == State.REFUSED) {
      throw new ClosedChannelException();
    }
    if (out == null || state == State.CONNECTING) {
      throw new NotYetConnectedException();
    }
    if (!outputShut) {
      network.trace().add("fin", name, 0);
      outputShut = true;
      out.finish();
    }
  }

  /** Closes this end: a FIN behind what was written, or a RST if unread bytes are lost by it. */
  public void close() {
    close(false);
  }

  /** Closes this end with a RST. */
  public void closeWithReset() {
    close(true);
  }

  private void close(boolean withReset) {
    State before = state;
    if (before == State.CLOSED) {
      return;
    }
    network.trace().add(withReset ? "abort" : "close", name, 0);
    state = State.CLOSED;
    network.onEndpointClosed(this);
    SimPipe input = in;
    SimPipe output = out;
    if (input == null || output == null || before == State.RESET) {
      return;
    }
    if (withReset || before == State.CONNECTING) {
      resetSent = true;
      output.reset(network.dropsInFlight());
    } else if (input.readable() > 0) {
      // RFC 1122 4.2.2.13: closing with data unread tells the peer that it is lost.
      resetSent = true;
      output.reset(false);
    } else {
      output.finish();
    }
    input.discardUnread();
  }

  void join(SimLink link, SimPipe in, SimPipe out) {
    this.link = link;
    this.in = in;
    this.out = out;
  }

  void onEstablished() {
    if (state == State.CONNECTING) {
      state = State.ESTABLISHED;
      listener.onReadiness();
    }
  }

  void onRefused() {
    if (state == State.CONNECTING) {
      state = State.REFUSED;
      listener.onReadiness();
    }
  }

  void onInput() {
    if (state != State.CLOSED) {
      listener.onReadiness();
    }
  }

  void onOutputRoom() {
    if (state != State.CLOSED) {
      listener.onReadiness();
    }
  }

  void onReset() {
    SimPipe input = in;
    SimPipe output = out;
    if (state == State.RESET || input == null || output == null) {
      return;
    }
    if (state == State.CLOSED) {
      // RFC 9293 3.10.7.4: what a closed end has still under way goes with the connection.
      output.stop();
      return;
    }
    if (state == State.CONNECTING) {
      state = State.REFUSED;
    } else {
      state = State.RESET;
      if (!network.keepsUnread()) {
        input.discardUnread();
      }
    }
    output.stop();
    listener.onReadiness();
  }

  /** Called when bytes came after this end was closed. */
  void answerReset() {
    SimPipe output = out;
    if (!resetSent && output != null) {
      resetSent = true;
      output.reset(false);
    }
  }
}
