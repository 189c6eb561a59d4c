package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.B2;
import static dev.sluice.acceptance.Stage.L2;
import static dev.sluice.acceptance.Stage.SECOND;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.testkit.PatternBytes;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.tls.engine.TlsVersion;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scenario TLS1 for h2 on both sides: any cutting of bytes. As {@link AnyCutTest}, but with all
 * requests on one connection, several at a time. With everything held for a while the client's
 * preface is glued to its Finished, and the server's SETTINGS to its own.
 */
class AnyCutH2Test {
  private static final InetSocketAddress IN_FRONT = new InetSocketAddress("192.0.2.20", 443);
  private static final int REQUESTS = 100;
  private static final int AT_A_TIME = 10;
  private static final int MEBI = 1 << 20;

  private final Stage stage = new Stage();
  private final List<JdkEnd> ends = new ArrayList<>();
  private final List<JdkEnd> serverEnds = new ArrayList<>();

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

  private static String content(int number, int length) {
    return new String(PatternBytes.of(number, length), ISO_8859_1);
  }

  private H2Origin listen(TlsVersion version) {
    return H2Origin.listen(
            stage.simulation(),
            B2,
            () -> {
              JdkEnd end = new JdkEnd(Pki.jdkServer(version, "h2"));
              ends.add(end);
              serverEnds.add(end);
              return end;
            })
        .answering(request -> request.ok(request.content.toString()));
  }

  private H2Client connect(Cutting cutting, TlsVersion version) {
    stage.start(
        Pki.server("h2", "http/1.1"),
        Stage.secure(B, Pki.client(version, "h2", "http/1.1")),
        UnaryOperator.identity());
    Relay.between(stage.simulation(), IN_FRONT, L2, cutting);
    Relay.between(stage.simulation(), B, B2, cutting);
    return H2Client.connect(
        stage.simulation(),
        IN_FRONT,
        () -> {
          JdkEnd end = new JdkEnd(Pki.jdkClient(version, "h2"));
          ends.add(end);
          return end;
        });
  }

  private void expect(H2Client.Answer answer, String content) {
    stage.simulation().runUntil(answer::over);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.content.toString().equals(content)).as("same bytes").isTrue();
  }

  /** The server says GOAWAY, the client leaves: both ends see the other's close_notify. */
  private void finish(H2Client client, H2Origin origin) {
    for (H2Origin.Connection connection : origin.connections()) {
      connection.frames.goAway(Integer.MAX_VALUE, H2ErrorCode.NO_ERROR);
    }
    client.wire().finish();
    stage.simulation().runUntil(() -> client.wire().ended());
    stage.runFor(SECOND);

    assertThat(client.wire().cleanlyEnded()).as("close_notify to the client").isTrue();
    assertThat(origin.connections())
        .as("close_notify to the server")
        .isNotEmpty()
        .allMatch(connection -> connection.wire().cleanlyEnded());
    assertThat(stage.simulation().idleTurnsMax()).isLessThanOrEqualTo(2);
    ends.forEach(end -> assertThat(end.problem()).isEmpty());
    stage.leak();
  }

  @ParameterizedTest
  @MethodSource("cuttings")
  void bytesAreTheSameHoweverTheyAreCut(Cutting cutting, TlsVersion version) {
    H2Origin origin = listen(version);
    H2Client client = connect(cutting, version);

    for (int i = 0; i < REQUESTS; i += AT_A_TIME) {
      List<H2Client.Answer> answers = new ArrayList<>();
      for (int j = i; j < i + AT_A_TIME; j++) {
        answers.add(client.post("/echo", content(j, 1 + j * 7)));
      }
      for (int j = 0; j < AT_A_TIME; j++) {
        expect(answers.get(j), content(i + j, 1 + (i + j) * 7));
      }
    }
    String content = content(1, large(cutting));
    expect(client.post("/large", content), content);

    finish(client, origin);
  }

  /** Keys are updated in the middle of contents, by the client and the server (RFC 8446 4.6.3). */
  @ParameterizedTest
  @EnumSource
  void keysMayBeUpdatedInTheMiddleOfContent(Cutting cutting) {
    String content = content(3, large(cutting));
    int half = content.length() / 2;
    H2Origin origin = listen(TlsVersion.TLS_1_3);
    origin.answering(
        request -> {
          String echoed = request.content.toString();
          request.head(false, ":status", "200");
          request.send(echoed.substring(0, half), false);
          serverEnds.get(0).updateKeys();
          request.send(echoed.substring(half), true);
        });
    H2Client client = connect(cutting, TlsVersion.TLS_1_3);
    expect(client.post("/first", content), content);

    H2Client.Answer answer =
        client.ask(
            false, ":method", "POST", ":scheme", "https", ":path", "/echo", ":authority", Pki.NAME);
    client.content(answer, content.substring(0, half), false);
    ends.stream().filter(end -> !serverEnds.contains(end)).findFirst().orElseThrow().updateKeys();
    client.content(answer, content.substring(half), true);
    expect(answer, content);

    finish(client, origin);
  }
}
