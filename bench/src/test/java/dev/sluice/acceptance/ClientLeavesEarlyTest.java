package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.L1;
import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.tls.TlsServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/**
 * Scenario CM3: clients leave while the connection to the server is being made: by FIN, by RST, and
 * by RST_STREAM(CANCEL).
 *
 * <p>Where the server's every response ends its connection, nearly every request needs a new one,
 * so that the window is always full; under TLS it does so now and then only, since a handshake of
 * both sides takes milliseconds of the test's own time.
 */
class ClientLeavesEarlyTest {
  private static final int LEAVING = 10_000;
  private static final int LEAVING_UNDER_TLS = 3_000;
  private static final int STAYING = 100;
  private static final int CONNECTIONS_MAX = 64;
  private static final long LATE = 300 * MILLI;

  private final Stage stage = new Stage();
  private int most;

  private void leaveAndStay(int leaving, IntSupplier openAtServer) {
    for (int i = 0; i < leaving; i++) {
      Runnable leave = arrive(i);
      long moment = stage.simulation().random().nextLong(400 * MILLI);
      stage.simulation().network().schedule(moment, leave);
      stage.runFor(5 * MILLI);
      most = Math.max(most, Math.max(stage.server().connections(), openAtServer.getAsInt()));
    }
    stage.runFor(3 * SECOND);
    ServerSnapshot quiet = stage.server();
    assertThat(quiet.requests()).isZero();
    assertThat(quiet.waiting()).isZero();
    assertThat(quiet.connections() - quiet.idle()).as("busy").isZero();
    assertThat(most).isBetween(1, CONNECTIONS_MAX);

    List<H1Client> staying = new ArrayList<>();
    for (int i = 0; i < STAYING; i++) {
      staying.add(stage.client().get("/stays/" + i));
      stage.runFor(5 * MILLI);
    }
    stage.runFor(2 * SECOND);
    assertThat(staying).extracting(H1Client::status).containsOnly(200);
    assertThat(stage.connectFailures()).isEmpty();
    stage.leak();
  }

  /** A client's request; returns how it leaves. */
  private Runnable arrive(int number) {
    if (number % 3 == 2) {
      H2ScriptedClient client =
          H2ScriptedClient.connect(stage.simulation(), "h2-" + number, L1, null);
      H2ScriptedClient.Answer answer = client.get("/leaves/" + number);
      return () -> {
        client.cancel(answer);
        client.wire().close();
      };
    }
    H1Client client = H1Client.connect(stage.simulation(), "leaver-" + number, L1, null);
    client.get("/leaves/" + number);
    return number % 3 == 0 ? () -> client.wire().close() : () -> client.wire().reset();
  }

  /** Step a: the connect takes its time. */
  @Test
  void clientsThatLeaveDuringTheConnectLeaveNothingBehind() {
    H1Origin origin = stage.origin();
    origin.answering(
        (request, on) -> {
          on.ok("", "Connection: close\r\n");
          on.wire().close();
        });
    stage.simulation().network().delayConnects(B, LATE);
    stage.start(Stage.clear(B));

    leaveAndStay(LEAVING, origin::open);

    assertThat(origin.connections()).as("the window is always full").hasSizeGreaterThan(1_000);
  }

  /** Step b: the ServerHello takes its time. */
  @Test
  void clientsThatLeaveDuringTheHandshakeLeaveNothingBehind() {
    TlsServerConfig tls = Pki.server("http/1.1");
    H1Origin origin = H1Origin.listen(stage.simulation(), B, () -> new EngineEnd(tls.newEngine()));
    origin
        .handshakesAfter(LATE)
        .answering(
            (request, on) -> {
              boolean last = on.countRequests() == 20;
              on.ok("", last ? "Connection: close\r\n" : "");
              if (last) {
                on.wire().close();
              }
            });
    ServerConfig server = Stage.secure(B, Pki.client("h2", "http/1.1"));
    stage.start(server);

    leaveAndStay(LEAVING_UNDER_TLS, origin::open);

    assertThat(origin.connections()).as("the window is opened often").hasSizeGreaterThan(30);
  }

  /** Step c: what the server says first in the protocol takes its time. */
  @Test
  void clientsThatLeaveBeforeTheServersSettingsLeaveNothingBehind() {
    TlsServerConfig tls = Pki.server("h2");
    H2ScriptedServer origin =
        H2ScriptedServer.listen(stage.simulation(), B, () -> new EngineEnd(tls.newEngine()))
            .settingsAfter(LATE);
    origin.answering(
        request -> {
          request.ok("");
          H2ScriptedServer.Connection on = request.connection;
          if (on.lastStream() == 2 * 50 - 1) {
            // So that others are made.
            on.end().goAway(on.lastStream(), H2ErrorCode.NO_ERROR);
          }
        });
    ServerConfig server = Stage.secure(B, Pki.client("h2", "http/1.1"));
    stage.start(server);

    leaveAndStay(LEAVING, origin::open);

    assertThat(origin.requests()).isNotEmpty();
    assertThat(origin.connections()).as("the window is opened often").hasSizeGreaterThan(50);
  }
}
