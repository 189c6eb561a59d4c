package dev.sluice.core.stream;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client side of an exchange: one mux stream from beginning to end. Confined to its loop. */
final class FrontStreamConnector implements StreamHandler {
  private final ProxyStream stream;
  private @Nullable MuxStream lower;
  private List<FilterFactory> factories = List.of();

  /** The filters of the present exchange, from the head of its request on; null without any. */
  private @Nullable FilterChain filters;

  /** A chain of an earlier exchange, to be used again. */
  private @Nullable FilterChain spare;

  /** A send took less than it was given; the client is what is waited for. */
  private boolean blocked;

  FrontStreamConnector(ProxyStream stream) {
    this.stream = stream;
  }

  void open(MuxStream muxStream, List<FilterFactory> filterFactories) {
    lower = muxStream;
    factories = filterFactories;
    blocked = false;
  }

  /** The head of the request is here: it passes the filters, and then is routed. */
  void filterRequest(boolean end) {
    if (factories.isEmpty()) {
      stream.route(end);
      return;
    }
    FilterChain chain = spare;
    if (chain == null) {
      chain = new FilterChain(stream, this);
      spare = chain;
    }
    filters = chain;
    chain.begin(factories, end);
  }

  /** The exchange is over. */
  void endFilters(ExchangeRecord record) {
    FilterChain chain = filters;
    if (chain != null) {
      filters = null;
      chain.end(record);
    }
  }

  /** Whether the mux has let go of the stream. */
  boolean released() {
    return lower == null;
  }

  boolean blocked() {
    return blocked || (filters != null && filters.responsePending());
  }

  /** Whether a filter holds the exchange: then nobody else is to blame for the silence. */
  boolean held() {
    return filters != null && filters.held();
  }

  boolean firstOnConnection() {
    return lower != null && lower.firstOnConnection();
  }

  // ---- what the stream sends, through the filters ----

  void sendHead(ResponseHead head, boolean end) {
    if (filters != null) {
      filters.responseHead(head, end);
    } else {
      passHead(head, end);
    }
  }

  int send(ByteBuffer data, boolean end) {
    if (lower == null) {
      int all = data.remaining();
      data.position(data.limit());
      return all;
    }
    int taken = filters != null ? filters.responseData(data, end) : passData(data, end);
    blocked = data.hasRemaining();
    stream.record().addToClient(taken);
    return taken;
  }

  void sendTrailers(Fields trailers) {
    if (filters != null) {
      filters.responseTrailers(trailers);
    } else {
      passTrailers(trailers);
    }
  }

  void sendEnd() {
    if (filters != null) {
      filters.responseEnd();
    } else {
      passEnd();
    }
  }

  void resume() {
    if (filters != null) {
      filters.resumeClient();
    } else {
      passResume();
    }
  }

  // ---- calls down ----

  void passHead(ResponseHead head, boolean end) {
    if (lower != null) {
      if (!head.isInformational() || head.status() == 101) {
        stream.record().status(head.status());
      }
      lower.sendHead(head, end);
    }
  }

  int passData(ByteBuffer data, boolean end) {
    return lower != null ? lower.send(data, end) : 0;
  }

  void passTrailers(Fields trailers) {
    if (lower != null) {
      lower.sendTrailers(trailers);
    }
  }

  void passEnd() {
    if (lower != null) {
      lower.sendEnd();
    }
  }

  void passResume() {
    if (lower != null) {
      lower.resume();
    }
  }

  void reset(ResetCode code) {
    if (lower != null) {
      lower.reset(code);
    }
  }

  @Override
  public void onHead(MessageHead head, boolean end) {
    stream.onRequestHead((RequestHead) head, end);
  }

  @Override
  public int onData(ByteBuffer data, boolean end) {
    return filters != null ? filters.requestData(data, end) : stream.onRequestData(data, end);
  }

  @Override
  public void onTrailers(Fields trailers) {
    if (filters != null) {
      filters.requestTrailers(trailers);
    } else {
      stream.onRequestTrailers(trailers);
    }
  }

  @Override
  public void onEnd() {
    if (filters != null) {
      filters.requestEnd();
    } else {
      stream.onRequestEnd();
    }
  }

  @Override
  public void onReset(ResetCode code, CloseCause cause) {
    stream.onClientGone(cause);
  }

  @Override
  public void onWritable() {
    blocked = false;
    if (filters != null) {
      filters.onClientWritable();
    }
    stream.onClientWritable();
  }

  @Override
  public void onReleased() {
    lower = null;
    stream.onHalfReleased();
  }
}
