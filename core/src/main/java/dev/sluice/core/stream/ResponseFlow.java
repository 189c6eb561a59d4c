package dev.sluice.core.stream;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.ResponseHead;
import java.nio.ByteBuffer;

/**
 * From the stream through the filters to the client. Works on a copy of the head, so that it can be
 * held and rewritten. Confined to its loop.
 */
final class ResponseFlow extends FilterFlow {
  private final FrontStreamConnector front;
  private final ResponseHead head;

  private boolean opensTunnel;

  /** A filter has made the response one that can't have content (RFC 9110 6.4.1). */
  private boolean contentDropped;

  ResponseFlow(FilterChain chain, FrontStreamConnector front, int headBytesMax, int fieldCountMax) {
    super(chain);
    this.front = front;
    this.head = new ResponseHead(headBytesMax, fieldCountMax);
  }

  /** A head, final or 101, on its way. */
  void begin(ResponseHead from, boolean end) {
    contentDropped = false;
    opensTunnel = chain.opensTunnel(from.status());
    if (head.copyFrom(from)) {
      head(end);
    } else {
      chain.fail("the head of the response is larger than headBytesMax");
    }
  }

  @Override
  void callHead(FilterPort port, boolean end) {
    port.filter().onResponseHead(head, end, port.stage);
  }

  @Override
  void onRewriting() {
    super.onRewriting();
    head.fields().remove(FieldName.CONTENT_LENGTH);
  }

  @Override
  void callData(FilterPort port, ByteBuffer data) {
    port.filter().onResponseData(data, port.stage);
  }

  @Override
  void callTrailers(FilterPort port, Fields section) {
    port.filter().onResponseTrailers(section, port.stage);
  }

  @Override
  boolean callEnd(FilterPort port) {
    return port.filter().onResponseEnd(port.stage);
  }

  @Override
  void passHead(boolean end) {
    if (chain.opensTunnel(head.status()) != opensTunnel) {
      chain.fail("a filter changed the status of a response that opens a tunnel, or made one");
      return;
    }
    chain.onResponseHeadPasses(head);
    boolean bodyless = head.bodyless() && head.status() != 101;
    contentDropped = chain.stream().request().isHead() || bodyless;
    front.passHead(head, end || contentDropped);
  }

  @Override
  void passData(ByteBuffer data, boolean end) {
    if (contentDropped) {
      data.position(data.limit());
    } else {
      front.passData(data, end);
    }
  }

  @Override
  void passTrailers(Fields section) {
    if (!contentDropped) {
      front.passTrailers(section);
    }
  }

  @Override
  void passEnd() {
    if (!contentDropped) {
      front.passEnd();
    }
  }
}
