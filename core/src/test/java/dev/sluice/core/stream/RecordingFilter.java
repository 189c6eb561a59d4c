package dev.sluice.core.stream;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.observe.ExchangeRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notes which callbacks come, each once, and does what a test wants in one of them. What is told of
 * its exchange goes to the list of the sort, {@link Sort}.
 */
final class RecordingFilter implements ExchangeFilter {
  private final Sort sort;

  private RecordingFilter(Sort sort) {
    this.sort = sort;
  }

  /** What the filters of one sort have in common, and the factory for them. */
  static final class Sort implements FilterFactory {
    final String name;
    final List<String> events;
    final Map<String, Consumer<FilterCall>> actions = new HashMap<>();
    @Nullable BiConsumer<ByteBuffer, FilterCall> content;
    int made;
    int ended;
    int lastStatus;

    Sort(String name, List<String> events) {
      this.name = name;
      this.events = events;
    }

    static Sort named(String name) {
      return new Sort(name, new ArrayList<>());
    }

    /** Does something in a callback. */
    Sort at(String callback, Consumer<FilterCall> action) {
      actions.put(callback, action);
      return this;
    }

    /** Rewrites the content of both directions. */
    Sort rewriting(BiConsumer<ByteBuffer, FilterCall> newContent) {
      content = newContent;
      at("requestHead", FilterCall::rewriteContent);
      return at("responseHead", FilterCall::rewriteContent);
    }

    @Override
    public ExchangeFilter create() {
      made++;
      return new RecordingFilter(this);
    }
  }

  private void note(String callback, FilterCall call) {
    String event = sort.name + "." + callback;
    if (!sort.events.contains(event)) {
      sort.events.add(event);
    }
    Consumer<FilterCall> action = sort.actions.get(callback);
    if (action != null) {
      action.accept(call);
    }
  }

  private void content(ByteBuffer data, FilterCall call) {
    BiConsumer<ByteBuffer, FilterCall> own = sort.content;
    if (own != null) {
      own.accept(data, call);
    } else {
      call.write(data);
    }
  }

  @Override
  public void onRequestHead(RequestHead head, boolean end, FilterCall call) {
    note("requestHead", call);
  }

  @Override
  public void onRequestData(ByteBuffer data, FilterCall call) {
    note("requestData", call);
    content(data, call);
  }

  @Override
  public void onRequestTrailers(Fields trailers, FilterCall call) {
    note("requestTrailers", call);
  }

  @Override
  public boolean onRequestEnd(FilterCall call) {
    note("requestEnd", call);
    return true;
  }

  @Override
  public boolean onInformationalHead(ResponseHead head, FilterCall call) {
    note("informational", call);
    return true;
  }

  @Override
  public void onResponseHead(ResponseHead head, boolean end, FilterCall call) {
    sort.lastStatus = head.status();
    note("responseHead", call);
  }

  @Override
  public void onResponseData(ByteBuffer data, FilterCall call) {
    note("responseData", call);
    content(data, call);
  }

  @Override
  public void onResponseTrailers(Fields trailers, FilterCall call) {
    note("responseTrailers", call);
  }

  @Override
  public boolean onResponseEnd(FilterCall call) {
    note("responseEnd", call);
    return true;
  }

  @Override
  public void onExchangeEnd(ExchangeRecord record) {
    sort.ended++;
    sort.events.add(sort.name + ".over");
  }
}
