package dev.sluice.app;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Commands that a person can paste, each with what it shows. */
final class CurlLines {
  private CurlLines() {}

  /**
   * A command.
   *
   * @param shows what is worth seeing
   * @param command the line to paste
   */
  record Line(String shows, String command) {}

  /**
   * One for each thing that is worth a try.
   *
   * @param authority the file with the certificate to trust
   */
  static List<Line> of(DemoProxy proxy, Path authority) {
    URI clear = proxy.uri(Entrance.CLEAR, "");
    URI tls = proxy.uri(Entrance.TLS, "");
    String trusting = "curl --cacert " + authority + " ";
    String named = OriginKind.NO_ALPN.key() + "." + DemoRouter.DOMAIN + ":" + tls.getPort();
    return List.of(
        new Line("answered by the engine itself", "curl " + clear),
        new Line(
            "twice over one connection of yours, and over two to the origins",
            "curl " + clear + "/clear/hello " + clear + "/alpn/hello"),
        new Line("h2 over TLS on either side", trusting + "--http2 " + tls + "/alpn/hello"),
        new Line("h1 to h2, both over TLS", trusting + "--http1.1 " + tls + "/h2/hello"),
        new Line(
            "clear HTTP/2 on either side",
            "curl --http2-prior-knowledge " + clear + "/clear-h2/hello"),
        new Line("no common protocol", trusting + "-i " + tls + "/irc/hello"),
        new Line("an upload", trusting + "-d 'some content' " + tls + "/alpn/hash"),
        new Line("a download", trusting + "-o /dev/null " + tls + "/no-alpn/bytes/50000000"),
        new Line(
            "the host name decides: which certificate, and which origin",
            trusting + "--resolve " + named + ":127.0.0.1 https://" + named + "/hello"),
        new Line("plain HTTP to the TLS port", "curl http://localhost:" + tls.getPort()));
  }
}
