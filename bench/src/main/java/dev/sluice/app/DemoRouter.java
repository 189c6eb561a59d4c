package dev.sluice.app;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.stream.Router;
import dev.sluice.core.stream.RoutingCall;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the origin by host name ({@code alpn.sluice.test}), else by the first segment of the path
 * ({@code /alpn/hello}), which it takes off. What leads nowhere is answered by the engine itself.
 */
final class DemoRouter implements Router {
  /** Host names end in this. RFC 6761 6.2: nobody else has names below {@code test}. */
  static final String DOMAIN = "sluice.test";

  private static final FixedResponse INDEX =
      FixedResponse.text(
          200,
          """
          This is Sluice itself. The origins are at

            /clear     HTTP/1.1 without TLS
            /clear-h2  HTTP/2 without TLS
            /alpn      TLS, h2 or http/1.1 by ALPN
            /h2        TLS that speaks only h2
            /h1        TLS that speaks only http/1.1
            /no-alpn   TLS without ALPN
            /irc       TLS that speaks only irc: fails

          and each of them answers /hello, /bytes/<count>, and a POST to /hash.
          """);
  private static final FixedResponse NOWHERE =
      FixedResponse.text(404, "Leads to no origin; / tells what there is.\n");

  @Override
  public void route(RoutingCall call) {
    RequestHead request = call.request();
    ClientKind client = ClientKind.of(Entrance.of(call.frontend()), request.version());
    OriginKind byHost = byHost(request.authority());
    if (byHost != null) {
      call.forward(new Pairing(client, byHost).backend());
      return;
    }
    String path = request.path();
    if (path == null || !path.startsWith("/")) {
      call.answer(NOWHERE);
      return;
    }
    int end = segmentEnd(path);
    OriginKind byPath = OriginKind.of(path.substring(1, end));
    if (byPath == null) {
      call.answer(end == 1 && !path.startsWith("//") ? INDEX : NOWHERE);
      return;
    }
    String rest = path.substring(end);
    request.setPath(rest.startsWith("/") ? rest : "/" + rest);
    call.forward(new Pairing(client, byPath).backend());
  }

  private static @Nullable OriginKind byHost(@Nullable String authority) {
    if (authority == null) {
      return null;
    }
    int colon = authority.indexOf(':');
    String host = (colon < 0 ? authority : authority.substring(0, colon)).toLowerCase(Locale.ROOT);
    return host.endsWith("." + DOMAIN)
        ? OriginKind.of(host.substring(0, host.length() - DOMAIN.length() - 1))
        : null;
  }

  /** Where the first segment ends: at the next slash, the query, or the end. */
  private static int segmentEnd(String path) {
    for (int i = 1; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '/' || c == '?') {
        return i;
      }
    }
    return path.length();
  }
}
