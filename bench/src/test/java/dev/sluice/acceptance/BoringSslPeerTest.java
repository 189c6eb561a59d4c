package dev.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.TlsTrust;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsVersion;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine of the module tls with BoringSSL, as Netty has it, in memory and in both roles. */
class BoringSslPeerTest {
  private static final int PORT = 443;
  private static final int BYTES = 100_000;
  private static final DevelopmentCertificates AUTHORITY = DevelopmentCertificates.create();
  private static final TlsIdentity ECDSA = AUTHORITY.server(KeyType.ECDSA_P256, Pki.NAME);
  private static final TlsIdentity RSA = AUTHORITY.server(KeyType.RSA_2048, Pki.NAME);
  private static final ApplicationProtocolConfig ALPN =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          "h2",
          "http/1.1");

  /** How many bytes pass at a time. */
  private enum Cut {
    WHOLE,
    SINGLE_BYTES,
    RANDOM
  }

  static Stream<Arguments> versionsKeysAndCuts() {
    List<Arguments> all = new ArrayList<>();
    for (TlsVersion version : TlsVersion.values()) {
      for (TlsIdentity identity : List.of(ECDSA, RSA)) {
        for (Cut cut : Cut.values()) {
          all.add(Arguments.of(version, identity, cut));
        }
      }
    }
    return all.stream();
  }

  private static SSLEngine boringServer(SslContext context) {
    return context.newEngine(UnpooledByteBufAllocator.DEFAULT);
  }

  private static SslContext serverContext(TlsVersion version, TlsIdentity identity) {
    try {
      return SslContextBuilder.forServer(
              identity.privateKey(), identity.chain().toArray(new X509Certificate[0]))
          .sslProvider(SslProvider.OPENSSL)
          .protocols(version.text())
          .applicationProtocolConfig(ALPN)
          .build();
    } catch (SSLException e) {
      throw new AssertionError(e);
    }
  }

  private static SSLEngine boringClient(TlsVersion version) {
    try {
      return SslContextBuilder.forClient()
          .trustManager(AUTHORITY.certificate())
          .sslProvider(SslProvider.OPENSSL)
          .endpointIdentificationAlgorithm("HTTPS")
          .protocols(version.text())
          .applicationProtocolConfig(ALPN)
          .build()
          .newEngine(UnpooledByteBufAllocator.DEFAULT, Pki.NAME, PORT);
    } catch (SSLException e) {
      throw new AssertionError(e);
    }
  }

  private static TlsServerConfig server(TlsIdentity identity) {
    return TlsServerConfig.builder().identity(identity).applicationProtocols("h2").build();
  }

  private static TlsClientConfig client(TlsVersion version) {
    return TlsClientConfig.builder()
        .trust(TlsTrust.of(AUTHORITY.certificate()))
        .versions(version)
        .applicationProtocols("h2", "http/1.1")
        .build();
  }

  private static byte[] content(int seed) {
    byte[] bytes = new byte[BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Passes bytes both ways until nothing moves any more. */
  private static void run(TlsEnd one, TlsEnd other, Cut cut) {
    Random random = new Random(1);
    for (boolean moved = true; moved; ) {
      moved = pass(one, other, cut, random);
      moved |= pass(other, one, cut, random);
    }
  }

  private static boolean pass(TlsEnd from, TlsEnd to, Cut cut, Random random) {
    byte[] bytes = from.drain();
    for (int at = 0; at < bytes.length; ) {
      int count =
          switch (cut) {
            case WHOLE -> bytes.length;
            case SINGLE_BYTES -> 1;
            case RANDOM -> 1 + random.nextInt(3_000);
          };
      int end = Math.min(bytes.length, at + count);
      to.feed(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    return bytes.length > 0;
  }

  private static void talk(TlsEnd client, TlsEnd server, Cut cut) {
    client.write(content(1));
    server.write(content(2));
    run(client, server, cut);
    assertThat(client.problem() + server.problem()).isEmpty();
    assertThat(client.open() && server.open()).isTrue();
    assertThat(server.take()).isEqualTo(content(1));
    assertThat(client.take()).isEqualTo(content(2));
    assertThat(client.protocol()).isEqualTo("h2");
    assertThat(server.protocol()).isEqualTo("h2");
    client.close();
    run(client, server, cut);
    assertThat(server.peerClosed()).isTrue();
    server.close();
    run(client, server, cut);
    assertThat(client.problem() + server.problem()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("versionsKeysAndCuts")
  void boringSslIsServed(TlsVersion version, TlsIdentity identity, Cut cut) {
    talk(new JdkEnd(boringClient(version)), new EngineEnd(server(identity).newEngine()), cut);
  }

  @ParameterizedTest
  @MethodSource("versionsKeysAndCuts")
  void boringSslServes(TlsVersion version, TlsIdentity identity, Cut cut) {
    talk(
        new EngineEnd(client(version).newEngine(Pki.NAME)),
        new JdkEnd(boringServer(serverContext(version, identity))),
        cut);
  }

  @ParameterizedTest
  @EnumSource
  void sessionsWithBoringSslAreResumed(TlsVersion version) {
    SslContext context = serverContext(version, ECDSA);
    TlsClientConfig client = client(version);
    for (int i = 0; i < 3; i++) {
      TlsEngine engine = client.newEngine(Pki.NAME);
      talk(new EngineEnd(engine), new JdkEnd(boringServer(context)), Cut.WHOLE);
      assertThat(Objects.requireNonNull(engine.facts()).resumed()).isEqualTo(i > 0);
    }
  }
}
