package dev.sluice.core.connection;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.testkit.mux.TestMuxPeer;

/** For a peer that only speaks. */
final class DeafEvents implements TestMuxPeer.Events {
  @Override
  public void onRequest(int stream, RequestHead head, boolean end) {}

  @Override
  public void onResponse(int stream, ResponseHead head, boolean end) {}

  @Override
  public void onData(int stream, byte[] data, boolean end) {}

  @Override
  public void onTrailers(int stream, Fields trailers) {}

  @Override
  public void onReset(int stream, ResetCode code) {}

  @Override
  public void onDrain() {}
}
