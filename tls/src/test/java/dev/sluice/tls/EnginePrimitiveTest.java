package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsPrimitives;
import dev.sluice.tls.engine.TlsPrimitives.Primitive;
import dev.sluice.tls.engine.TlsProfile;
import dev.sluice.tls.engine.TlsVersion;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who computes what, and keys that stay where they are. */
class EnginePrimitiveTest {
  private static final TlsPrimitives ALL_JDK = new TlsPrimitives(EnumSet.allOf(Primitive.class));
  private static final TlsPrimitives NO_JDK = new TlsPrimitives(Set.of());

  static Stream<Arguments> combinations() {
    List<Arguments> all = new ArrayList<>();
    for (TlsVersion version : TlsVersion.values()) {
      for (KeyType key : List.of(KeyType.ECDSA_P256, KeyType.ECDSA_P384, KeyType.RSA_2048)) {
        for (TlsGroup group : List.of(TlsGroup.X25519, TlsGroup.SECP256R1)) {
          all.add(Arguments.of(version, key, group, ALL_JDK, NO_JDK));
          all.add(Arguments.of(version, key, group, NO_JDK, ALL_JDK));
        }
      }
    }
    return all.stream();
  }

  private static EnginePeer client(
      TlsVersion version, TlsPrimitives primitives, TlsGroup... groups) {
    return new EnginePeer(
        TlsClientConfig.builder()
            .trust(TestPki.TRUST)
            .versions(version)
            .groups(groups)
            .primitives(primitives)
            .build()
            .newEngine(TestPki.NAME));
  }

  private static EnginePeer server(TlsIdentity identity, TlsPrimitives primitives) {
    return new EnginePeer(
        TlsServerConfig.builder().identity(identity).primitives(primitives).build().newEngine());
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void jdkAndBouncyCastleComputeTheSame(
      TlsVersion version, KeyType key, TlsGroup group, TlsPrimitives one, TlsPrimitives other) {
    EnginePeer client = client(version, one, group);
    EnginePeer server = server(TestPki.server(key), other);
    Link.run(client, server);
    assertThat(client.problem() + server.problem()).isEmpty();
    assertThat(client.open() && server.open()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = TlsGroup.class,
      names = {"X25519", "SECP256R1"})
  void aKeyShareThatIsNoPointIsRefusedByEither(TlsGroup group) {
    for (TlsPrimitives primitives : List.of(ALL_JDK, NO_JDK)) {
      EnginePeer client = client(TlsVersion.TLS_1_3, NO_JDK, group);
      byte[] hello = client.drain();
      // The share is the last extension but for what follows it; its value is found by its header.
      int bytes = group == TlsGroup.X25519 ? 32 : 65;
      int at = find(hello, group.code(), bytes);
      for (int i = 0; i < bytes; i++) {
        hello[at + i] = (byte) (i == 0 && bytes == 65 ? 4 : 0);
      }
      EnginePeer server = server(TestPki.server(KeyType.ECDSA_P256), primitives);
      server.feed(hello);
      assertThat(server.failure().alertSent())
          .isIn(TlsAlert.ILLEGAL_PARAMETER, TlsAlert.HANDSHAKE_FAILURE);
    }
  }

  private static int find(byte[] hello, int group, int bytes) {
    for (int i = 0; i + 4 < hello.length; i++) {
      boolean header =
          hello[i] == (byte) (group >>> 8)
              && hello[i + 1] == (byte) group
              && hello[i + 2] == 0
              && hello[i + 3] == (byte) bytes;
      if (header) {
        return i + 4;
      }
    }
    throw new AssertionError("no key share");
  }

  /** A key like one in a hardware module: it has no encoding, and only its provider can sign. */
  private record ModuleKey(PrivateKey inside) implements PrivateKey {
    private static final long serialVersionUID = 1;

    @Override
    public String getAlgorithm() {
      return inside.getAlgorithm();
    }

    @Override
    public String getFormat() {
      return null;
    }

    @Override
    public byte[] getEncoded() {
      return null;
    }
  }

  /** The provider of such keys. */
  private static final class ModuleProvider extends Provider {
    private static final long serialVersionUID = 1;

    ModuleProvider() {
      super("TestModule", "1", "keys that stay inside");
      for (String name :
          List.of("SHA256withECDSA", "SHA384withECDSA", "RSASSA-PSS", "SHA256withRSA")) {
        putService(new ModuleService(this, name));
      }
    }
  }

  private static final class ModuleService extends Provider.Service {
    ModuleService(Provider provider, String algorithm) {
      super(provider, "Signature", algorithm, ModuleSignature.class.getName(), null, null);
    }

    @Override
    public Object newInstance(Object parameter) {
      return new ModuleSignature(getAlgorithm());
    }

    @Override
    public boolean supportsParameter(Object parameter) {
      return parameter instanceof ModuleKey;
    }
  }

  private static final class ModuleSignature extends java.security.SignatureSpi {
    private final Signature inside;

    ModuleSignature(String algorithm) {
      try {
        inside = Signature.getInstance(algorithm);
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    protected void engineInitVerify(java.security.PublicKey key)
        throws java.security.InvalidKeyException {
      throw new java.security.InvalidKeyException("signs only");
    }

    @Override
    protected void engineInitSign(PrivateKey key) throws java.security.InvalidKeyException {
      if (!(key instanceof ModuleKey module)) {
        throw new java.security.InvalidKeyException("not a key of this module");
      }
      inside.initSign(module.inside());
    }

    @Override
    protected void engineUpdate(byte b) throws java.security.SignatureException {
      inside.update(b);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int off, int len)
        throws java.security.SignatureException {
      inside.update(bytes, off, len);
    }

    @Override
    protected byte[] engineSign() throws java.security.SignatureException {
      return inside.sign();
    }

    @Override
    protected boolean engineVerify(byte[] signature) {
      return false;
    }

    @Override
    protected void engineSetParameter(java.security.spec.AlgorithmParameterSpec spec)
        throws java.security.InvalidAlgorithmParameterException {
      inside.setParameter(spec);
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String parameter, Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String parameter) {
      throw new UnsupportedOperationException();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = KeyType.class,
      names = {"ECDSA_P256", "RSA_2048"})
  void aKeyThatCannotBeReadOutSignsWhereItIs(KeyType kind) {
    TlsIdentity known = TestPki.server(kind);
    Provider provider = new ModuleProvider();
    Security.addProvider(provider);
    try {
      TlsIdentity identity = TlsIdentity.of(known.chain(), new ModuleKey(known.privateKey()));
      for (TlsVersion version : TlsVersion.values()) {
        EnginePeer client = client(version, TlsPrimitives.DEFAULT, TlsGroup.X25519);
        EnginePeer server = server(identity, TlsPrimitives.DEFAULT);
        Link.run(client, server);
        assertThat(client.problem() + server.problem()).isEmpty();
        assertThat(client.open()).isTrue();
      }
    } finally {
      Security.removeProvider(provider.getName());
    }
  }

  @Test
  void aProbeMeasuresBothWaysOfEachPrimitive() {
    TlsPrimitives.Probe probe = TlsWarmUp.probe(Duration.ofMillis(1));
    assertThat(probe.nanosByJdk()).containsOnlyKeys(Primitive.values());
    assertThat(probe.nanosByBouncyCastle()).containsOnlyKeys(Primitive.values());
    for (Primitive each : Primitive.values()) {
      assertThat(probe.chosen().isByJdk(each))
          .isEqualTo(probe.nanosByJdk().get(each) < probe.nanosByBouncyCastle().get(each));
    }
  }

  @Test
  void aWarmUpStaysInItsBudgetOrEndsBefore() {
    TlsWarmUp.Report report = TlsWarmUp.run(Duration.ofMillis(1));
    assertThat(report.handshakes()).isPositive();
    assertThat(report.records()).isPositive();
    assertThat(report.steady()).isFalse();
  }

  @Test
  void suitesHaveBothNames() {
    assertThat(TlsCipherSuite.byName("ECDHE-ECDSA-AES128-GCM-SHA256"))
        .isEqualTo(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
    assertThat(TlsCipherSuite.byName("ECDHE-RSA-CHACHA20-POLY1305"))
        .isEqualTo(TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256);
    assertThat(TlsCipherSuite.byName("TLS_AES_256_GCM_SHA384"))
        .isEqualTo(TlsCipherSuite.TLS_AES_256_GCM_SHA384);
    assertThat(TlsCipherSuite.byName("DHE-RSA-AES128-GCM-SHA256")).isNull();
    for (TlsCipherSuite suite : TlsCipherSuite.values()) {
      assertThat(TlsCipherSuite.byName(suite.opensslName())).isEqualTo(suite);
      assertThat(TlsCipherSuite.byName(suite.name())).isEqualTo(suite);
    }
  }

  @Test
  void profilesAreMozillas() {
    assertThat(TlsProfile.MODERN.versions()).containsExactly(TlsVersion.TLS_1_3);
    assertThat(TlsProfile.MODERN.suites()).hasSize(3);
    assertThat(TlsProfile.INTERMEDIATE.suites()).hasSize(9);
  }
}
