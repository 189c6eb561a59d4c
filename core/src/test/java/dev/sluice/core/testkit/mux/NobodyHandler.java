package dev.sluice.core.testkit.mux;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import java.nio.ByteBuffer;

/** Handles nothing, for the moment between a stream and its handler. */
final class NobodyHandler implements StreamHandler {
  static final NobodyHandler INSTANCE = new NobodyHandler();

  @Override
  public void onHead(MessageHead head, boolean end) {}

  @Override
  public int onData(ByteBuffer data, boolean end) {
    return 0;
  }

  @Override
  public void onTrailers(Fields trailers) {}

  @Override
  public void onEnd() {}

  @Override
  public void onReset(ResetCode code, CloseCause cause) {}

  @Override
  public void onWritable() {}

  @Override
  public void onReleased() {}
}
