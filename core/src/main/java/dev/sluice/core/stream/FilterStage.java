package dev.sluice.core.stream;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.RequestHead;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One filter of one exchange, and what it may ask. Confined to its loop; used again. */
final class FilterStage implements FilterCall {
  private static final ExchangeFilter NONE = new ExchangeFilter() {};

  final FilterPort request;
  final FilterPort response;

  private final FilterChain chain;
  private final int index;
  private ExchangeFilter filter = NONE;

  /** The direction whose callback is under way. */
  private @Nullable FilterPort current;

  private boolean headUnderWay;

  FilterStage(FilterChain chain, int index, FilterFlow requestFlow, FilterFlow responseFlow) {
    this.chain = chain;
    this.index = index;
    this.request = new FilterPort(this, requestFlow);
    this.response = new FilterPort(this, responseFlow);
  }

  void open(ExchangeFilter of, int count) {
    filter = of;
    request.place = index;
    response.place = count - 1 - index;
  }

  void close() {
    request.clear();
    response.clear();
    filter = NONE;
  }

  int index() {
    return index;
  }

  ExchangeFilter filter() {
    return filter;
  }

  /** A callback begins. */
  void enter(FilterPort port, boolean head) {
    assert current == null : "one callback of a filter at a time";
    current = port;
    headUnderWay = head;
  }

  /** It is over. */
  void leave() {
    current = null;
    headUnderWay = false;
  }

  private FilterPort within(String call) {
    FilterPort port = current;
    if (port == null) {
      throw new IllegalStateException(call + " may be called only within a filter's callback");
    }
    return port;
  }

  @Override
  public RequestHead request() {
    return chain.stream().request();
  }

  @Override
  public String frontend() {
    return chain.stream().settings().frontend();
  }

  @Override
  public @Nullable SocketAddress clientAddress() {
    return chain.stream().client().address();
  }

  @Override
  public @Nullable String serverName() {
    return chain.stream().client().serverName();
  }

  @Override
  public boolean responseBegun() {
    return chain.responseBegun();
  }

  @Override
  public void rewriteContent() {
    FilterPort port = within("rewriteContent");
    if (!headUnderWay) {
      throw new IllegalStateException("rewriteContent belongs into the callback for a head");
    }
    port.rewrites = true;
    port.flow.onRewriting();
  }

  @Override
  public int write(ByteBuffer bytes) {
    FilterPort port = within("write");
    if (headUnderWay && !port.rewrites) {
      throw new IllegalStateException("write before rewriteContent in the callback for a head");
    }
    return port.flow.write(port, bytes);
  }

  @Override
  public int room() {
    FilterPort port = within("room");
    return port.rewrites ? port.buffer.room(chain.stream().loop().heapBuffers()) : 0;
  }

  @Override
  public void answer(FixedResponse with) {
    Objects.requireNonNull(with, "response");
    undecided(within("answer"));
    if (chain.responseBegun()) {
      throw new IllegalStateException("a response has begun: it is too late to answer");
    }
    chain.answer(index, with);
  }

  @Override
  public FilterSuspension suspend(Duration deadline) {
    FilterPort port = within("suspend");
    undecided(port);
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("the deadline of a suspension must be positive");
    }
    FilterHold made = new FilterHold(port, chain, chain.stream().loop(), deadline);
    port.hold = made;
    return made;
  }

  private void undecided(FilterPort port) {
    if (port.held() || chain.halted()) {
      throw new IllegalStateException("answer and suspend: at most one, once, in a callback");
    }
  }
}
