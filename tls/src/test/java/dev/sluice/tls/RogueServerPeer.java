package dev.sluice.tls;

import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsVersion;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * A server that does what none should: it is BouncyCastle's, with single answers spoiled. Needs an
 * ECDSA P-256 identity.
 */
final class RogueServerPeer implements TlsPeer {
  private final Protocol protocol = new Protocol();
  private String problem = "";

  /** Opens what BouncyCastle keeps for itself. */
  private static final class Protocol extends TlsServerProtocol {
    void keyUpdate() throws IOException {
      send13KeyUpdate(true);
    }

    void record(short type, byte[] content) throws IOException {
      safeWriteRecord(type, content, 0, content.length);
    }
  }

  RogueServerPeer(TlsVersion version, TlsIdentity identity, String chosenProtocol) {
    this(version, identity, chosenProtocol, true);
  }

  RogueServerPeer(
      TlsVersion version,
      TlsIdentity identity,
      String chosenProtocol,
      boolean extendedMasterSecret) {
    BcTlsCrypto crypto = new BcTlsCrypto(new SecureRandom());
    try {
      protocol.accept(
          new DefaultTlsServer(crypto) {
            @Override
            protected ProtocolVersion[] getSupportedVersions() {
              return (version == TlsVersion.TLS_1_3
                      ? ProtocolVersion.TLSv13
                      : ProtocolVersion.TLSv12)
                  .only();
            }

            @Override
            public boolean shouldUseExtendedMasterSecret() {
              return extendedMasterSecret;
            }

            @Override
            protected int[] getSupportedCipherSuites() {
              return new int[] {
                CipherSuite.TLS_AES_128_GCM_SHA256,
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
              };
            }

            @Override
            protected ProtocolName selectProtocolName() {
              return ProtocolName.asUtf8Encoding(chosenProtocol);
            }

            @Override
            public TlsCredentials getCredentials() throws IOException {
              return getECDSASignerCredentials();
            }

            @Override
            protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
              TlsCertificate leaf = crypto.createCertificate(encoded(identity));
              Certificate chain =
                  version == TlsVersion.TLS_1_3
                      ? new Certificate(
                          TlsUtils.EMPTY_BYTES,
                          new CertificateEntry[] {new CertificateEntry(leaf, null)})
                      : new Certificate(new TlsCertificate[] {leaf});
              return new BcDefaultTlsCredentialedSigner(
                  new TlsCryptoParameters(context),
                  crypto,
                  PrivateKeyFactory.createKey(identity.privateKey().getEncoded()),
                  chain,
                  SignatureAndHashAlgorithm.getInstance(
                      HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
            }
          });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] encoded(TlsIdentity identity) {
    try {
      return identity.leaf().getEncoded();
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  void writeEmptyRecord() {
    writeRecord(ContentType.application_data, new byte[0]);
  }

  void writeRecord(short type, byte[] content) {
    try {
      protocol.record(type, content);
    } catch (IOException e) {
      problem = e.toString();
    }
  }

  void requestKeyUpdate() {
    try {
      protocol.keyUpdate();
    } catch (IOException e) {
      problem = e.toString();
    }
  }

  @Override
  public void feed(byte[] wire) {
    try {
      protocol.offerInput(wire);
    } catch (IOException e) {
      problem = e.toString();
    }
  }

  @Override
  public byte[] drain() {
    byte[] out = new byte[protocol.getAvailableOutputBytes()];
    protocol.readOutput(out, 0, out.length);
    return out;
  }

  @Override
  public void write(byte[] plain) {
    try {
      protocol.writeApplicationData(plain, 0, plain.length);
    } catch (IOException e) {
      problem = e.toString();
    }
  }

  @Override
  public byte[] received() {
    byte[] in = new byte[protocol.getAvailableInputBytes()];
    protocol.readInput(in, 0, in.length);
    return in;
  }

  @Override
  public boolean open() {
    return protocol.isConnected();
  }

  @Override
  public void close() {
    try {
      protocol.close();
    } catch (IOException e) {
      problem = e.toString();
    }
  }

  @Override
  public boolean peerClosed() {
    return protocol.isClosed() && problem.isEmpty();
  }

  @Override
  public String protocol() {
    return "";
  }

  @Override
  public String problem() {
    return problem;
  }
}
