package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsGroup;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send early data, which is never taken (RFC 8446 4.2.10). */
class EarlyDataTest {
  private final TlsClientProtocol client = new TlsClientProtocol();

  private static EnginePeer server(TlsGroup... groups) {
    return new EnginePeer(
        TlsServerConfig.builder()
            .identity(TestPki.server(KeyType.ECDSA_P256))
            .groups(groups)
            .build()
            .newEngine());
  }

  @SuppressWarnings({"JdkObsolete", "unchecked", "rawtypes"}) // BouncyCastle's interface
  private void connect(boolean earlyData) throws IOException {
    client.connect(
        new DefaultTlsClient(new BcTlsCrypto(new SecureRandom())) {
          @Override
          protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.TLSv13.only();
          }

          @Override
          public Vector getEarlyKeyShareGroups() {
            Vector<Integer> early = new Vector<>();
            early.add(NamedGroup.x25519);
            return early;
          }

          @Override
          public Hashtable getClientExtensions() throws IOException {
            Hashtable extensions = super.getClientExtensions();
            if (earlyData) {
              extensions.put(TlsExtensionsUtils.EXT_early_data, new byte[0]);
            }
            return extensions;
          }

          @Override
          public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
              @Override
              public void notifyServerCertificate(TlsServerCertificate certificate) {
                // Any will do.
              }

              @Override
              public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
                return null;
              }
            };
          }
        });
  }

  private byte[] drain() {
    byte[] bytes = new byte[client.getAvailableOutputBytes()];
    client.readOutput(bytes, 0, bytes.length);
    return bytes;
  }

  private static byte[] earlyRecord(int bytes) {
    byte[] record = new byte[5 + bytes];
    record[0] = 23;
    record[1] = 3;
    record[2] = 3;
    record[3] = (byte) (bytes >>> 8);
    record[4] = (byte) bytes;
    return record;
  }

  private void finish(EnginePeer server) throws IOException {
    for (byte[] bytes = server.drain(); bytes.length > 0; bytes = server.drain()) {
      client.offerInput(bytes);
      server.feed(drain());
    }
  }

  @Test
  void itIsPassedOverAndTheHandshakeGoesOn() throws IOException {
    EnginePeer server = server(TlsGroup.X25519);
    connect(true);
    server.feed(drain());
    server.feed(earlyRecord(1_000));
    server.feed(earlyRecord(100));
    finish(server);
    assertThat(server.problem()).isEmpty();
    assertThat(server.open()).isTrue();
    client.writeApplicationData(new byte[] {1, 2}, 0, 2);
    server.feed(drain());
    assertThat(server.received()).containsExactly(1, 2);
  }

  @Test
  void itIsPassedOverBeforeASecondHelloToo() throws IOException {
    EnginePeer server = server(TlsGroup.SECP256R1);
    connect(true);
    server.feed(drain());
    server.feed(earlyRecord(1_000));
    finish(server);
    assertThat(server.problem()).isEmpty();
    assertThat(server.open()).isTrue();
  }

  @Test
  void thereIsABoundForIt() throws IOException {
    EnginePeer server = server(TlsGroup.X25519);
    connect(true);
    server.feed(drain());
    server.feed(earlyRecord(16_000));
    assertThat(server.problem()).isEmpty();
    server.feed(earlyRecord(16_000));
    assertThat(server.failure().alertSent()).isEqualTo(TlsAlert.BAD_RECORD_MAC);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("RFC 8446 5.2: without the extension a record that can't be opened ends it")
  void whoDoesNotAnnounceItMayNotSendIt(boolean retried) throws IOException {
    EnginePeer server = server(retried ? TlsGroup.SECP256R1 : TlsGroup.X25519);
    connect(false);
    server.feed(drain());
    server.feed(earlyRecord(100));
    assertThat(server.failure().alertSent())
        .isEqualTo(retried ? TlsAlert.UNEXPECTED_MESSAGE : TlsAlert.BAD_RECORD_MAC);
  }
}
