package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.L2;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.engine.TlsVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Scenario CM1: what follows from what a server says to the offer (RFC 7301 3.2). That null and the
 * empty string are the same "no protocol" is tested with the type that holds it.
 */
class NoProtocolAgreedTest {
  private static final String H1 = "http/1.1";
  private static final String H2 = "h2";

  /** How the client comes, which must not matter. */
  enum Front {
    CLEAR,
    TLS,
    H2
  }

  private final Stage stage = new Stage();

  private void start(TlsClientConfig offer) {
    stage.start(
        Pki.server(H2, H1), Stage.secure(B, offer), builder -> builder.mux(new H2MuxProvider()));
  }

  private static TlsClientConfig bothOffered() {
    return Pki.client(H2, H1);
  }

  /** Sends one GET; returns the status of its answer. */
  private int get(Front front) {
    if (front != Front.H2) {
      H1Client client = front == Front.CLEAR ? stage.client() : stage.secureClient();
      stage.await(client.get("/one"), 1);
      return client.status();
    }
    TlsClientConfig tls = Pki.client(H2);
    H2ScriptedClient client =
        H2ScriptedClient.connect(
            stage.simulation(), "h2", L2, () -> new EngineEnd(tls.newEngine(Pki.NAME)));
    H2ScriptedClient.Answer answer = client.get("/one");
    stage.simulation().runUntil(() -> answer.over() || client.wire().over());
    client.wire().close();
    return answer.status();
  }

  private ExchangeRecord record() {
    stage.runFor(Stage.MILLI);
    assertThat(stage.records()).hasSize(1);
    return stage.records().get(0);
  }

  private void expectServedBy(String protocol, int status) {
    assertThat(status).isEqualTo(200);
    assertThat(record().backProtocol()).isEqualTo(protocol);
    stage.leak();
  }

  private void expectNoCommonProtocol(int status) {
    assertThat(status).isEqualTo(502);
    assertThat(record().cause()).isEqualTo(CloseCause.NO_COMMON_PROTOCOL);
    assertThat(record().retries()).as("the same server would say the same").isZero();
    assertThat(stage.server().dials()).isEqualTo(1);
    stage.leak();
  }

  /** Step a. */
  @ParameterizedTest
  @EnumSource
  void serverWithoutAlpnIsSpokenToInTheDefault(Front front) {
    stage.origin(Pki.server());
    start(bothOffered());
    expectServedBy("h1", get(front));
  }

  /** Step b. */
  @ParameterizedTest
  @EnumSource
  void serverThatChoosesH1IsSpokenToInH1(Front front) {
    stage.origin(Pki.server(H1));
    start(bothOffered());
    expectServedBy("h1", get(front));
  }

  /** Step c. */
  @ParameterizedTest
  @EnumSource
  void serverThatChoosesH2IsSpokenToInH2(Front front) {
    TlsServerConfig tls = Pki.server(H2);
    H2ScriptedServer.listen(stage.simulation(), B, () -> new EngineEnd(tls.newEngine()));
    start(bothOffered());
    expectServedBy("h2", get(front));
  }

  /** Step d, where the choice can be spoiled on the wire; RFC 7301 3.1 has it clear in TLS 1.2. */
  @ParameterizedTest
  @EnumSource
  void choiceThatWasNotOfferedIsRefusedWithAnAlert(Front front) {
    TlsServerConfig tls = Pki.server(TlsVersion.TLS_1_2, H1);
    List<SpoiledEnd> ends = new ArrayList<>();
    H1Origin.listen(
        stage.simulation(),
        B,
        () -> {
          SpoiledEnd end =
              new SpoiledEnd(
                  new EngineEnd(tls.newEngine()),
                  H1.getBytes(US_ASCII),
                  "spdy/3.1".getBytes(US_ASCII));
          ends.add(end);
          return end;
        });
    start(Pki.client(TlsVersion.TLS_1_2, H2, H1));

    assertThat(get(front)).isEqualTo(502);

    assertThat(record().cause()).isEqualTo(CloseCause.PROTOCOL_NOT_OFFERED);
    assertThat(ends).as("the same server would say the same").hasSize(1);
    byte[] seen = ends.get(0).seen();
    // An alert of TLS 1.2, fatal, illegal_parameter.
    assertThat(Arrays.copyOfRange(seen, seen.length - 7, seen.length))
        .containsExactly(21, 3, 3, 0, 2, 2, 47);
    stage.leak();
  }

  /** Step e. */
  @ParameterizedTest
  @EnumSource
  void serverThatKnowsNothingOfTheOfferHasNoCommonProtocol(Front front) {
    stage.origin(Pki.server("unknown/1"));
    start(bothOffered());
    expectNoCommonProtocol(get(front));
  }

  /** Step f. */
  @ParameterizedTest
  @EnumSource
  void defaultThatWasNotOfferedIsNotSpoken(Front front) {
    stage.origin(Pki.server());
    start(Pki.client(H2));
    expectNoCommonProtocol(get(front));
  }
}
