package dev.sluice.core.testkit.mux;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The upper half of a stream whose mux is being checked: notes what it is told, and fails where the
 * order of {@link StreamHandler} is broken or it is called from within a call down.
 */
public final class ContractHandler implements StreamHandler {
  private final ContractHost host;
  private final List<String> calls = new ArrayList<>();
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private @Nullable Consumer<String> hook;
  private int takeMax = Integer.MAX_VALUE;
  private boolean ended;
  private boolean reset;
  private boolean released;

  ContractHandler(ContractHost host) {
    this.host = host;
  }

  /** Has an action run within every callback but the last, given its name. */
  void within(Consumer<String> action) {
    hook = action;
  }

  /** Takes so many bytes of each offer at most. */
  void takeMax(int bytes) {
    takeMax = bytes;
  }

  List<String> calls() {
    return calls;
  }

  byte[] content() {
    return content.toByteArray();
  }

  boolean ended() {
    return ended;
  }

  boolean wasReset() {
    return reset;
  }

  boolean released() {
    return released;
  }

  int count(String call) {
    return (int) calls.stream().filter(call::equals).count();
  }

  @Override
  public void onHead(MessageHead head, boolean end) {
    check("onHead");
    endIf(end);
    call("onHead");
  }

  @Override
  public int onData(ByteBuffer data, boolean end) {
    check("onData");
    if (ended) {
      throw new AssertionError("onData after the end: " + calls);
    }
    if (!data.hasRemaining()) {
      throw new AssertionError("onData without data: " + calls);
    }
    int n = Math.min(takeMax, data.remaining());
    for (int i = 0; i < n; i++) {
      content.write(data.get());
    }
    endIf(end && !data.hasRemaining());
    call("onData");
    return n;
  }

  @Override
  public void onTrailers(Fields trailers) {
    check("onTrailers");
    endIf(true);
    call("onTrailers");
  }

  @Override
  public void onEnd() {
    check("onEnd");
    endIf(true);
    call("onEnd");
  }

  @Override
  public void onReset(ResetCode code, CloseCause cause) {
    check("onReset");
    reset = true;
    call("onReset");
  }

  @Override
  public void onWritable() {
    check("onWritable");
    call("onWritable");
  }

  @Override
  public void onReleased() {
    if (released) {
      throw new AssertionError("released twice: " + calls);
    }
    if (host.inCallDown()) {
      throw new AssertionError("onReleased from within a call down: " + calls);
    }
    released = true;
    calls.add("onReleased");
  }

  private void check(String call) {
    if (host.inCallDown()) {
      throw new AssertionError(call + " from within a call down: " + calls);
    }
    if (released || reset) {
      throw new AssertionError(call + " after " + calls);
    }
  }

  private void endIf(boolean end) {
    if (end) {
      if (ended) {
        throw new AssertionError("ended twice: " + calls);
      }
      ended = true;
    }
  }

  private void call(String call) {
    calls.add(call);
    Consumer<String> action = hook;
    if (action != null) {
      action.accept(call);
    }
  }
}
