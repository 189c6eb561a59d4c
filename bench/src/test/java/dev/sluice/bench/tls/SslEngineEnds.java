package dev.sluice.bench.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/**
 * Whoever has an {@link SSLEngine}. The clients name no host, since a client that does may resume a
 * session.
 */
final class SslEngineEnds implements TlsEnds {
  private static final String VERSION = "TLSv1.3";
  private static final String SUITE = "TLS_AES_128_GCM_SHA256";
  private static final String GROUPS_PROPERTY = "jdk.tls.namedGroups";

  private final Supplier<SSLEngine> clients;
  private final Supplier<SSLEngine> servers;

  private SslEngineEnds(Supplier<SSLEngine> clients, Supplier<SSLEngine> servers) {
    this.clients = clients;
    this.servers = servers;
  }

  static SslEngineEnds sun() {
    // With a second group its client would make a second key share. Read once in a process.
    System.setProperty(GROUPS_PROPERTY, "x25519");
    try {
      return of(SSLContext.getInstance(VERSION, "SunJSSE"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static SslEngineEnds bouncyCastle() {
    // It refuses a certificate whose curve is no group; only the first one gets a key share.
    System.setProperty(GROUPS_PROPERTY, "x25519,secp256r1");
    try {
      return of(
          SSLContext.getInstance(
              VERSION, new BouncyCastleJsseProvider(false, new JcaTlsCryptoProvider())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SslEngineEnds of(SSLContext made) throws GeneralSecurityException {
    made.init(
        BenchPki.keyManagers(made.getProvider()).getKeyManagers(),
        BenchPki.trustManagers().getTrustManagers(),
        new SecureRandom());
    return new SslEngineEnds(() -> engine(made, true), () -> engine(made, false));
  }

  private static SSLEngine engine(SSLContext from, boolean client) {
    SSLEngine engine = from.createSSLEngine();
    engine.setUseClientMode(client);
    engine.setEnabledProtocols(new String[] {VERSION});
    engine.setEnabledCipherSuites(new String[] {SUITE});
    return engine;
  }

  static SslEngineEnds boringSsl() {
    OpenSsl.ensureAvailability();
    try {
      SslContext client =
          boringSsl(SslContextBuilder.forClient().trustManager(BenchPki.trustManagers()));
      SslContext server =
          boringSsl(
              SslContextBuilder.forServer(
                  BenchPki.IDENTITY.privateKey(), BenchPki.IDENTITY.chain()));
      ByteBufAllocator buffers = ByteBufAllocator.DEFAULT;
      return new SslEngineEnds(() -> client.newEngine(buffers), () -> server.newEngine(buffers));
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SslContext boringSsl(SslContextBuilder builder) throws SSLException {
    // It takes no list of TLS 1.3 suites; where the CPU knows AES its first is AES-128-GCM.
    // The one that counts references, since the other waits for a finalizer to free its memory.
    return builder
        .sslProvider(SslProvider.OPENSSL_REFCNT)
        .protocols(VERSION)
        .option(OpenSslContextOption.GROUPS, new String[] {"X25519"})
        // Its verification of the host by the name that the engine does not have.
        .endpointIdentificationAlgorithm(null)
        .build();
  }

  @Override
  public TlsEnd client() {
    return new End(clients.get());
  }

  @Override
  public TlsEnd server() {
    return new End(servers.get());
  }

  private static final class End implements TlsEnd {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;

    /** For what comes before any content. */
    private final ByteBuffer unused;

    private boolean begun;

    End(SSLEngine engine) {
      this.engine = engine;
      this.unused = UNUSED.get();
    }

    private static final ThreadLocal<ByteBuffer> UNUSED =
        ThreadLocal.withInitial(() -> ByteBuffer.allocate(32 << 10));

    @Override
    public void handshake(ByteBuffer in, ByteBuffer out) {
      try {
        if (!begun) {
          begun = true;
          engine.beginHandshake();
        }
        work(in, out);
        if (engine instanceof ReferenceCountedOpenSslEngine
            && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
          // It notices only with the next call that its handshake is done.
          unused.clear();
          engine.unwrap(NOTHING, unused);
          work(in, out);
        }
      } catch (SSLException e) {
        throw new IllegalStateException(e);
      }
    }

    private void work(ByteBuffer in, ByteBuffer out) throws SSLException {
      boolean more = true;
      while (more) {
        more = step(in, out);
      }
    }

    private boolean step(ByteBuffer in, ByteBuffer out) throws SSLException {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_TASK) {
        Objects.requireNonNull(engine.getDelegatedTask()).run();
        return true;
      }
      if (status == HandshakeStatus.NEED_WRAP) {
        return check(engine.wrap(NOTHING, out)).bytesProduced() > 0
            || engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP;
      }
      if (!in.hasRemaining()) {
        return false;
      }
      unused.clear();
      check(engine.unwrap(in, unused));
      return true;
    }

    @Override
    public boolean done() {
      return begun && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    @Override
    public void seal(ByteBuffer content, ByteBuffer wire) {
      try {
        check(engine.wrap(content, wire));
      } catch (SSLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void open(ByteBuffer wire, ByteBuffer plain) {
      try {
        check(engine.unwrap(wire, plain));
      } catch (SSLException e) {
        throw new IllegalStateException(e);
      }
    }

    private static SSLEngineResult check(SSLEngineResult result) {
      if (result.getStatus() != Status.OK) {
        throw new IllegalStateException(result.toString());
      }
      return result;
    }

    @Override
    public void release() {
      ReferenceCountUtil.release(engine);
    }
  }
}
