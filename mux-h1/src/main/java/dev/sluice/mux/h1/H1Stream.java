package dev.sluice.mux.h1;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import java.nio.ByteBuffer;

/**
 * The lower half of one exchange. A connection has two of these and takes them in turn, so that a
 * call that comes late for one exchange can't reach the next. Confined to its loop.
 */
final class H1Stream implements MuxStream {
  private final H1Mux mux;
  private boolean open;
  private long number;

  H1Stream(H1Mux mux) {
    this.mux = mux;
  }

  void open(long streamNumber) {
    assert !open;
    open = true;
    number = streamNumber;
  }

  void close() {
    open = false;
  }

  @Override
  public void sendHead(MessageHead head, boolean end) {
    if (open) {
      mux.sendHead(head, end);
    }
  }

  @Override
  public int send(ByteBuffer data, boolean end) {
    return open ? mux.send(data, end) : 0;
  }

  @Override
  public void sendTrailers(Fields trailers) {
    if (open) {
      mux.sendTrailers(trailers);
    }
  }

  @Override
  public void sendEnd() {
    if (open) {
      mux.sendEnd();
    }
  }

  @Override
  public void reset(ResetCode code) {
    if (open) {
      mux.reset(code);
    }
  }

  @Override
  public void resume() {
    if (open) {
      mux.resume();
    }
  }

  @Override
  public String protocol() {
    return H1MuxProvider.NAME;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public boolean firstOnConnection() {
    return number == 1;
  }

  @Override
  public boolean answerBegun() {
    return mux.answerBegun();
  }

  @Override
  public String toString() {
    return "h1 stream " + number + (open ? "" : " (over)");
  }
}
