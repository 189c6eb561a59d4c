package dev.sluice.core.mux;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.observe.CloseCause;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The joint of <b>one attempt</b> between a stream connector and a mux stream, on the back side.
 * The connector makes it, hands it to {@link Mux#attach(StreamEndpoint)} (at once, or through the
 * installer when the late mux is known), and drops it whole on a retry: from then on whatever the
 * old mux stream still says goes nowhere. Confined to its loop.
 *
 * <p>States by its two references:
 *
 * <table>
 * <caption>Modes of an endpoint</caption>
 * <tr><th>handler</th><th>stream</th><th>mode</th></tr>
 * <tr><td>set</td><td>null</td><td>waiting for a mux, or refused by one: may be attached</td></tr>
 * <tr><td>set</td><td>set</td><td>attached</td></tr>
 * <tr><td>null</td><td>set</td><td>dropped by its connector; the mux stream is being reset</td></tr>
 * <tr><td>null</td><td>null</td><td>over</td></tr>
 * </table>
 */
public final class StreamEndpoint implements StreamHandler {
  private @Nullable StreamHandler handler;
  private @Nullable MuxStream stream;

  /** An endpoint of a new attempt. */
  public StreamEndpoint(StreamHandler handler) {
    this.handler = handler;
  }

  /** Makes an endpoint that is over ready for another attempt, so that nothing is allocated. */
  public void reopen(StreamHandler newHandler) {
    assert handler == null && stream == null : "an endpoint in use can't be opened again";
    handler = newHandler;
  }

  /** Whether neither half refers to it any more. */
  public boolean over() {
    return handler == null && stream == null;
  }

  /** The mux stream, or null while there is none. */
  public @Nullable MuxStream stream() {
    return stream;
  }

  /** Whether the connector has dropped this endpoint. */
  public boolean dropped() {
    return handler == null;
  }

  /** Called by a mux that takes the stream, as the last step of {@link Mux#attach}. */
  public void attach(MuxStream muxStream) {
    assert handler != null : "attach to a dropped endpoint";
    assert stream == null : "an endpoint belongs to one attempt";
    stream = muxStream;
  }

  /**
   * The connector lets go: nothing of this attempt reaches it any more, and the mux stream, if
   * there is one, is reset.
   */
  public void drop(ResetCode code) {
    handler = null;
    MuxStream attached = stream;
    if (attached != null) {
      attached.reset(code);
    }
  }

  @Override
  public void onHead(MessageHead head, boolean end) {
    if (handler != null) {
      handler.onHead(head, end);
    }
  }

  @Override
  public int onData(ByteBuffer data, boolean end) {
    if (handler != null) {
      return handler.onData(data, end);
    }
    int length = data.remaining();
    data.position(data.limit());
    return length;
  }

  @Override
  public void onTrailers(Fields trailers) {
    if (handler != null) {
      handler.onTrailers(trailers);
    }
  }

  @Override
  public void onEnd() {
    if (handler != null) {
      handler.onEnd();
    }
  }

  @Override
  public void onReset(ResetCode code, CloseCause cause) {
    if (handler != null) {
      handler.onReset(code, cause);
    }
  }

  @Override
  public void onWritable() {
    if (handler != null) {
      handler.onWritable();
    }
  }

  @Override
  public void onReleased() {
    stream = null;
    StreamHandler told = handler;
    handler = null;
    if (told != null) {
      told.onReleased();
    }
  }
}
