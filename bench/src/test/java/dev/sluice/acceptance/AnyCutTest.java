package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.B2;
import static dev.sluice.acceptance.Stage.L2;
import static dev.sluice.acceptance.Stage.SECOND;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.testkit.PatternBytes;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.engine.TlsVersion;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scenario TLS1: any cutting of bytes. Relays stand on both sides of the proxy; the client and the
 * server are the JDK's engine, which sends tickets and updates keys, or the project's own. The last
 * response ends its connection, so that both ends see the other's close_notify. Where single bytes
 * travel the content is shorter, since each of them is an event of the simulation.
 */
class AnyCutTest {
  private static final InetSocketAddress IN_FRONT = new InetSocketAddress("192.0.2.20", 443);
  private static final int REQUESTS = 100;
  private static final int MEBI = 1 << 20;

  private final Stage stage = new Stage();
  private final List<JdkEnd> serverEnds = new ArrayList<>();
  private final List<JdkEnd> clientEnds = new ArrayList<>();

  static Stream<Arguments> cuttings() {
    return Stream.of(Cutting.values())
        .flatMap(
            cutting ->
                Stream.of(
                    Arguments.of(cutting, TlsVersion.TLS_1_2),
                    Arguments.of(cutting, TlsVersion.TLS_1_3)));
  }

  private static int large(Cutting cutting) {
    return cutting == Cutting.BYTES ? 20_000 : MEBI;
  }

  private H1Origin listen(Supplier<TlsEnd> server) {
    H1Origin origin = H1Origin.listen(stage.simulation(), B2, server);
    origin.answering(
        (request, on) -> {
          if (request.path().equals("/last")) {
            on.ok("last", "Connection: close\r\n");
            on.wire().finish();
            on.whenEnded(() -> on.wire().closeNow());
          } else {
            on.ok(request.message.bodyText());
          }
        });
    return origin;
  }

  private H1Client connect(Cutting cutting, TlsVersion version, Supplier<TlsEnd> client) {
    stage.start(
        Pki.server("http/1.1"),
        Stage.secure(B, Pki.client(version, "http/1.1")),
        UnaryOperator.identity());
    Relay.between(stage.simulation(), IN_FRONT, L2, cutting);
    Relay.between(stage.simulation(), B, B2, cutting);
    return stage.client(IN_FRONT, client);
  }

  private Supplier<TlsEnd> jdkServer(TlsVersion version) {
    return () -> {
      JdkEnd end = new JdkEnd(Pki.jdkServer(version, "http/1.1"));
      serverEnds.add(end);
      return end;
    };
  }

  private Supplier<TlsEnd> jdkClient(TlsVersion version) {
    return () -> {
      JdkEnd end = new JdkEnd(Pki.jdkClient(version, "http/1.1"));
      clientEnds.add(end);
      return end;
    };
  }

  private static String content(int number, int length) {
    return new String(PatternBytes.of(number, length), ISO_8859_1);
  }

  /** Posts a content, and expects it back within a second and the time that the relays take. */
  private void echo(H1Client client, String content) {
    int before = client.responses().size();
    client.ask("POST", "/echo", content);
    stage.await(client, before + 1);
    assertThat(client.responses()).hasSize(before + 1);
    assertThat(client.response(before).status()).isEqualTo(200);
    assertThat(client.response(before).bodyText().equals(content)).as("same bytes").isTrue();
    assertThat(client.tookNanos()).isLessThan(SECOND);
  }

  private void finish(H1Client client, H1Origin origin) {
    int before = client.responses().size();
    client.get("/last");
    stage.await(client, before + 1);
    client.wire().finish();
    stage.simulation().runUntil(client::ended);
    stage.runFor(SECOND);

    assertThat(client.response(before).bodyText()).isEqualTo("last");
    assertThat(client.wire().cleanlyEnded()).as("close_notify to the client").isTrue();
    assertThat(origin.connections()).hasSize(1);
    assertThat(origin.connections().get(0).wire().cleanlyEnded())
        .as("close_notify to the server")
        .isTrue();
    assertThat(stage.simulation().idleTurnsMax()).isLessThanOrEqualTo(2);
    clientEnds.forEach(end -> assertThat(end.problem()).isEmpty());
    serverEnds.forEach(end -> assertThat(end.problem()).isEmpty());
    stage.leak();
  }

  /** All cuttings, with the JDK at both ends. */
  @ParameterizedTest
  @MethodSource("cuttings")
  void bytesAreTheSameHoweverTheyAreCut(Cutting cutting, TlsVersion version) {
    H1Origin origin = listen(jdkServer(version));
    H1Client client = connect(cutting, version, jdkClient(version));

    for (int i = 0; i < REQUESTS; i++) {
      echo(client, content(i, i * 7));
    }
    echo(client, content(1, large(cutting)));

    finish(client, origin);
  }

  /** The same with the project's own engine at both ends, which cuts its records otherwise. */
  @ParameterizedTest
  @EnumSource
  void bytesAreTheSameBetweenEnginesOfOurOwn(TlsVersion version) {
    Cutting cutting = Cutting.RANDOM;
    TlsServerConfig server = Pki.server(version, "http/1.1");
    TlsClientConfig tls = Pki.client(version, "http/1.1");
    H1Origin origin = listen(() -> new EngineEnd(server.newEngine()));
    H1Client client = connect(cutting, version, () -> new EngineEnd(tls.newEngine(Pki.NAME)));

    for (int i = 0; i < REQUESTS; i++) {
      echo(client, content(i, i * 7));
    }
    echo(client, content(1, large(cutting)));

    finish(client, origin);
  }

  /** The first request is in one read with the client's Finished, since the relay holds both. */
  @Test
  void requestGluedToTheHandshakesLastFlightIsNotLost() {
    H1Origin origin = listen(jdkServer(TlsVersion.TLS_1_3));
    H1Client client = connect(Cutting.COALESCED, TlsVersion.TLS_1_3, jdkClient(TlsVersion.TLS_1_3));
    // Waits in the engine until the handshake is done, and leaves in the same flight.
    echo(client, "first");
    finish(client, origin);
  }

  /**
   * Keys are updated in the middle of contents, by the client and by the server (RFC 8446 4.6.3).
   */
  @ParameterizedTest
  @EnumSource
  void keysMayBeUpdatedInTheMiddleOfContent(Cutting cutting) {
    String content = content(3, large(cutting));
    int half = content.length() / 2;
    H1Origin origin = listen(jdkServer(TlsVersion.TLS_1_3));
    origin.answering(
        (request, on) -> {
          if (request.path().equals("/last")) {
            on.ok("last", "Connection: close\r\n");
            on.wire().finish();
            on.whenEnded(() -> on.wire().closeNow());
            return;
          }
          String echoed = request.message.bodyText();
          on.respond("HTTP/1.1 200 OK\r\nContent-Length: " + echoed.length() + "\r\n\r\n");
          on.wire().write(echoed.substring(0, half));
          serverEnds.get(0).updateKeys();
          on.wire().write(echoed.substring(half));
        });
    H1Client client = connect(cutting, TlsVersion.TLS_1_3, jdkClient(TlsVersion.TLS_1_3));
    echo(client, content(2, content.length()));

    client.raw(
        "POST",
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: "
            + content.length()
            + "\r\n\r\n"
            + content.substring(0, half));
    clientEnds.get(0).updateKeys();
    client.wire().write(content.substring(half));
    stage.await(client, 2);

    assertThat(client.response(1).bodyText().equals(content)).as("same bytes").isTrue();
    finish(client, origin);
  }
}
