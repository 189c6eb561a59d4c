package dev.sluice.core.connection;

import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.Interest;
import dev.sluice.core.loop.IoHandler;
import dev.sluice.core.loop.TcpSocket;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection that may go to several addresses (RFC 8305 5). The next address is tried when the
 * one before has not answered for the attempt delay, or has failed. The first TCP connection that
 * stands is the one; the other sockets are closed at once. The deadline of the connection covers
 * all of it. Confined to its loop.
 */
final class ConnectRace extends Timer {
  private enum State {
    RUNNING,
    WON,
    OVER
  }

  private final Connection connection;
  private final ConnectionOpening opening;
  private final SocketPort port;
  private final AddressBook book;
  private final List<InetSocketAddress> addresses;
  private final @Nullable SocketAddress source;
  private final List<Attempt> underWay = new ArrayList<>();
  private final StringBuilder failures = new StringBuilder();
  private State state = State.RUNNING;
  private @Nullable Attempt winner;
  private @Nullable CloseCause firstCause;
  private int next;

  /**
   * A race that has not begun.
   *
   * @param addresses at least one, in the order in which they are tried
   * @param source the local address, or null for any
   */
  ConnectRace(
      Connection connection,
      ConnectionOpening opening,
      SocketPort port,
      AddressBook book,
      List<InetSocketAddress> addresses,
      @Nullable SocketAddress source) {
    this.connection = connection;
    this.opening = opening;
    this.port = port;
    this.book = book;
    this.addresses = addresses;
    this.source = source;
  }

  /** Tries the first address, within the owner's call, which returns what it came to. */
  void begin() {
    goOn(false);
  }

  /** The connection ends, or needs the race no more. */
  void close() {
    if (state == State.RUNNING) {
      state = State.OVER;
      closeOthers(null);
    }
  }

  /** Tries addresses until one is under way. */
  private void goOn(boolean tellOwner) {
    while (state == State.RUNNING && next < addresses.size()) {
      if (attempt(next++, tellOwner)) {
        return;
      }
    }
    if (state == State.RUNNING && underWay.isEmpty()) {
      CloseCause cause = firstCause;
      state = State.OVER;
      MuxInstaller.fail(
          connection,
          new Failure(cause != null ? cause : CloseCause.CONNECT_FAILED, failures.toString()),
          tellOwner);
    }
  }

  private boolean attempt(int index, boolean tellOwner) {
    if (index == 1) {
      book.onRace();
    }
    Attempt attempt = new Attempt(index);
    try {
      attempt.socket = connection.loop().poller().connect(addresses.get(index), source, attempt);
    } catch (IOException e) {
      note(index, e);
      return false;
    }
    underWay.add(attempt);
    if (attempt.socket.connected()) {
      win(attempt, tellOwner);
      return true;
    }
    attempt.socket.interest(Interest.CONNECT);
    EventLoop loop = connection.loop();
    if (next < addresses.size()) {
      loop.timers().arm(this, Deadline.after(loop.nowNanos(), book.attemptDelayNanos()));
    }
    return true;
  }

  private void onReady(Attempt attempt) {
    TcpSocket socket = attempt.socket;
    if (socket == null || !underWay.contains(attempt)) {
      // The poller still had this event in hand.
      return;
    }
    try {
      if (!socket.finishConnect()) {
        return;
      }
    } catch (IOException e) {
      socket.close();
      underWay.remove(attempt);
      note(attempt.index, e);
      goOn(true);
      return;
    }
    win(attempt, true);
  }

  private void win(Attempt attempt, boolean tellOwner) {
    TcpSocket socket = attempt.socket;
    assert socket != null && state == State.RUNNING;
    state = State.WON;
    winner = attempt;
    port.take(socket);
    closeOthers(attempt);
    if (attempt.index > 0) {
      book.onFallback();
    }
    opening.onConnected(tellOwner);
  }

  private void closeOthers(@Nullable Attempt kept) {
    connection.loop().timers().cancel(this);
    for (Attempt attempt : underWay) {
      TcpSocket socket = attempt.socket;
      if (attempt != kept && socket != null) {
        socket.close();
      }
    }
    underWay.clear();
  }

  /** The first failure tells the cause, since its address was the first choice. */
  private void note(int index, IOException e) {
    Failure failure = SocketPort.connectFailure(e);
    if (firstCause == null) {
      firstCause = failure.cause();
    } else {
      failures.append("; ");
    }
    failures.append(addresses.get(index)).append(": ").append(failure.detail());
  }

  @Override
  protected void onTimer(long nowNanos) {
    goOn(true);
  }

  @Override
  protected void onTimerFailure(Throwable problem) {
    connection.onHandlerFailure(problem);
  }

  /** One socket; what happens to the winner's concerns the connection. */
  private final class Attempt implements IoHandler {
    final int index;
    @Nullable TcpSocket socket;

    Attempt(int index) {
      this.index = index;
    }

    @Override
    public void onReady(int readyOps) {
      if (winner == this) {
        connection.onReady(readyOps);
      } else {
        ConnectRace.this.onReady(this);
      }
    }

    @Override
    public void onHandlerFailure(Throwable failure) {
      if (winner == this || underWay.contains(this)) {
        connection.onHandlerFailure(failure);
      }
    }
  }
}
