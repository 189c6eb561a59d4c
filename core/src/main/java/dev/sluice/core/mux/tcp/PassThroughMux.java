package dev.sluice.core.mux.tcp;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One raw flow. The connection is the stream: it begins with it, and ends with it. Confined to its
 * loop.
 *
 * <pre>
 * WAITING --accept, attach--&gt; OPEN --peer's end--&gt; REMOTE_ENDED --our end--&gt; OVER
 *                              |                                             ^  ^
 *                              +--our end--&gt; LOCAL_ENDED --peer's end--------+  |
 *                              +--reset, or an end without half-close-----------+
 * </pre>
 */
final class PassThroughMux implements Mux, MuxStream {
  private final MuxHost host;
  private final @Nullable StreamAcceptor acceptor;
  private @Nullable StreamHandler handler;
  private State state = State.WAITING;

  /** The handler has not taken all that it was offered, and has not asked for more since. */
  private boolean paused;

  /** The directions that are still open. */
  private enum State {
    /** No stream yet. */
    WAITING,
    /** Both. */
    OPEN,
    /** The peer has ended its own. */
    REMOTE_ENDED,
    /** We have ended ours. */
    LOCAL_ENDED,
    /** None. */
    OVER
  }

  private PassThroughMux(MuxHost host, @Nullable StreamAcceptor acceptor) {
    this.host = host;
    this.acceptor = acceptor;
  }

  static PassThroughMux front(MuxHost host, StreamAcceptor acceptor) {
    return new PassThroughMux(host, acceptor);
  }

  static PassThroughMux back(MuxHost host) {
    return new PassThroughMux(host, null);
  }

  // ---- Mux ----

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public void start() {
    host.resumeInput();
  }

  @Override
  public void onInput(ByteBuffer input, boolean ended) {
    if (state == State.WAITING && acceptor != null) {
      state = State.OPEN;
      handler = acceptor.accept(this);
    }
    StreamHandler h = handler;
    boolean open = state == State.OPEN || state == State.LOCAL_ENDED;
    if (h != null && input.hasRemaining() && open && !paused) {
      // A resume within the call takes this back, and has the rest offered anew.
      paused = true;
      h.onData(input, false);
      paused &= input.hasRemaining();
    }
  }

  @Override
  public void onInputEnd() {
    StreamHandler h = handler;
    if (h == null) {
      host.closeNow(CloseCause.IDLE_CLOSED);
      return;
    }
    if (state == State.OPEN) {
      state = State.REMOTE_ENDED;
      h.onEnd();
      if (!host.supportsHalfClose() && state == State.REMOTE_ENDED) {
        finish();
      }
    } else if (state == State.LOCAL_ENDED) {
      state = State.REMOTE_ENDED;
      h.onEnd();
      finish();
    }
  }

  @Override
  public void onWritable() {
    StreamHandler h = handler;
    if (h != null && (state == State.OPEN || state == State.REMOTE_ENDED)) {
      h.onWritable();
    }
  }

  @Override
  public void onClosed(ResetCode code, CloseCause cause) {
    StreamHandler h = handler;
    handler = null;
    boolean cut = state != State.OVER;
    state = State.OVER;
    if (h != null) {
      if (cut) {
        h.onReset(code, cause);
      }
      h.onReleased();
    }
  }

  /** Both directions have ended: what was taken is flushed, and the handler is let go of. */
  private void finish() {
    state = State.OVER;
    host.closeGracefully(CloseCause.COMPLETE);
    StreamHandler h = handler;
    handler = null;
    if (h != null) {
      h.onReleased();
    }
  }

  @Override
  public boolean attach(StreamEndpoint endpoint) {
    if (state != State.WAITING || acceptor != null) {
      return false;
    }
    state = State.OPEN;
    handler = endpoint;
    endpoint.attach(this);
    return true;
  }

  @Override
  public int availableStreams() {
    // A flow that was made for a stream which has gone can't serve another: it may have spoken.
    return 0;
  }

  @Override
  public int openStreams() {
    return handler == null ? 0 : 1;
  }

  @Override
  public void drain() {
    if (handler == null) {
      host.closeGracefully(CloseCause.DRAINING);
    }
  }

  // ---- MuxStream ----

  @Override
  public void sendHead(MessageHead head, boolean end) {
    assert false : "a raw flow has no heads";
  }

  @Override
  public int send(ByteBuffer data, boolean end) {
    if (state != State.OPEN && state != State.REMOTE_ENDED) {
      return 0;
    }
    int taken = host.write(data);
    if (end && !data.hasRemaining()) {
      sendEnd();
    }
    return taken;
  }

  @Override
  public void sendTrailers(Fields trailers) {
    sendEnd();
  }

  @Override
  public void sendEnd() {
    switch (state) {
      case OPEN -> {
        if (host.supportsHalfClose()) {
          state = State.LOCAL_ENDED;
          host.endOutput();
        } else {
          state = State.OVER;
          host.closeGracefully(CloseCause.COMPLETE);
        }
      }
      case REMOTE_ENDED -> {
        state = State.OVER;
        host.closeGracefully(CloseCause.COMPLETE);
      }
      case WAITING, LOCAL_ENDED, OVER -> {
        // Ended before, or nothing to end.
      }
    }
  }

  @Override
  public void reset(ResetCode code) {
    if (state == State.OVER) {
      return;
    }
    state = State.OVER;
    if (code == ResetCode.NO_ERROR) {
      host.closeGracefully(CloseCause.COMPLETE);
    } else {
      host.closeNow(CloseCause.COMPLETE);
    }
  }

  @Override
  public void resume() {
    paused = false;
    host.resumeInput();
  }

  @Override
  public String protocol() {
    return name();
  }

  @Override
  public long number() {
    return 1;
  }

  @Override
  public boolean firstOnConnection() {
    return true;
  }
}
