package dev.sluice.tls.engine.bc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the engine leans on in BouncyCastle beyond its documented interface. If one of these fails
 * after an upgrade, the record layer's premises are to be looked at again, not the test.
 */
class BouncyCastleGuardTest {
  static Stream<Arguments> overriddenMethods() {
    return Stream.of(
        Arguments.of(
            TlsProtocol.class,
            "safeWriteRecord",
            new Class<?>[] {short.class, byte[].class, int.class, int.class}),
        Arguments.of(
            TlsProtocol.class, "handleAlertMessage", new Class<?>[] {short.class, short.class}),
        Arguments.of(TlsProtocol.class, "handleAlertWarningMessage", new Class<?>[] {short.class}),
        Arguments.of(
            TlsProtocol.class,
            "handleException",
            new Class<?>[] {short.class, String.class, Throwable.class}),
        Arguments.of(
            TlsProtocol.class, "raiseAlertWarning", new Class<?>[] {short.class, String.class}),
        Arguments.of(
            TlsProtocol.class, "receive13KeyUpdate", new Class<?>[] {ByteArrayInputStream.class}),
        Arguments.of(TlsProtocol.class, "send13KeyUpdate", new Class<?>[] {boolean.class}),
        Arguments.of(
            TlsClientProtocol.class,
            "receive13EncryptedExtensions",
            new Class<?>[] {ByteArrayInputStream.class}));
  }

  @ParameterizedTest
  @MethodSource("overriddenMethods")
  void whatIsOverriddenOrCalledIsStillOpen(Class<?> type, String name, Class<?>[] parameters)
      throws NoSuchMethodException {
    Method method = type.getDeclaredMethod(name, parameters);
    assertThat(Modifier.isProtected(method.getModifiers())).isTrue();
    assertThat(Modifier.isFinal(method.getModifiers())).isFalse();
    assertThat(Modifier.isFinal(TlsServerProtocol.class.getModifiers())).isFalse();
  }

  @Test
  void theVersionIsTheOneThatWasLookedAt() {
    // A change of version is when the other tests here are worth reading again.
    assertThat(TlsProtocol.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .endsWith("-1.84.jar");
  }

  /** Counts what is asked of a cipher. */
  private static final class Counting implements TlsCipher {
    private final TlsCipher inside;
    private final CountingCrypto crypto;

    Counting(TlsCipher inside, CountingCrypto crypto) {
      this.inside = inside;
      this.crypto = crypto;
    }

    @Override
    public TlsEncodeResult encodePlaintext(
        long seqNo,
        short contentType,
        ProtocolVersion version,
        int headerBytes,
        byte[] in,
        int off,
        int len)
        throws IOException {
      return inside.encodePlaintext(seqNo, contentType, version, headerBytes, in, off, len);
    }

    @Override
    public TlsDecodeResult decodeCiphertext(
        long seqNo, short recordType, ProtocolVersion version, byte[] in, int off, int len)
        throws IOException {
      return inside.decodeCiphertext(seqNo, recordType, version, in, off, len);
    }

    @Override
    public int getCiphertextDecodeLimit(int plaintextLimit) {
      return inside.getCiphertextDecodeLimit(plaintextLimit);
    }

    @Override
    public int getCiphertextEncodeLimit(int plaintextLimit) {
      return inside.getCiphertextEncodeLimit(plaintextLimit);
    }

    @Override
    public int getPlaintextDecodeLimit(int ciphertextLimit) {
      return inside.getPlaintextDecodeLimit(ciphertextLimit);
    }

    @Override
    public int getPlaintextEncodeLimit(int ciphertextLimit) {
      return inside.getPlaintextEncodeLimit(ciphertextLimit);
    }

    @Override
    public void rekeyDecoder() throws IOException {
      crypto.decoderRekeyed++;
      inside.rekeyDecoder();
    }

    @Override
    public void rekeyEncoder() throws IOException {
      crypto.encoderRekeyed++;
      inside.rekeyEncoder();
    }

    @Override
    public boolean usesOpaqueRecordTypeDecode() {
      return inside.usesOpaqueRecordTypeDecode();
    }

    @Override
    public boolean usesOpaqueRecordTypeEncode() {
      return inside.usesOpaqueRecordTypeEncode();
    }
  }

  private static final class CountingCrypto extends BcTlsCrypto {
    int created;
    int encoderRekeyed;
    int decoderRekeyed;

    CountingCrypto() {
      super(new SecureRandom());
    }

    @Override
    public TlsCipher createCipher(
        TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
        throws IOException {
      created++;
      return new Counting(super.createCipher(parameters, encryptionAlgorithm, macAlgorithm), this);
    }
  }

  @Test
  void oneCipherServesATls12ConnectionForLife() throws IOException {
    CountingCrypto client = new CountingCrypto();
    CountingCrypto server = new CountingCrypto();
    PlainBcPair pair =
        new PlainBcPair(
            ProtocolVersion.TLSv12,
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            client,
            server);
    pair.handshake();
    pair.toServer(new byte[10]);
    assertThat(client.created).isEqualTo(1);
    assertThat(server.created).isEqualTo(1);
    assertThat(client.encoderRekeyed + client.decoderRekeyed).isZero();
  }

  @Test
  void tls13MakesACipherForEachEpochAndRekeysTheLastOneAfterwards() throws IOException {
    CountingCrypto client = new CountingCrypto();
    CountingCrypto server = new CountingCrypto();
    PlainBcPair pair =
        new PlainBcPair(ProtocolVersion.TLSv13, CipherSuite.TLS_AES_128_GCM_SHA256, client, server);
    pair.handshake();
    // Handshake keys and application keys; the newest is the one that the engine shares.
    assertThat(client.created).isEqualTo(2);
    assertThat(server.created).isEqualTo(2);
    int serverDecoder = server.decoderRekeyed;
    int clientEncoder = client.encoderRekeyed;
    pair.updateClientKeys();
    assertThat(client.created).isEqualTo(2);
    assertThat(server.created).isEqualTo(2);
    assertThat(client.encoderRekeyed).isEqualTo(clientEncoder + 1);
    assertThat(server.decoderRekeyed).isEqualTo(serverDecoder + 1);
    assertThat(client.decoderRekeyed + server.encoderRekeyed).isZero();
  }
}
