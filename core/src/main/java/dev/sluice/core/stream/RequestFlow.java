package dev.sluice.core.stream;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import java.nio.ByteBuffer;

/** From the client through the filters to the stream. Confined to its loop. */
final class RequestFlow extends FilterFlow {
  RequestFlow(FilterChain chain) {
    super(chain);
  }

  @Override
  void callHead(FilterPort port, boolean end) {
    RequestHead head = chain.stream().request();
    port.filter().onRequestHead(head, end, port.stage);
  }

  @Override
  void onRewriting() {
    super.onRewriting();
    chain.stream().request().fields().remove(FieldName.CONTENT_LENGTH);
  }

  @Override
  void callData(FilterPort port, ByteBuffer data) {
    port.filter().onRequestData(data, port.stage);
  }

  @Override
  void callTrailers(FilterPort port, Fields section) {
    port.filter().onRequestTrailers(section, port.stage);
  }

  @Override
  boolean callEnd(FilterPort port) {
    return port.filter().onRequestEnd(port.stage);
  }

  @Override
  void passHead(boolean end) {
    chain.stream().route(end);
  }

  @Override
  void passData(ByteBuffer data, boolean end) {
    chain.stream().onRequestData(data, end);
  }

  @Override
  void passTrailers(Fields section) {
    chain.stream().onRequestTrailers(section);
  }

  @Override
  void passEnd() {
    chain.stream().onRequestEnd();
  }
}
