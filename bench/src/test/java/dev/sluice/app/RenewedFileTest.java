package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.cli.RunCommand;
import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsIdentity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration file that is read again while it runs. */
class RenewedFileTest {
  private static final String NAME = "a.test";
  private static final DevelopmentCertificates AUTHORITY = DevelopmentCertificates.create();
  private static final TlsIdentity FIRST = AUTHORITY.server(KeyType.ECDSA_P256, NAME);
  private static final TlsIdentity SECOND = AUTHORITY.server(KeyType.ECDSA_P256, NAME);
  private static final String FILE =
      """
      frontends:
        web:
          listeners:
            address: 127.0.0.1:0
            tls:
              certificates:
                certificate: chain.pem
                key: key.pem
          backend: app
      backends:
        app:
          servers: 127.0.0.1:1
      """;

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private void write(TlsIdentity identity) throws IOException, CertificateEncodingException {
    StringBuilder chain = new StringBuilder();
    for (X509Certificate certificate : identity.chain()) {
      chain.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    Files.writeString(directory.resolve("chain.pem"), chain);
    Files.writeString(
        directory.resolve("key.pem"), pem("PRIVATE KEY", identity.privateKey().getEncoded()));
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(content), what);
  }

  private static X509Certificate shown(InetSocketAddress address) throws IOException {
    TlsEngine engine =
        TlsClientConfig.builder().insecureTrustAnyServerCertificate().build().newEngine(NAME);
    ByteBuffer in = ByteBuffer.allocate(2 * TlsEngine.RECORD_BYTES_MAX).limit(0);
    ByteBuffer out = ByteBuffer.allocate(TlsEngine.RECORD_BYTES_MAX);
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      while (engine.state() == TlsEngineState.HANDSHAKING) {
        engine.offer(in);
        if (engine.handshakeWorkPending()) {
          engine.runHandshakeStep();
        }
        boolean sent = true;
        do {
          sent = engine.drainOutput(out);
          socket.getOutputStream().write(out.array(), 0, out.position());
          out.clear();
        } while (!sent);
        if (engine.state() == TlsEngineState.HANDSHAKING) {
          in.compact();
          int count = socket.getInputStream().read(in.array(), in.position(), in.remaining());
          assertThat(count).isPositive();
          in.position(in.position() + count).flip();
        }
      }
    }
    return Objects.requireNonNull(engine.facts()).peerCertificates().get(0);
  }

  @Test
  void newFilesAreTakenOverAndBrokenOnesAreTold() throws Exception {
    write(FIRST);
    Path file = Files.writeString(directory.resolve("proxy.yaml"), FILE);
    RunCommand run = new RunCommand(file, new PrintWriter(out, true), new PrintWriter(err, true));
    assertThat(run.renew()).as("before it runs").isFalse();
    CompletableFuture<RunCommand.End> end =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run.run();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    InetSocketAddress address = run.started().get().get(0);
    assertThat(shown(address)).isEqualTo(FIRST.leaf());

    write(SECOND);
    assertThat(shown(address)).as("until it is told").isEqualTo(FIRST.leaf());
    assertThat(run.renew()).isTrue();
    assertThat(shown(address)).isEqualTo(SECOND.leaf());
    assertThat(err.toString()).isEmpty();

    Files.writeString(directory.resolve("key.pem"), "nothing");
    assertThat(run.renew()).isFalse();
    assertThat(err.toString()).contains("key.pem").contains("Nothing was renewed.");
    assertThat(shown(address)).isEqualTo(SECOND.leaf());

    run.stop();
    assertThat(end.get()).isEqualTo(RunCommand.End.DRAINED);
  }
}
