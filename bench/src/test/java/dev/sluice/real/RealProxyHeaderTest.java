package dev.sluice.real;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ProxyProtocolVersion;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.stream.RoutingCall;
import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.TlsTrust;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The matrix of the PROXY protocol: curl's own port is what whoever answers takes for the client's.
 *
 * <table>
 * <caption>Cells; the check is the same in each</caption>
 * <tr><th>in front of the engine</th><th>answers</th></tr>
 * <tr><td>nothing; haproxy with send-proxy, with send-proxy-v2, with send-proxy-v2 and TLS behind
 *     it</td>
 *     <td>the engine; nginx with proxy_protocol, haproxy with accept-proxy, each of them clear with
 *     version 1, clear with version 2, and version 2 in front of TLS</td></tr>
 * </table>
 */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealProxyHeaderTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Who is in front of the engine. */
  private enum Before {
    NOTHING,
    HAPROXY_V1,
    HAPROXY_V2,
    HAPROXY_V2_TLS
  }

  /** Who answers. */
  private enum Answering {
    ENGINE(ProxyProtocolVersion.V1, false),
    NGINX_V1(ProxyProtocolVersion.V1, false),
    NGINX_V2(ProxyProtocolVersion.V2, false),
    NGINX_V2_TLS(ProxyProtocolVersion.V2, true),
    HAPROXY_V1(ProxyProtocolVersion.V1, false),
    HAPROXY_V2(ProxyProtocolVersion.V2, false),
    HAPROXY_V2_TLS(ProxyProtocolVersion.V2, true);

    final ProxyProtocolVersion version;
    final boolean tls;

    Answering(ProxyProtocolVersion version, boolean tls) {
      this.version = version;
      this.tls = tls;
    }

    /** Its place among the ports. */
    int place() {
      return (name().startsWith("NGINX") ? 0 : 2) + (tls ? 1 : 0);
    }
  }

  private final int[] ports = new int[7];
  private Path folder;
  private Programs programs;
  private ProxyEngine engine;

  @BeforeAll
  void startEverything(@TempDir Path temporary) throws Exception {
    folder = temporary.toRealPath();
    programs = new Programs(folder);
    for (int i = 0; i < ports.length; i++) {
      ports[i] = Programs.freePort();
    }
    makeCertificate();
    startNginx(ports[0], ports[1]);
    startHaproxyBehind(ports[2], ports[3]);
    engine = engine();
    engine.start();
    startHaproxyBefore(ports[4], ports[5], ports[6]);
  }

  @AfterAll
  void stopEverything() {
    if (engine != null) {
      engine.stop();
    }
    if (programs != null) {
      programs.close();
    }
  }

  private void makeCertificate() throws IOException, InterruptedException {
    String options =
        "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2"
            + " -subj /CN=localhost -addext subjectAltName=DNS:localhost";
    programs.run(new byte[0], ("openssl " + options).split(" ", -1));
    Files.writeString(
        folder.resolve("both.pem"),
        Files.readString(folder.resolve("cert.pem")) + Files.readString(folder.resolve("key.pem")));
  }

  private void startNginx(int clear, int tls) throws IOException {
    String config =
        """
        daemon off; worker_processes 1; pid @F@/nginx.pid; error_log @F@/nginx.err;
        events { worker_connections 512; }
        http {
          access_log off;
          client_body_temp_path @F@/t1; proxy_temp_path @F@/t2; fastcgi_temp_path @F@/t3;
          uwsgi_temp_path @F@/t4; scgi_temp_path @F@/t5;
          server {
            listen 127.0.0.1:@C@ proxy_protocol; listen 127.0.0.1:@T@ ssl proxy_protocol;
            ssl_certificate @F@/cert.pem; ssl_certificate_key @F@/key.pem;
            location / { return 200 "$proxy_protocol_addr:$proxy_protocol_port"; }
          }
        }
        """
            .replace("@F@", folder.toString())
            .replace("@C@", Integer.toString(clear))
            .replace("@T@", Integer.toString(tls));
    Files.writeString(folder.resolve("nginx.conf"), config);
    String user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
    programs.start(clear, "nginx", "-c", folder.resolve("nginx.conf").toString(), "-g", user);
  }

  private void startHaproxyBehind(int clear, int tls) throws IOException {
    startHaproxy(
        "behind.cfg",
        clear,
        """
        frontend behind
          bind 127.0.0.1:%d accept-proxy
          bind 127.0.0.1:%d accept-proxy ssl crt %s/both.pem
          http-request return status 200 content-type text/plain lf-string "%%[src]:%%[src_port]"
        """
            .formatted(clear, tls, folder));
  }

  private void startHaproxyBefore(int v1, int v2, int v2Tls) throws IOException {
    int clear = engine.address("web", 1).getPort();
    int tls = engine.address("web", 2).getPort();
    StringBuilder config = new StringBuilder();
    before(config, v1, clear, "send-proxy");
    before(config, v2, clear, "send-proxy-v2");
    before(config, v2Tls, tls, "send-proxy-v2 ssl verify none");
    startHaproxy("before.cfg", v1, config.toString());
  }

  private static void before(StringBuilder config, int listen, int to, String options) {
    config.append(
        """
        listen before%d
          bind 127.0.0.1:%d
          server s 127.0.0.1:%d %s
        """
            .formatted(listen, listen, to, options));
  }

  private void startHaproxy(String file, int port, String sections) throws IOException {
    String defaults =
        """
        defaults
          mode http
          timeout client 20s
          timeout server 20s
          timeout connect 2s
        """;
    Files.writeString(folder.resolve(file), defaults + sections);
    programs.start(port, "haproxy", "-db", "-f", file);
  }

  private ProxyEngine engine() throws Exception {
    TlsServerConfig front =
        TlsServerConfig.builder()
            .identity(DevelopmentCertificates.create().server(KeyType.ECDSA_P256, "localhost"))
            .applicationProtocols("http/1.1")
            .build();
    X509Certificate trusted;
    try (InputStream in = Files.newInputStream(folder.resolve("cert.pem"))) {
      trusted = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    TlsClientConfig back =
        TlsClientConfig.builder()
            .trust(TlsTrust.of(List.of(trusted)))
            .applicationProtocols("http/1.1")
            .build();
    var builder =
        ProxyEngine.builder()
            .frontend(
                "web",
                ProxyMode.HTTP,
                Answering.NGINX_V1.name(),
                ListenerConfig.clear(ANY),
                ListenerConfig.clear(ANY).withProxyHeader(),
                ListenerConfig.with(ANY, front).withProxyHeader())
            .router(RealProxyHeaderTest::route);
    for (Answering answering : Answering.values()) {
      if (answering != Answering.ENGINE) {
        InetSocketAddress address =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[answering.place()]);
        ServerConfig server =
            answering.tls
                ? ServerConfig.with("s", address, back, "localhost")
                : ServerConfig.clear("s", address);
        builder.backend(
            BackendConfig.of(answering.name(), server.withProxyHeader(answering.version)));
      }
    }
    return builder.build();
  }

  private static void route(RoutingCall call) {
    String name = String.valueOf(call.request().path()).substring(1);
    if (name.equals(Answering.ENGINE.name())) {
      InetSocketAddress client = (InetSocketAddress) call.clientAddress();
      call.answer(
          FixedResponse.text(200, client.getAddress().getHostAddress() + ":" + client.getPort()));
    } else {
      call.forward(name);
    }
  }

  @TestFactory
  List<DynamicTest> everybodyIsToldTheClient() {
    List<DynamicTest> cells = new ArrayList<>();
    for (Before before : Before.values()) {
      for (Answering answering : Answering.values()) {
        cells.add(
            DynamicTest.dynamicTest(
                before + " before the engine, " + answering + " answers",
                () -> assertTold(before, answering)));
      }
    }
    return cells;
  }

  private void assertTold(Before before, Answering answering) throws Exception {
    int port =
        switch (before) {
          case NOTHING -> engine.address("web", 0).getPort();
          case HAPROXY_V1 -> ports[4];
          case HAPROXY_V2 -> ports[5];
          case HAPROXY_V2_TLS -> ports[6];
        };
    byte[] output =
        programs.run(
            new byte[0],
            "curl",
            "--http1.1",
            "-4",
            "-sS",
            "--fail",
            "--max-time",
            "60",
            "-w",
            " 127.0.0.1:%{local_port}",
            "http://127.0.0.1:" + port + "/" + answering);
    String[] toldAndTrue = new String(output, US_ASCII).split(" ", -1);
    assertThat(toldAndTrue).hasSize(2);
    assertThat(toldAndTrue[0]).isEqualTo(toldAndTrue[1]);
  }
}
