package dev.sluice.core.mux;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A mux of one exchange after the other: a base for protocols without streams of their own, in mode
 * HTTP. It keeps the rules of the SPI for the life of a connection: who is told, when, and from
 * where; what remains is to make a {@link SerialStream} that reads and writes the messages.
 * Confined to its loop.
 *
 * <p>A message that is cut short costs the connection. A connection at the front that says nothing
 * between two requests is closed after the timeout {@code keepAlive}; at the back the pool does so.
 */
public abstract class SerialMux implements Mux {
  private final MuxHost host;
  private final @Nullable StreamAcceptor acceptor;
  private final IdleTimer idleTimer = new IdleTimer();
  private @Nullable SerialStream stream;
  private long streams;

  /** Takes no new stream. */
  private boolean retired;

  /** Takes no new stream once it has had one more. */
  private boolean leaving;

  /**
   * For subclasses.
   *
   * @param acceptor at the front, who takes new exchanges; null at the back
   */
  protected SerialMux(MuxHost host, @Nullable StreamAcceptor acceptor) {
    this.host = host;
    this.acceptor = acceptor;
  }

  /**
   * Makes the stream of the next exchange. From the dispatch at the front, from a call down at the
   * back.
   *
   * @param number its number on the connection, from 1
   */
  protected abstract SerialStream newStream(long number);

  /** The connection. */
  public final MuxHost host() {
    return host;
  }

  // ---- what the connection tells ----

  @Override
  public final void start() {
    armIdle();
  }

  @Override
  public final void onInput(ByteBuffer input, boolean ended) {
    letGoIfOver();
    SerialStream now = next(input);
    while (now != null && now.advance(input)) {
      letGoIfOver();
      now = next(input);
    }
    now = stream;
    if (ended && input.hasRemaining() && now != null && now.reads()) {
      // What is here is no whole message, and no more will come.
      now.malformed();
    }
    letGoIfOver();
  }

  /** The stream that the input is for; at the front, a new one begins with its first byte. */
  private @Nullable SerialStream next(ByteBuffer input) {
    SerialStream now = stream;
    if (now != null || retired || !input.hasRemaining()) {
      return now;
    }
    if (acceptor == null) {
      // A server that speaks unasked.
      retire();
      host.closeNow(CloseCause.BAD_RESPONSE);
      return null;
    }
    host.timers().cancel(idleTimer);
    SerialStream made = newStream(++streams);
    stream = made;
    made.handler(acceptor.accept(made));
    return made;
  }

  @Override
  public final void onInputEnd() {
    retire();
    SerialStream now = stream;
    if (now == null) {
      host.closeGracefully(CloseCause.IDLE_CLOSED);
    } else if (!now.inputOver()) {
      now.cut(ResetCode.CONNECTION_CLOSED, now.lostCause());
    }
  }

  @Override
  public final void onWritable() {
    SerialStream now = stream;
    if (now != null) {
      now.onRoom();
    }
  }

  @Override
  public final void onClosed(ResetCode code, CloseCause cause) {
    retire();
    SerialStream last = stream;
    stream = null;
    if (last != null) {
      last.release(code, cause);
    }
  }

  // ---- streams ----

  /**
   * Lets go of a stream whose directions have both ended. From the dispatch only: the end itself
   * may come by a call down, which must not call back.
   */
  private void letGoIfOver() {
    SerialStream last = stream;
    if (last == null || !last.over()) {
      return;
    }
    stream = null;
    last.release(ResetCode.NO_ERROR, CloseCause.COMPLETE);
    if (leaving) {
      retire();
    }
    if (retired) {
      host.closeGracefully(CloseCause.COMPLETE);
    } else {
      armIdle();
      host.capacityChanged();
    }
  }

  @Override
  public final boolean attach(StreamEndpoint endpoint) {
    if (availableStreams() == 0) {
      return false;
    }
    SerialStream made = newStream(++streams);
    stream = made;
    made.handler(endpoint);
    endpoint.attach(made);
    return true;
  }

  @Override
  public final int availableStreams() {
    return acceptor != null || retired || stream != null ? 0 : 1;
  }

  @Override
  public final int openStreams() {
    return stream == null ? 0 : 1;
  }

  @Override
  public final void goAway() {
    leaving = true;
  }

  @Override
  public final boolean onLeaving() {
    // Timers run at the front only, and what the last stream held went with it.
    return acceptor == null && stream == null && !retired;
  }

  @Override
  public final void drain() {
    retire();
    if (stream == null) {
      host.closeGracefully(CloseCause.DRAINING);
    }
  }

  final void retire() {
    retired = true;
    host.timers().cancel(idleTimer);
  }

  private void armIdle() {
    if (acceptor != null && !retired) {
      long timeoutNanos = host.timeouts().keepAlive().toNanos();
      host.timers().arm(idleTimer, Deadline.after(host.nowNanos(), timeoutNanos));
    }
  }

  private final class IdleTimer extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      retired = true;
      host.closeGracefully(CloseCause.IDLE_TIMEOUT);
    }
  }
}
