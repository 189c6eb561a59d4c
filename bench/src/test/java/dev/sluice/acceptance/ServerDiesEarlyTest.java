package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.tls.TlsServerConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario CM2: the server's connections end before the protocol is known. */
class ServerDiesEarlyTest {
  private static final int REQUESTS = 20;

  private final Stage stage = new Stage();
  private TlsServerConfig tls = Pki.server("http/1.1");
  private final List<ScriptedPeer> accepted = new ArrayList<>();

  /** When a connection ends. */
  private enum Moment {
    ACCEPTED,
    CLIENT_HELLO,
    HALF_SERVER_HELLO,
    HANDSHAKE_DONE
  }

  private void die(ScriptedPeer peer, boolean byReset) {
    if (byReset) {
      peer.resetNow();
    } else {
      peer.closeNow();
    }
  }

  /** Has a connection of the server end at its moment. */
  private void doom(ScriptedPeer peer, Moment moment, boolean byReset) {
    if (moment == Moment.ACCEPTED) {
      die(peer, byReset);
      return;
    }
    TlsEnd end = new EngineEnd(tls.newEngine());
    peer.onEnd(ScriptedPeer::closeNow);
    peer.onBytes(
        (from, bytes) -> {
          if (peer.closed()) {
            return;
          }
          end.feed(bytes);
          byte[] answer = end.drain();
          switch (moment) {
            case CLIENT_HELLO -> {
              // The engine has an answer as soon as the hello is whole.
              if (answer.length > 0) {
                die(peer, byReset);
              }
            }
            case HALF_SERVER_HELLO -> {
              if (answer.length > 0) {
                int firstRecord = 5 + (((answer[3] & 0xff) << 8) | (answer[4] & 0xff));
                peer.write(Arrays.copyOf(answer, firstRecord / 2));
                dieOnceSent(peer, byReset);
              }
            }
            default -> {
              if (answer.length > 0) {
                peer.write(answer);
              }
              if (end.open()) {
                dieOnceSent(peer, byReset);
              }
            }
          }
        });
  }

  private void dieOnceSent(ScriptedPeer peer, boolean byReset) {
    peer.flush().then(each -> die(each, byReset));
  }

  private List<H1Client> burst() {
    ServerConfig server =
        Stage.secure(B, Pki.client("h2", "http/1.1")).withLimits(1, ServerConfig.UNLIMITED, 1024);
    stage.start(Pki.server("http/1.1"), server, builder -> builder.mux(new H2MuxProvider()));
    List<H1Client> clients = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      clients.add(stage.client().get("/" + i));
      stage.runFor(10 * MILLI / REQUESTS);
    }
    stage.simulation().runUntil(() -> clients.stream().allMatch(c -> c.status() != 0));
    return clients;
  }

  private void expectAllRefused(Moment moment, boolean byReset) {
    SimServer.listen(
        stage.simulation(),
        B,
        peer -> {
          accepted.add(peer);
          doom(peer, moment, byReset);
        });

    List<H1Client> clients = burst();

    assertThat(clients).extracting(H1Client::status).containsOnly(502);
    assertThat(clients).allMatch(client -> client.tookNanos() < 1_500 * MILLI);
    assertThat(accepted).hasSizeLessThanOrEqualTo(2 * REQUESTS);
    assertThat(stage.server().connections()).isZero();
  }

  private void expectFailedHandshakes() {
    assertThat(stage.records())
        .extracting(ExchangeRecord::cause)
        .containsOnly(CloseCause.HANDSHAKE_CLOSED);
    assertThat(stage.server().connectFailures()).containsOnlyKeys(CloseCause.HANDSHAKE_CLOSED);
    stage.leak();
  }

  /** Step a. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endRightAfterAcceptFailsAllRequestsSoon(boolean byReset) {
    expectAllRefused(Moment.ACCEPTED, byReset);
    expectFailedHandshakes();
  }

  /** Step b. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endAfterTheClientHelloFailsAllRequestsSoon(boolean byReset) {
    expectAllRefused(Moment.CLIENT_HELLO, byReset);
    expectFailedHandshakes();
  }

  /** Step c. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endInsideTheServerHelloFailsAllRequestsSoon(boolean byReset) {
    expectAllRefused(Moment.HALF_SERVER_HELLO, byReset);
    expectFailedHandshakes();
  }

  /** Step d. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endAfterTheHandshakeIsTriedOnceMore(boolean byReset) {
    expectAllRefused(Moment.HANDSHAKE_DONE, byReset);

    assertThat(accepted).hasSize(2 * REQUESTS);
    assertThat(stage.records()).extracting(ExchangeRecord::retries).containsOnly(1);
    stage.leak();
  }

  /** Step d, where h2 is what was agreed on: those that share a connection fail with it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endAfterTheHandshakeOfH2IsTriedOnceMore(boolean byReset) {
    tls = Pki.server("h2");
    expectAllRefused(Moment.HANDSHAKE_DONE, byReset);

    assertThat(accepted).hasSizeLessThan(2 * REQUESTS);
    assertThat(stage.records()).extracting(ExchangeRecord::retries).containsOnly(1);
    stage.leak();
  }

  /** Step e, with h2. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endOfTheFirstConnectionOfH2IsNoticedByNobody(boolean byReset) {
    tls = Pki.server("h2");
    H2ScriptedServer server = H2ScriptedServer.behind(stage.simulation());
    SimServer.listen(
        stage.simulation(),
        B,
        peer -> {
          accepted.add(peer);
          if (accepted.size() == 1) {
            doom(peer, Moment.CLIENT_HELLO, byReset);
          } else {
            Wire.over(peer, () -> new EngineEnd(tls.newEngine()), server.newConnection());
          }
        });

    List<H1Client> clients = burst();

    assertThat(clients).extracting(H1Client::status).containsOnly(200);
    assertThat(accepted).as("the second carries all").hasSize(2);
    stage.leak();
  }

  /** Step e. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endOfTheFirstConnectionOnlyIsNoticedByNobody(boolean byReset) {
    SimServer.listen(
        stage.simulation(),
        B,
        peer -> {
          accepted.add(peer);
          if (accepted.size() == 1) {
            doom(peer, Moment.CLIENT_HELLO, byReset);
          } else {
            Wire.over(peer, () -> new EngineEnd(tls.newEngine()), new Answering());
          }
        });

    List<H1Client> clients = burst();

    assertThat(clients).extracting(H1Client::status).containsOnly(200);
    assertThat(clients).allMatch(client -> client.tookNanos() < SECOND);
    assertThat(stage.server().connectFailures()).containsOnlyKeys(CloseCause.HANDSHAKE_CLOSED);
    stage.leak();
  }

  /** Answers each request with an empty 200. */
  private static final class Answering implements Wire.Handler {
    private @Nullable Wire wire;
    private final MessageReader reader =
        new MessageReader(
            false,
            head -> {},
            request -> {
              Wire present = wire;
              assert present != null;
              present.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            });

    @Override
    public void onBytes(Wire from, byte[] bytes) {
      wire = from;
      reader.feed(bytes);
    }

    @Override
    public void onEnd(Wire from) {
      from.close();
    }
  }
}
