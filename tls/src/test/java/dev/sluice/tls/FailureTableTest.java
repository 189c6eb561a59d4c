package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.stream.RetryPolicy;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsFailure;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsLimits;
import dev.sluice.tls.engine.TlsRole;
import dev.sluice.tls.engine.TlsServerSettings.ClientAuthentication;
import dev.sluice.tls.engine.TlsVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Brings about every failure of the table in the documentation, and holds the table to it. */
class FailureTableTest {
  private static final Path PAGE = Path.of("../core/src/site/markdown/tls.md");
  private static final String TO_SERVER = "to a server: ";
  private static final String FROM_CLIENT = "from a client: ";
  private static final TlsLimits SMALL = new TlsLimits(2_048, 1_024, 4_096, 10, 8);

  /** A failed engine, and whether that was in its handshake. */
  private record Failed(TlsEngine engine, boolean handshaking) {}

  private static TlsClientConfig.Builder client() {
    return TlsClientConfig.builder().trust(TestPki.TRUST).applicationProtocols("h2");
  }

  private static TlsServerConfig.Builder server() {
    return TlsServerConfig.builder()
        .identity(TestPki.server(KeyType.ECDSA_P256))
        .applicationProtocols("h2");
  }

  private static EnginePeer ours(TlsClientConfig.Builder config) {
    return new EnginePeer(config.build().newEngine(TestPki.NAME));
  }

  private static EnginePeer ours(TlsServerConfig.Builder config) {
    return new EnginePeer(config.build().newEngine());
  }

  private static Failed clientFails(
      TlsClientConfig.Builder client, TlsServerConfig.Builder server) {
    EnginePeer peer = ours(client);
    Link.run(peer, ours(server));
    return new Failed(peer.engine, !peer.handshakeWasDone());
  }

  private static Failed serverFails(
      TlsClientConfig.Builder client, TlsServerConfig.Builder server) {
    EnginePeer peer = ours(server);
    Link.run(ours(client), peer);
    return new Failed(peer.engine, !peer.handshakeWasDone());
  }

  private static Failed clientIsFed(String text) {
    EnginePeer peer = ours(client());
    peer.drain();
    peer.feed(text.getBytes(StandardCharsets.US_ASCII));
    return new Failed(peer.engine, true);
  }

  private static Failed serverIsFed(byte[] bytes, TlsServerConfig.Builder config) {
    EnginePeer peer = ours(config);
    peer.feed(bytes);
    return new Failed(peer.engine, true);
  }

  /** An open connection of ours to a rogue server, which then does something. */
  private static Failed openClientMeets(Consumer<RogueServerPeer> deed) {
    EnginePeer peer = ours(client().limits(SMALL_QUIET));
    RogueServerPeer rogue =
        new RogueServerPeer(TlsVersion.TLS_1_3, TestPki.server(KeyType.ECDSA_P256), "h2");
    Link.run(peer, rogue);
    assertThat(peer.open()).isTrue();
    deed.accept(rogue);
    Link.run(peer, rogue);
    return new Failed(peer.engine, false);
  }

  private static final TlsLimits SMALL_QUIET = new TlsLimits(16_384, 32_768, 131_072, 10, 8);

  private static Failed rogue(TlsVersion version, String protocol, boolean extendedMasterSecret) {
    EnginePeer peer = ours(client());
    Link.run(
        peer,
        new RogueServerPeer(
            version, TestPki.server(KeyType.ECDSA_P256), protocol, extendedMasterSecret));
    return new Failed(peer.engine, true);
  }

  private static Failed openServerIsSpoiled(int at, int mask) {
    EnginePeer client = ours(client());
    EnginePeer server = ours(server());
    Link.run(client, server);
    client.write(new byte[100]);
    byte[] record = client.drain();
    record[at] ^= (byte) mask;
    server.feed(record);
    return new Failed(server.engine, false);
  }

  private static Failed ended(boolean afterHandshake) {
    EnginePeer client = ours(client());
    if (afterHandshake) {
      Link.run(client, ours(server()));
    } else {
      client.drain();
    }
    client.engine.transportEnded();
    return new Failed(client.engine, !afterHandshake);
  }

  private static Map<String, Supplier<Failed>> cases() {
    Instant now = Instant.now();
    Map<String, Supplier<Failed>> all = new LinkedHashMap<>();
    all.put(
        TO_SERVER + "its certificate is expired or not yet valid",
        () ->
            clientFails(
                client(),
                TlsServerConfig.builder()
                    .identity(
                        TestPki.AUTHORITY.server(
                            KeyType.ECDSA_P256,
                            now.minus(Duration.ofDays(20)),
                            now.minus(Duration.ofDays(10)),
                            TestPki.NAME))
                    .applicationProtocols("h2")));
    all.put(
        TO_SERVER + "no trusted authority is behind its certificate",
        () ->
            clientFails(
                client().trust(TlsTrust.of(TestPki.OTHER_AUTHORITY.certificate())), server()));
    all.put(
        TO_SERVER + "its certificate is for another name",
        () -> {
          EnginePeer peer = new EnginePeer(client().build().newEngine("other.example.com"));
          Link.run(peer, ours(server()));
          return new Failed(peer.engine, true);
        });
    all.put(
        TO_SERVER + "its certificate is made for another use",
        () ->
            clientFails(
                client(),
                TlsServerConfig.builder()
                    .identity(TestPki.AUTHORITY.client(KeyType.ECDSA_P256, TestPki.NAME))
                    .applicationProtocols("h2")));
    all.put(TO_SERVER + "it speaks plain HTTP", () -> clientIsFed("HTTP/1.1 400 Bad Request\r\n"));
    all.put(TO_SERVER + "it speaks something else", () -> clientIsFed("220 mail.example.com\r\n"));
    all.put(
        TO_SERVER + "no version in common",
        () ->
            clientFails(
                client().versions(TlsVersion.TLS_1_3), server().versions(TlsVersion.TLS_1_2)));
    all.put(
        TO_SERVER + "no suite in common",
        () ->
            clientFails(
                client()
                    .versions(TlsVersion.TLS_1_3)
                    .cipherSuites(TlsCipherSuite.TLS_AES_128_GCM_SHA256),
                server()
                    .versions(TlsVersion.TLS_1_3)
                    .cipherSuites(TlsCipherSuite.TLS_AES_256_GCM_SHA384)));
    all.put(
        TO_SERVER + "no application protocol in common",
        () -> clientFails(client(), server().applicationProtocols("http/1.1")));
    all.put(
        TO_SERVER + "it chose an application protocol that was not offered",
        () -> rogue(TlsVersion.TLS_1_3, "spdy/3", true));
    all.put(
        TO_SERVER + "it has no extended master secret (TLS 1.2)",
        () -> rogue(TlsVersion.TLS_1_2, "h2", false));
    all.put(
        TO_SERVER + "it wants a certificate and gets none (TLS 1.2)",
        () ->
            clientFails(
                client().versions(TlsVersion.TLS_1_2),
                server().clientCertificates(ClientAuthentication.REQUIRED, TestPki.TRUST)));
    all.put(
        TO_SERVER + "it wants a certificate and gets none (TLS 1.3: told after the handshake)",
        () ->
            clientFails(
                client().versions(TlsVersion.TLS_1_3),
                server().clientCertificates(ClientAuthentication.REQUIRED, TestPki.TRUST)));
    all.put(
        TO_SERVER + "a message of its handshake is longer than the limit",
        () ->
            clientFails(
                client().limits(SMALL),
                TlsServerConfig.builder().identity(longChain()).applicationProtocols("h2")));
    all.put(
        TO_SERVER + "its chain has more certificates than the limit",
        () ->
            clientFails(
                client().limits(new TlsLimits(16_384, 32_768, 131_072, 2, 8)),
                TlsServerConfig.builder().identity(longChain()).applicationProtocols("h2")));
    all.put(TO_SERVER + "it closes during the handshake", () -> ended(false));
    all.put(TO_SERVER + "it closes without close_notify", () -> ended(true));
    all.put(
        TO_SERVER + "it sends empty records or key updates without end",
        () ->
            openClientMeets(
                rogue -> {
                  for (int i = 0; i < 20; i++) {
                    rogue.writeEmptyRecord();
                  }
                }));
    all.put(
        FROM_CLIENT + "plain HTTP",
        () -> serverIsFed("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII), server()));
    all.put(
        FROM_CLIENT + "something that is not TLS",
        () -> serverIsFed("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII), server()));
    all.put(
        FROM_CLIENT + "a hello longer than the limit",
        () -> serverIsFed(new byte[] {22, 3, 1, 0x3f, 0, 1, 0, 9, 1}, server().limits(SMALL)));
    all.put(
        FROM_CLIENT + "no version in common",
        () ->
            serverFails(
                client().versions(TlsVersion.TLS_1_2), server().versions(TlsVersion.TLS_1_3)));
    all.put(
        FROM_CLIENT + "no suite, group or signature algorithm in common",
        () ->
            serverFails(
                client()
                    .versions(TlsVersion.TLS_1_3)
                    .cipherSuites(TlsCipherSuite.TLS_AES_128_GCM_SHA256),
                server()
                    .versions(TlsVersion.TLS_1_3)
                    .cipherSuites(TlsCipherSuite.TLS_AES_256_GCM_SHA384)));
    all.put(
        FROM_CLIENT + "no application protocol in common",
        () -> serverFails(client(), server().applicationProtocols("http/1.1")));
    all.put(
        FROM_CLIENT + "a name that no certificate is for, with strict names",
        () -> {
          EnginePeer peer = ours(server().strictServerNames());
          Link.run(new EnginePeer(client().build().newEngine("unknown.example.com")), peer);
          return new Failed(peer.engine, true);
        });
    all.put(
        FROM_CLIENT + "no certificate where one is required (TLS 1.2)",
        () ->
            serverFails(
                client().versions(TlsVersion.TLS_1_2),
                server().clientCertificates(ClientAuthentication.REQUIRED, TestPki.TRUST)));
    all.put(
        FROM_CLIENT + "no certificate where one is required (TLS 1.3)",
        () ->
            serverFails(
                client().versions(TlsVersion.TLS_1_3),
                server().clientCertificates(ClientAuthentication.REQUIRED, TestPki.TRUST)));
    all.put(
        FROM_CLIENT + "a certificate of an unknown authority",
        () ->
            serverFails(
                client().identity(TestPki.OTHER_AUTHORITY.client(KeyType.ECDSA_P256, "someone")),
                server().clientCertificates(ClientAuthentication.REQUIRED, TestPki.TRUST)));
    all.put(
        FROM_CLIENT + "it refuses our certificate",
        () ->
            serverFails(
                client().trust(TlsTrust.of(TestPki.OTHER_AUTHORITY.certificate())), server()));
    all.put(FROM_CLIENT + "a record that was changed on the way", () -> openServerIsSpoiled(20, 1));
    all.put(
        FROM_CLIENT + "a record longer than the protocol allows",
        () -> openServerIsSpoiled(3, 0x7f));
    return all;
  }

  private static TlsIdentity longChain() {
    TlsIdentity one = TestPki.server(KeyType.RSA_2048);
    List<X509Certificate> chain = new ArrayList<>(one.chain());
    for (int i = 0; i < 4; i++) {
      chain.add(TestPki.OTHER_AUTHORITY.certificate());
    }
    return TlsIdentity.of(chain, one.privateKey());
  }

  private static String row(String what, Failed failed) {
    assertThat(failed.engine.state()).as(what).isEqualTo(TlsEngineState.FAILED);
    TlsFailure failure = failed.engine.failure();
    assert failure != null;
    CloseCause cause = TlsFailures.failure(failed.engine, failed.handshaking).cause();
    return "| "
        + String.join(
            " | ",
            what,
            alert(failure),
            failure.cause().name(),
            cause.name(),
            seen(failed.engine.role(), failure, cause),
            retried(failed.engine.role(), failed.handshaking, cause))
        + " |";
  }

  private static String alert(TlsFailure failure) {
    if (failure.alertSent() != TlsAlert.NONE) {
      return "sent " + TlsAlert.text(failure.alertSent());
    }
    return failure.alertReceived() == TlsAlert.NONE
        ? "none"
        : "received " + TlsAlert.text(failure.alertReceived());
  }

  private static String seen(TlsRole role, TlsFailure failure, CloseCause cause) {
    if (role == TlsRole.CLIENT) {
      return "status " + cause.status();
    }
    if (failure.cause() == TlsFailureCause.PLAIN_HTTP) {
      return "status 400 in the clear";
    }
    return failure.alertSent() == TlsAlert.NONE ? "the end" : "the alert";
  }

  private static String retried(TlsRole role, boolean handshaking, CloseCause cause) {
    if (role == TlsRole.SERVER) {
      return "no";
    }
    if (!handshaking) {
      return "if it may be replayed";
    }
    return RetryPolicy.mayReconnect(cause, false) ? "yes" : "on another server";
  }

  @Test
  void theDocumentationSaysWhatHappens() throws IOException {
    List<String> happens = new ArrayList<>();
    cases().forEach((what, failing) -> happens.add(row(what, failing.get())));
    List<String> documented =
        Files.readAllLines(PAGE).stream()
            .filter(
                line -> line.startsWith("| " + TO_SERVER) || line.startsWith("| " + FROM_CLIENT))
            .toList();
    assertThat(String.join("\n", documented)).isEqualTo(String.join("\n", happens));
  }
}
