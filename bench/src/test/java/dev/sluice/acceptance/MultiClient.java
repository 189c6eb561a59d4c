package dev.sluice.acceptance;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.mux.TestMuxPeer;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A scripted client of the test mux that multiplexes, which stands in for h2. */
final class MultiClient implements Wire.Handler, TestMuxPeer.Events {
  private final Map<Integer, Integer> statuses = new HashMap<>();
  private final Wire wire;
  private @Nullable TestMuxPeer peer;
  private @Nullable Runnable whenReady;

  private MultiClient(
      Simulation simulation,
      String name,
      InetSocketAddress address,
      @Nullable Supplier<TlsEnd> tls,
      Runnable whenReady) {
    this.whenReady = whenReady;
    this.wire = Wire.over(ScriptedPeer.connect(simulation, name, address), tls, this);
  }

  static MultiClient connect(
      Simulation simulation,
      String name,
      InetSocketAddress address,
      @Nullable Supplier<TlsEnd> tls) {
    return new MultiClient(simulation, name, address, tls, () -> {});
  }

  /** Begins a GET once the connection stands, which is stream 1 if it is the first. */
  void get(String path) {
    TestMuxPeer frames = peer;
    if (frames == null) {
      whenReady = () -> get(path);
    } else {
      frames.request("GET", path, true);
    }
  }

  /** Gives up a stream, if it is there. */
  void cancel(int stream) {
    TestMuxPeer frames = peer;
    if (frames != null) {
      frames.reset(stream, ResetCode.CANCEL);
    }
  }

  Wire wire() {
    return wire;
  }

  /** The status that a stream got, or 0. */
  int status(int stream) {
    return statuses.getOrDefault(stream, 0);
  }

  @Override
  public void onReady(Wire ready) {
    TestMuxPeer made =
        new TestMuxPeer(
            false,
            true,
            0,
            bytes -> {
              if (!ready.over()) {
                ready.write(bytes);
              }
            },
            this);
    peer = made;
    made.start();
    Runnable first = whenReady;
    if (first != null) {
      first.run();
    }
  }

  @Override
  public void onBytes(Wire from, byte[] bytes) {
    TestMuxPeer frames = peer;
    if (frames != null) {
      frames.onBytes(bytes);
    }
  }

  @Override
  public void onEnd(Wire from) {
    from.close();
  }

  @Override
  public void onRequest(int stream, RequestHead head, boolean end) {
    throw new AssertionError("a client got a request");
  }

  @Override
  public void onResponse(int stream, ResponseHead head, boolean end) {
    statuses.put(stream, head.status());
  }

  @Override
  public void onData(int stream, byte[] data, boolean end) {}

  @Override
  public void onTrailers(int stream, Fields trailers) {}

  @Override
  public void onReset(int stream, ResetCode code) {}

  @Override
  public void onDrain() {}
}
