package dev.sluice.core.connection;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An owner that notes what it is told, and its stream's handler. */
final class TestOwner implements ConnectionOwner, StreamHandler {
  final StreamEndpoint endpoint = new StreamEndpoint(this);
  final List<Connection> ready = new ArrayList<>();
  final List<Failure> failures = new ArrayList<>();
  final List<String> heard = new ArrayList<>();
  private @Nullable Connection pending;

  /** Thrown by the next callback of the stream. */
  @Nullable RuntimeException fault;

  @Override
  public @Nullable Connection pending() {
    return pending;
  }

  @Override
  public void pending(@Nullable Connection connection) {
    pending = connection;
  }

  @Override
  public StreamEndpoint endpoint() {
    return endpoint;
  }

  @Override
  public void onConnectionReady(Connection connection) {
    assert pending == null : "still pending when told";
    assert endpoint.stream() != null : "told before the stream was attached";
    ready.add(connection);
  }

  @Override
  public void onConnectionFailed(Connection connection, Failure failure) {
    assert pending == null : "still pending when told";
    failures.add(failure);
  }

  @Override
  public void onHead(MessageHead head, boolean end) {
    note("head");
  }

  @Override
  public int onData(ByteBuffer data, boolean end) {
    note("data " + data.remaining());
    int length = data.remaining();
    data.position(data.limit());
    return length;
  }

  @Override
  public void onTrailers(Fields trailers) {
    note("trailers");
  }

  @Override
  public void onEnd() {
    note("end");
  }

  @Override
  public void onReset(ResetCode code, CloseCause cause) {
    note("reset " + code + " " + cause);
  }

  @Override
  public void onWritable() {
    note("writable");
  }

  @Override
  public void onReleased() {
    note("released");
  }

  private void note(String what) {
    heard.add(what);
    RuntimeException thrown = fault;
    if (thrown != null) {
      fault = null;
      throw thrown;
    }
  }
}
