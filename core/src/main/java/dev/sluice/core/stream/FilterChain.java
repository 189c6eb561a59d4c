package dev.sluice.core.stream;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.TurnTask;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The filters of an exchange, between its front connector and the stream. One for each stream that
 * ever had filters, used again. Confined to its loop.
 *
 * <p>What a filter decides for the whole exchange, to answer or to fail, is carried out later in
 * the turn, when no callback is on the stack any more; until then both directions stand still.
 */
final class FilterChain {
  private static final Logger LOGGER = System.getLogger(FilterChain.class.getName());

  private final ProxyStream stream;
  private final FrontStreamConnector front;
  private final RequestFlow request;
  private final ResponseFlow response;
  private final VerdictTask verdictTask = new VerdictTask();
  private final FlushTask flushTask = new FlushTask();

  private FilterStage[] stages = new FilterStage[0];
  private FilterPort[] responseOrder = new FilterPort[0];
  private FilterPort[] requestOrder = new FilterPort[0];
  private int count;
  private boolean open;
  private boolean responseBegun;

  /** What a filter answers with, and which one. */
  private @Nullable FixedResponse answer;

  private int answeredBy;

  /** Why the exchange fails. */
  private @Nullable String failure;

  private CloseCause failureCause = CloseCause.FILTER_FAILED;

  FilterChain(ProxyStream stream, FrontStreamConnector front) {
    this.stream = stream;
    this.front = front;
    RequestHead likewise = stream.request();
    this.request = new RequestFlow(this);
    this.response =
        new ResponseFlow(
            this, front, likewise.fields().fieldBytesMax(), likewise.fields().fieldCountMax());
  }

  ProxyStream stream() {
    return stream;
  }

  // ---- the beginning and the end ----

  /** The head of the request is here: filters are made and see it. */
  void begin(List<FilterFactory> factories, boolean end) {
    makeRoom(factories.size());
    answer = null;
    failure = null;
    responseBegun = false;
    open = true;
    count = 0;
    try {
      for (int i = 0; i < factories.size(); i++) {
        ExchangeFilter made = factories.get(i).create();
        stages[i].open(Objects.requireNonNull(made, "a filter"), factories.size());
        count = i + 1;
      }
    } catch (RuntimeException e) {
      broken(e);
    }
    for (int i = 0; i < count; i++) {
      requestOrder[i] = stages[i].request;
      responseOrder[count - 1 - i] = stages[i].response;
    }
    request.open(requestOrder, count);
    response.open(responseOrder, count);
    request.head(end);
  }

  private void makeRoom(int size) {
    if (stages.length >= size) {
      return;
    }
    stages = new FilterStage[size];
    for (int i = 0; i < size; i++) {
      stages[i] = new FilterStage(this, i, request, response);
    }
    requestOrder = new FilterPort[size];
    responseOrder = new FilterPort[size];
  }

  /** The exchange is over. */
  void end(ExchangeRecord record) {
    if (!open) {
      return;
    }
    open = false;
    answer = null;
    failure = null;
    for (int i = 0; i < count; i++) {
      FilterStage stage = stages[i];
      ExchangeFilter filter = stage.filter();
      stage.close();
      try {
        filter.onExchangeEnd(record);
      } catch (RuntimeException e) {
        warn(e);
      }
    }
    count = 0;
  }

  // ---- what filters decide ----

  /** Whether a verdict on the whole exchange is about to be carried out. */
  boolean halted() {
    return answer != null || failure != null;
  }

  boolean responseBegun() {
    return responseBegun;
  }

  /** Whether a filter holds something: then nobody else is to blame for the silence. */
  boolean held() {
    return open && ((request.held() && !stream.dropsRequest()) || response.held());
  }

  void answer(int index, FixedResponse with) {
    answeredBy = index;
    answer = with;
    stream.loop().pend(verdictTask);
  }

  void broken(RuntimeException problem) {
    warn(problem);
    fail("a filter failed: " + problem);
  }

  void fail(String words) {
    fail(CloseCause.FILTER_FAILED, words);
  }

  /** There is no buffer for what a filter writes. */
  void exhausted() {
    fail(CloseCause.RESOURCE_LIMIT, "no buffer for what a filter writes: buffersMax");
  }

  private void fail(CloseCause cause, String words) {
    failureCause = cause;
    failure = words;
    stream.loop().pend(verdictTask);
  }

  private void warn(RuntimeException problem) {
    EventLoop loop = stream.loop();
    loop.logLimiter().warn(LOGGER, loop.nowNanos(), "a filter failed", problem);
  }

  /** A direction was held for too long. */
  void onDeadline(FilterPort port) {
    if (concerns(port)) {
      fail("a filter did not go on by its deadline");
    }
  }

  /** Whether anybody still needs what passes this port. */
  private boolean concerns(FilterPort port) {
    return open && !(port.flow == request && stream.dropsRequest());
  }

  /** A direction that was held goes on. */
  void onDecided(FilterPort port, FilterHold.Outcome decision) {
    if (!concerns(port)) {
      return;
    }
    FixedResponse with = decision.response();
    if (with != null) {
      if (responseBegun) {
        fail("a filter answered after a response had begun");
      } else {
        answer(port.stage.index(), with);
      }
      return;
    }
    Runnable first = decision.first();
    if (first != null) {
      try {
        first.run();
      } catch (RuntimeException e) {
        broken(e);
        return;
      }
    }
    stream.onFilterResumed();
    port.flow.advance();
    if (port.flow == request) {
      resumeClient();
    } else {
      stream.onClientWritable();
    }
  }

  // ---- the request ----

  int requestData(ByteBuffer data, boolean end) {
    if (stream.dropsRequest()) {
      request.restart(count);
      return stream.onRequestData(data, end);
    }
    return request.data(data, end);
  }

  void requestTrailers(Fields trailers) {
    if (stream.dropsRequest()) {
      stream.onRequestTrailers(trailers);
    } else {
      request.trailers(trailers);
    }
  }

  void requestEnd() {
    if (stream.dropsRequest()) {
      stream.onRequestEnd();
    } else {
      request.end();
    }
  }

  /** The stream takes content again: first what waits here, then what the client still has. */
  void resumeClient() {
    if (!stream.dropsRequest() && request.pending()) {
      stream.loop().pend(flushTask);
    } else {
      front.passResume();
    }
  }

  // ---- the response ----

  void responseHead(ResponseHead head, boolean end) {
    if (!head.isInformational() || head.status() == 101) {
      response.begin(head, end);
      return;
    }
    if (passesInformational(head)) {
      front.passHead(head, false);
    }
  }

  private boolean passesInformational(ResponseHead head) {
    for (int i = count - 1; i >= 0 && !halted(); i--) {
      try {
        if (!stages[i].filter().onInformationalHead(head, stages[i])) {
          return false;
        }
      } catch (RuntimeException e) {
        broken(e);
      }
    }
    return !halted();
  }

  int responseData(ByteBuffer data, boolean end) {
    return response.data(data, end);
  }

  void responseTrailers(Fields trailers) {
    response.trailers(trailers);
  }

  void responseEnd() {
    response.end();
  }

  /** The final head goes to the client as it is now. */
  void onResponseHeadPasses(ResponseHead head) {
    responseBegun = true;
    if (opensTunnel(head.status())) {
      request.enterTunnel();
      response.enterTunnel();
    }
  }

  boolean opensTunnel(int status) {
    return status == 101 || (stream.request().isConnect() && status / 100 == 2);
  }

  /** Whether something for the client waits here. */
  boolean responsePending() {
    return open && response.pending();
  }

  /** The client takes more. */
  void onClientWritable() {
    if (open) {
      response.advance();
    }
  }

  /** Carries out what a filter has decided for the whole exchange. */
  private final class VerdictTask extends TurnTask {
    @Override
    protected void runTurn() {
      String words = failure;
      FixedResponse with = answer;
      failure = null;
      answer = null;
      if (!open) {
        return;
      }
      if (words != null) {
        request.restart(count);
        response.restart(count);
        stream.onFilterFailed(failureCause, words, responseBegun);
      } else if (with != null) {
        request.restart(count);
        response.restart(count - answeredBy);
        stream.onFilterAnswer(with);
      }
    }

    @Override
    protected void onTurnFailure(Throwable problem) {
      stream.onBroken(problem);
    }
  }

  /** Sends on what waits in the request's direction. */
  private final class FlushTask extends TurnTask {
    @Override
    protected void runTurn() {
      if (open) {
        request.advance();
        if (!halted() && !request.pending()) {
          front.passResume();
        }
      }
    }

    @Override
    protected void onTurnFailure(Throwable problem) {
      stream.onBroken(problem);
    }
  }
}
