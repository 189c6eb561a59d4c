package dev.sluice.examples;

import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.stream.ExchangeFilter;
import dev.sluice.core.stream.FilterCall;
import java.net.InetSocketAddress;

// guide: headers
/** Tells servers who the client is, and clients nothing of the servers. */
final class ForwardedFilter implements ExchangeFilter {
  @Override
  public void onRequestHead(RequestHead head, boolean end, FilterCall call) {
    if (call.clientAddress() instanceof InetSocketAddress client) {
      head.fields().set("x-forwarded-for", client.getAddress().getHostAddress());
    }
  }

  @Override
  public void onResponseHead(ResponseHead head, boolean end, FilterCall call) {
    head.fields().remove("server");
  }
}
// guide: headers
