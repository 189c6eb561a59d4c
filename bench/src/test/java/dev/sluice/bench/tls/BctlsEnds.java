package dev.sluice.bench.tls;

import dev.sluice.tls.engine.TlsEngine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.NamedGroup;
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
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.jspecify.annotations.Nullable;

/** BouncyCastle's TLS by itself, driven without blocking and given one record at a time. */
final class BctlsEnds implements TlsEnds {
  private static final int HEADER_BYTES = 5;

  private final JcaTlsCrypto crypto = new JcaTlsCryptoProvider().create(new SecureRandom());
  private final X509TrustManager trust = BenchPki.trustManager();

  @Override
  public TlsEnd client() {
    TlsClientProtocol protocol = new TlsClientProtocol();
    return new End(protocol, () -> protocol.connect(new Client()));
  }

  @Override
  public TlsEnd server() {
    TlsServerProtocol protocol = new TlsServerProtocol();
    return new End(protocol, () -> protocol.accept(new Server()));
  }

  private interface Start {
    void run() throws IOException;
  }

  private static final class End implements TlsEnd {
    private final TlsProtocol protocol;
    private final byte[] record = new byte[TlsEngine.RECORD_BYTES_MAX];
    private @Nullable Start start;

    End(TlsProtocol protocol, Start start) {
      this.protocol = protocol;
      this.start = start;
    }

    @Override
    public void handshake(ByteBuffer in, ByteBuffer out) {
      try {
        Start first = start;
        if (first != null) {
          start = null;
          first.run();
        }
        while (in.hasRemaining()) {
          offer(in);
        }
        drain(out);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private void drain(ByteBuffer out) {
      protocol.readOutput(out, protocol.getAvailableOutputBytes());
    }

    private void offer(ByteBuffer in) throws IOException {
      int at = in.position();
      int length = HEADER_BYTES + ((in.get(at + 3) & 0xFF) << 8 | (in.get(at + 4) & 0xFF));
      if (in.hasArray()) {
        in.position(at + length);
        protocol.offerInput(in.array(), in.arrayOffset() + at, length);
      } else {
        in.get(record, 0, length);
        protocol.offerInput(record, 0, length);
      }
    }

    @Override
    public boolean done() {
      return protocol.isConnected();
    }

    @Override
    public void seal(ByteBuffer content, ByteBuffer wire) {
      try {
        int length = content.remaining();
        protocol.writeApplicationData(
            content.array(), content.arrayOffset() + content.position(), length);
        content.position(content.position() + length);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      drain(wire);
    }

    @Override
    public void open(ByteBuffer wire, ByteBuffer plain) {
      try {
        offer(wire);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      protocol.readInput(plain, protocol.getAvailableInputBytes());
    }
  }

  private final class Client extends DefaultTlsClient {
    Client() {
      super(crypto);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.TLSv13.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {CipherSuite.TLS_AES_128_GCM_SHA256};
    }

    @Override
    public TlsAuthentication getAuthentication() {
      return new TlsAuthentication() {
        @Override
        public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
          verify(certificate.getCertificate());
        }

        @Override
        public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
          return null;
        }
      };
    }
  }

  private void verify(Certificate shown) throws IOException {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      X509Certificate[] chain = new X509Certificate[shown.getLength()];
      for (int i = 0; i < chain.length; i++) {
        chain[i] =
            (X509Certificate)
                factory.generateCertificate(
                    new ByteArrayInputStream(shown.getCertificateAt(i).getEncoded()));
      }
      trust.checkServerTrusted(chain, "UNKNOWN");
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private final class Server extends DefaultTlsServer {
    Server() {
      super(crypto);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
      return ProtocolVersion.TLSv13.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
      return new int[] {CipherSuite.TLS_AES_128_GCM_SHA256};
    }

    @Override
    public int[] getSupportedGroups() {
      return new int[] {NamedGroup.x25519};
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
      return getECDSASignerCredentials();
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
      try {
        CertificateEntry leaf =
            new CertificateEntry(
                crypto.createCertificate(BenchPki.IDENTITY.leaf().getEncoded()), null);
        return new JcaDefaultTlsCredentialedSigner(
            new TlsCryptoParameters(context),
            crypto,
            BenchPki.IDENTITY.privateKey(),
            new Certificate(TlsUtils.EMPTY_BYTES, new CertificateEntry[] {leaf}),
            SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
      } catch (GeneralSecurityException e) {
        throw new IOException(e);
      }
    }
  }
}
