package dev.sluice.tls.engine.bc;

import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.engine.TlsIdentity;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** BouncyCastle's client and server with nothing of ours but their crypto objects. */
final class PlainBcPair {
  private static final TlsIdentity IDENTITY =
      DevelopmentCertificates.create()
          .server(DevelopmentCertificates.KeyType.ECDSA_P256, "www.example.com");

  private final OpenClient client = new OpenClient();
  private final TlsServerProtocol server = new TlsServerProtocol();
  private final ProtocolVersion version;
  private final int suite;
  private final BcTlsCrypto clientCrypto;
  private final BcTlsCrypto serverCrypto;
  private int sealedSinceKeys;

  /** Opens what BouncyCastle keeps for itself. */
  private static final class OpenClient extends TlsClientProtocol {
    void updateKeys() throws IOException {
      send13KeyUpdate(false);
    }
  }

  PlainBcPair(
      ProtocolVersion version, int suite, BcTlsCrypto clientCrypto, BcTlsCrypto serverCrypto) {
    this.version = version;
    this.suite = suite;
    this.clientCrypto = clientCrypto;
    this.serverCrypto = serverCrypto;
  }

  void handshake() throws IOException {
    server.accept(new Server());
    client.connect(new Client());
    while (client.isHandshaking() || server.isHandshaking()) {
      pass(client, server);
      pass(server, client);
    }
    // A TLS 1.2 client's Finished is the first record under its keys; in TLS 1.3 these are new
    // after it.
    sealedSinceKeys = TlsUtils.isTLSv13(version) ? 0 : 1;
  }

  /** How many records the client has sealed with its present keys. */
  long clientRecordsSealed() {
    return sealedSinceKeys;
  }

  byte[] toServer(byte[] content) throws IOException {
    sealedSinceKeys++;
    return send(client, server, content);
  }

  byte[] toClient(byte[] content) throws IOException {
    return send(server, client, content);
  }

  void updateClientKeys() throws IOException {
    client.updateKeys();
    pass(client, server);
  }

  private static byte[] send(TlsProtocol from, TlsProtocol to, byte[] content) throws IOException {
    from.writeApplicationData(content, 0, content.length);
    pass(from, to);
    byte[] received = new byte[to.getAvailableInputBytes()];
    to.readInput(received, 0, received.length);
    return received;
  }

  private static void pass(TlsProtocol from, TlsProtocol to) throws IOException {
    byte[] bytes = new byte[from.getAvailableOutputBytes()];
    from.readOutput(bytes, 0, bytes.length);
    if (bytes.length > 0) {
      to.offerInput(bytes);
    }
  }

  private final class Client extends DefaultTlsClient {
    Client() {
      super(clientCrypto);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return version.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {suite};
    }

    @Override
    public TlsAuthentication getAuthentication() {
      return new TlsAuthentication() {
        @Override
        public void notifyServerCertificate(TlsServerCertificate certificate) {
          // Who the server is does not matter here.
        }

        @Override
        public TlsCredentials getClientCredentials(CertificateRequest request) {
          return null;
        }
      };
    }
  }

  private final class Server extends DefaultTlsServer {
    Server() {
      super(serverCrypto);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return version.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {suite};
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
      return getECDSASignerCredentials();
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
      TlsCertificate leaf = serverCrypto.createCertificate(encodedLeaf());
      Certificate chain =
          TlsUtils.isTLSv13(context)
              ? new Certificate(
                  TlsUtils.EMPTY_BYTES, new CertificateEntry[] {new CertificateEntry(leaf, null)})
              : new Certificate(new TlsCertificate[] {leaf});
      return new BcDefaultTlsCredentialedSigner(
          new TlsCryptoParameters(context),
          serverCrypto,
          PrivateKeyFactory.createKey(IDENTITY.privateKey().getEncoded()),
          chain,
          SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    }
  }

  private static byte[] encodedLeaf() {
    try {
      return IDENTITY.leaf().getEncoded();
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }
}
