package dev.sluice.mux.h1;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the two sides of the h1 mux have in common: one exchange at a time, its two directions, and
 * the tunnel that an accepted upgrade makes of them. Confined to its loop.
 *
 * <p>Everything that calls a handler happens in {@link #run}, which takes one step after the other
 * and looks at the states anew before each. Calls down only move states, write, and wake {@code
 * run} through the host.
 *
 * <p>Fields that may be null, together:
 *
 * <table>
 *   <caption>Modes of the mux</caption>
 *   <tr><th>handler</th><th>read</th><th>write</th><th>mode</th></tr>
 *   <tr><td>null</td><td>IDLE, HEAD</td><td>IDLE</td><td>between exchanges</td></tr>
 *   <tr><td>null</td><td>DROPPING</td><td>IDLE</td><td>the exchange is over, the rest of the peer's
 *       message is dropped</td></tr>
 *   <tr><td>set</td><td>any but DROPPING</td><td>any but IDLE</td><td>exchange</td></tr>
 *   <tr><td>any</td><td>CLOSED</td><td>any</td><td>the connection is being closed</td></tr>
 * </table>
 */
abstract class H1Mux implements Mux {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  final MuxHost host;
  final H1Input input;
  final H1Output output;

  private final H1Stream oddStream = new H1Stream(this);
  private final H1Stream evenStream = new H1Stream(this);
  private long streamNumber;

  private ReadState read = ReadState.IDLE;
  private WriteState write = WriteState.IDLE;
  private @Nullable StreamHandler handler;

  /** The peer has ended its direction; bytes from before may still be here. */
  private boolean peerEnded;

  /** Bytes that nothing has looked at yet; up to date while no call of the host is under way. */
  private boolean inputLeft;

  /** The input of the present call of the host. */
  private ByteBuffer current = EMPTY;

  /** The handler did not take all that it was offered, and has not asked for more since. */
  private boolean paused;

  /** The handler asked for more within the call that offers. */
  private boolean resumed;

  /** The handler was refused, and wants to know when there is room. */
  private boolean refused;

  private boolean running;
  private ResetCode cutCode = ResetCode.NO_ERROR;
  private WriteState cutFrom = WriteState.IDLE;

  H1Mux(MuxHost host) {
    this.host = host;
    this.input = new H1Input(host.limits());
    this.output = new H1Output(host);
  }

  // ---- what the sides differ in

  /** Reads the next head, or a part of it; false if nothing can be done now. */
  abstract boolean readHead(ByteBuffer in);

  /** The peer's message is whole. */
  abstract void onMessageEnd();

  /** The peer's content is malformed. */
  abstract void onBadContent();

  /** The peer's direction ended within its message, or between messages. True if a state moved. */
  abstract boolean onInputOver(boolean bytesLeft);

  /** Reads and drops the rest of a message that nobody wants; false if nothing can be done now. */
  abstract boolean drop(ByteBuffer in);

  /** Whether the exchange is over. */
  abstract boolean exchangeOver();

  /** Lets go of the exchange, and goes on to the next or closes. */
  abstract void finish(ByteBuffer in);

  /** A head from the handler; the stream is open. */
  abstract void sendHead(MessageHead head, boolean end);

  // ---- from the host

  @Override
  public final String name() {
    return H1MuxProvider.NAME;
  }

  @Override
  public final void onInput(ByteBuffer in, boolean ended) {
    peerEnded |= ended;
    run(in);
  }

  @Override
  public final void onInputEnd() {
    peerEnded = true;
    run(EMPTY);
  }

  @Override
  public final void onWritable() {
    StreamHandler told = handler;
    if (refused && told != null) {
      refused = false;
      told.onWritable();
    }
    // Whatever that made possible is done where the input is at hand: ending the exchange, or the
    // next request, for which output had no room.
    host.resumeInput();
  }

  @Override
  public void onClosed(ResetCode code, CloseCause cause) {
    StreamHandler told = handler;
    boolean tell = write != WriteState.CUT && !exchangeOver();
    read = ReadState.CLOSED;
    if (told != null) {
      release();
      if (tell) {
        told.onReset(code, cause);
      }
      told.onReleased();
    }
  }

  /** Whether any byte of an answer to the present exchange has come; at the back. */
  boolean answerBegun() {
    return false;
  }

  @Override
  public final int openStreams() {
    return handler == null ? 0 : 1;
  }

  // ---- the dispatch

  private void run(ByteBuffer in) {
    running = true;
    current = in;
    try {
      while (read != ReadState.CLOSED && (step(in) || hasWork())) {}
    } finally {
      running = false;
      inputLeft = in.hasRemaining();
      current = EMPTY;
    }
  }

  /** Whether a callback has left something to do although the input gave nothing. */
  private boolean hasWork() {
    return output.fault() != null || (handler != null && exchangeOver());
  }

  private boolean step(ByteBuffer in) {
    CloseCause fault = output.fault();
    if (fault != null) {
      enter(ReadState.CLOSED);
      host.closeNow(fault);
      return false;
    }
    if (handler != null && exchangeOver()) {
      finish(in);
      return true;
    }
    boolean moved =
        switch (read) {
          case IDLE, HEAD -> readHead(in);
          case CONTENT -> !paused && readContent(in);
          case TUNNEL -> !paused && readTunnel(in);
          case DROPPING -> drop(in);
          case DONE, ENDED, CLOSED -> false;
        };
    if (moved || !peerEnded || read == ReadState.CLOSED) {
      return moved;
    }
    return inputOver(in);
  }

  private boolean readContent(ByteBuffer in) {
    StreamHandler told = handler;
    long exchange = streamNumber;
    resumed = false;
    H1Input.Step step = input.step(in, told);
    if (exchange != streamNumber || handler == null) {
      return true;
    }
    switch (step) {
      case PROGRESS -> {
        return true;
      }
      case MORE -> {
        return false;
      }
      case BLOCKED -> {
        pause();
        return false;
      }
      case END -> {
        onMessageEnd();
        return true;
      }
      case ERROR -> {
        onBadContent();
        return true;
      }
    }
    throw new AssertionError(step);
  }

  private boolean readTunnel(ByteBuffer in) {
    StreamHandler told = handler;
    if (told == null || !in.hasRemaining()) {
      return false;
    }
    int offered = in.remaining();
    resumed = false;
    int taken = told.onData(in, false);
    if (taken < offered && handler == told) {
      pause();
      return false;
    }
    return true;
  }

  private void pause() {
    if (resumed) {
      host.resumeInput();
    } else {
      paused = true;
    }
  }

  private boolean inputOver(ByteBuffer in) {
    switch (read) {
      case TUNNEL -> {
        if (in.hasRemaining()) {
          return false;
        }
        enter(ReadState.ENDED);
        StreamHandler told = handler;
        if (told != null) {
          told.onEnd();
        }
        if (!host.supportsHalfClose() && write == WriteState.TUNNEL) {
          // The transport takes nothing more either.
          enter(WriteState.ENDED);
        }
        return true;
      }
      case DONE, ENDED, CLOSED -> {
        return false;
      }
      case CONTENT -> {
        if (paused) {
          return false;
        }
        if (input.endsWithInput()) {
          StreamHandler told = handler;
          onMessageEnd();
          if (told != null) {
            told.onEnd();
          }
          return true;
        }
        return onInputOver(in.hasRemaining());
      }
      default -> {
        return onInputOver(in.hasRemaining());
      }
    }
  }

  // ---- from the handler, through its stream

  final int send(ByteBuffer data, boolean end) {
    if (write != WriteState.CONTENT && write != WriteState.TUNNEL) {
      return 0;
    }
    int taken = output.send(data);
    if (data.hasRemaining()) {
      refused = true;
    } else if (end) {
      sendEnd();
    }
    checkOutput();
    return taken;
  }

  final void sendTrailers(Fields trailers) {
    if (write == WriteState.CONTENT) {
      endMessage(trailers);
    }
  }

  final void sendEnd() {
    if (write == WriteState.CONTENT) {
      endMessage(null);
    } else if (write == WriteState.TUNNEL) {
      enter(WriteState.ENDED);
      if (host.supportsHalfClose()) {
        host.endOutput();
      } else if (read == ReadState.TUNNEL) {
        // Both directions end together; what was taken goes out first.
        enter(ReadState.ENDED);
      }
      wake();
    }
  }

  final void endMessage(@Nullable Fields trailers) {
    cutCode = ResetCode.INTERNAL_ERROR;
    cutFrom = write;
    enter(output.end(trailers) ? WriteState.DONE : WriteState.CUT);
    if (write == WriteState.DONE && (read == ReadState.TUNNEL || read == ReadState.ENDED)) {
      // The server has changed the protocol before it had the whole request.
      openTunnel();
    }
    wake();
  }

  final void reset(ResetCode code) {
    // An exchange that is over needs no cut: its connection must not pay for a late one.
    if (write != WriteState.CUT && !exchangeOver()) {
      cutCode = code;
      cutFrom = write;
      enter(WriteState.CUT);
      wake();
    }
  }

  final void resume() {
    resumed = true;
    if (paused) {
      paused = false;
      wake();
    }
  }

  // ---- for the sides

  final ReadState read() {
    return read;
  }

  final WriteState write() {
    return write;
  }

  final @Nullable StreamHandler handler() {
    return handler;
  }

  final boolean peerEnded() {
    return peerEnded;
  }

  /** Whether the peer has ended its direction, and everything before that was looked at. */
  final boolean nothingFollows() {
    return peerEnded && !(running ? current.hasRemaining() : inputLeft);
  }

  final ResetCode cutCode() {
    return cutCode;
  }

  /** Where our direction was when the handler cut it. */
  final WriteState cutFrom() {
    return cutFrom;
  }

  final void enter(ReadState next) {
    assert read.mayBecome(next) : "read " + read + " -> " + next;
    read = next;
  }

  final void enter(WriteState next) {
    assert write.mayBecome(next) : "write " + write + " -> " + next;
    write = next;
  }

  /** The next exchange gets a stream; its handler follows by {@link #begin}. */
  final MuxStream openStream() {
    streamNumber++;
    H1Stream stream = stream();
    stream.open(streamNumber);
    paused = false;
    refused = false;
    return stream;
  }

  final void begin(StreamHandler newHandler) {
    handler = newHandler;
    enter(WriteState.HEAD);
  }

  /** The handler has no part in this connection any more; it is still to be told. */
  final @Nullable StreamHandler release() {
    StreamHandler released = handler;
    handler = null;
    stream().close();
    write = WriteState.IDLE;
    paused = false;
    refused = false;
    return released;
  }

  /** Cuts the exchange from below: the handler is told, and has no part any more. */
  final void fail(ResetCode code, CloseCause cause) {
    StreamHandler told = release();
    if (told != null) {
      told.onReset(code, cause);
      told.onReleased();
    }
  }

  /** Opens the tunnel in our direction, and in the peer's if its message is whole. */
  final void openTunnel() {
    output.tunnel();
    enter(WriteState.TUNNEL);
    if (read == ReadState.DONE) {
      enter(ReadState.TUNNEL);
    }
  }

  final boolean tunnelOver() {
    return read == ReadState.ENDED && write == WriteState.ENDED;
  }

  /** Has {@link #run} called once more in this turn, if it isn't running now. */
  final void wake() {
    if (!running) {
      host.resumeInput();
    }
  }

  final void checkOutput() {
    if (output.fault() != null) {
      wake();
    }
  }

  private H1Stream stream() {
    return (streamNumber & 1) == 0 ? evenStream : oddStream;
  }

  @Override
  public String toString() {
    return "h1 read " + read + " write " + write + " stream " + streamNumber;
  }
}
