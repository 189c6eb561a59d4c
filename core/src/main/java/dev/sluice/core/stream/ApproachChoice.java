package dev.sluice.core.stream;

import dev.sluice.core.backend.Approach;
import dev.sluice.core.backend.Server;
import dev.sluice.core.backend.pool.PoolKey;
import dev.sluice.core.config.ProxyProtocolVersion;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.observe.ClientFacts;
import dev.sluice.core.transport.ProxyHeader;
import dev.sluice.core.transport.TransportTarget;
import org.jspecify.annotations.Nullable;

/**
 * By which approach an exchange goes to a server, and with which pool key: a websocket that can't
 * go over h2 goes where h2 is not offered. Confined to its loop.
 */
final class ApproachChoice {
  private static final String WEBSOCKET = "websocket";

  private final ProxyStream stream;
  private @Nullable TransportTarget destination;
  private boolean single;

  ApproachChoice(ProxyStream stream) {
    this.stream = stream;
  }

  /** A new exchange, to this destination instead of the server's own, if there is one. */
  void begin(@Nullable TransportTarget override) {
    destination = override;
    single = false;
  }

  Approach choose(Server to) {
    Approach other = to.singleApproach();
    if (other == null) {
      single = false;
      return to.approach();
    }
    if (asksForWebSocket()) {
      single |= to.approach().hint(key(to, to.approach())).webSocketsRefused();
    }
    return single ? other : to.approach();
  }

  /** In whichever version of HTTP. */
  private boolean asksForWebSocket() {
    RequestHead request = stream.request();
    return request.hasProtocol() && WEBSOCKET.equalsIgnoreCase(request.protocol());
  }

  PoolKey key(Server of, Approach by) {
    TransportTarget override = destination;
    PoolKey key = by.key();
    if (override != null) {
      key = key.withTarget(override);
    }
    ProxyProtocolVersion version = of.config().proxyHeader();
    if (version != null) {
      ClientFacts client = stream.client();
      key = key.withProxyHeader(ProxyHeader.of(version, client.address(), client.reachedAt()));
    }
    return key;
  }

  /**
   * The server wants the request over HTTP/1.1.
   *
   * @return whether there is another approach to it, which is chosen from now on
   */
  boolean onHttp11Required(Server by) {
    if (single || by.singleApproach() == null) {
      return false;
    }
    single = true;
    if (asksForWebSocket()) {
      rememberWebSockets(by, true);
    }
    return true;
  }

  /** The server speaks nothing of what was offered. */
  void onNoCommonProtocol(Server with) {
    if (single) {
      rememberWebSockets(with, false);
    }
  }

  private void rememberWebSockets(Server of, boolean refused) {
    of.approach().hint(key(of, of.approach())).webSocketsRefused(refused);
  }
}
