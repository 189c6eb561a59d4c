package dev.sluice.core.stream;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The client side of an exchange: one mux stream from beginning to end. Confined to its loop. */
final class FrontStreamConnector implements StreamHandler {
  private final ProxyStream stream;
  private @Nullable MuxStream lower;

  /** A send took less than it was given; the client is what is waited for. */
  private boolean blocked;

  FrontStreamConnector(ProxyStream stream) {
    this.stream = stream;
  }

  void open(MuxStream muxStream) {
    lower = muxStream;
    blocked = false;
  }

  /** Whether the mux has let go of the stream. */
  boolean released() {
    return lower == null;
  }

  boolean blocked() {
    return blocked;
  }

  boolean firstOnConnection() {
    return lower != null && lower.firstOnConnection();
  }

  void sendHead(MessageHead head, boolean end) {
    if (lower != null) {
      lower.sendHead(head, end);
    }
  }

  int send(ByteBuffer data, boolean end) {
    if (lower == null) {
      int all = data.remaining();
      data.position(data.limit());
      return all;
    }
    int taken = lower.send(data, end);
    blocked = data.hasRemaining();
    return taken;
  }

  void sendTrailers(Fields trailers) {
    if (lower != null) {
      lower.sendTrailers(trailers);
    }
  }

  void sendEnd() {
    if (lower != null) {
      lower.sendEnd();
    }
  }

  void resume() {
    if (lower != null) {
      lower.resume();
    }
  }

  void reset(ResetCode code) {
    if (lower != null) {
      lower.reset(code);
    }
  }

  @Override
  public void onHead(MessageHead head, boolean end) {
    stream.onRequestHead((RequestHead) head, end);
  }

  @Override
  public int onData(ByteBuffer data, boolean end) {
    return stream.onRequestData(data, end);
  }

  @Override
  public void onTrailers(Fields trailers) {
    stream.onRequestTrailers(trailers);
  }

  @Override
  public void onEnd() {
    stream.onRequestEnd();
  }

  @Override
  public void onReset(ResetCode code, CloseCause cause) {
    stream.onClientGone(cause);
  }

  @Override
  public void onWritable() {
    blocked = false;
    stream.onClientWritable();
  }

  @Override
  public void onReleased() {
    lower = null;
    stream.onHalfReleased();
  }
}
