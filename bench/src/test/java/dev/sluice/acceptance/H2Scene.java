package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.L2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.ServerConfig;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A stage whose TLS listener takes h2 and http/1.1, with clients of h2. */
final class H2Scene {
  final Stage stage = new Stage();
  private final List<H2Client> clients = new ArrayList<>();

  /** Starts the engine in front of a server. */
  H2Scene start(ServerConfig server) {
    stage.start(Pki.server("h2", "http/1.1"), server, UnaryOperator.identity());
    return this;
  }

  /** A server of h2 at {@link Stage#B}: by ALPN, or clear and forced. */
  H2Origin h2Origin(boolean secure) {
    if (!secure) {
      return H2Origin.listen(stage.simulation(), B, null);
    }
    TlsServerConfig tls = Pki.server("h2");
    return H2Origin.listen(stage.simulation(), B, () -> new EngineEnd(tls.newEngine()));
  }

  /** The engine's idea of such a server. */
  static ServerConfig h2Server(boolean secure) {
    return secure ? Stage.secure(B, Pki.client("h2", "http/1.1")) : Stage.clear(B).withMux("h2");
  }

  /** A client of the TLS listener, which agrees on h2. */
  H2Client client() {
    TlsClientConfig tls = Pki.client("h2");
    H2Client client =
        H2Client.connect(stage.simulation(), L2, () -> new EngineEnd(tls.newEngine(Pki.NAME)));
    clients.add(client);
    return client;
  }

  /** A client of the clear listener, with prior knowledge. */
  H2Client clearClient() {
    H2Client client = H2Client.connect(stage.simulation(), Stage.L1, null);
    clients.add(client);
    return client;
  }

  /** Runs until the answer is over. */
  H2Client.Answer await(H2Client.Answer answer) {
    stage.simulation().runUntil(answer::over);
    assertThat(answer.over()).as("an end of stream " + answer.stream).isTrue();
    return answer;
  }

  void leak() {
    clients.forEach(H2Client::close);
    stage.leak();
  }
}
