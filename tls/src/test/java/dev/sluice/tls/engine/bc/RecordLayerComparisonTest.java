package dev.sluice.tls.engine.bc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.tls.engine.TlsPrimitives;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our record protection and BouncyCastle's with the same keys, over random records. */
class RecordLayerComparisonTest {
  private static final long SEED = 8_446;
  private static final int RECORDS = 300;

  static Stream<Arguments> suites() {
    return Stream.of(
        Arguments.of(ProtocolVersion.TLSv13, CipherSuite.TLS_AES_128_GCM_SHA256),
        Arguments.of(ProtocolVersion.TLSv13, CipherSuite.TLS_AES_256_GCM_SHA384),
        Arguments.of(ProtocolVersion.TLSv13, CipherSuite.TLS_CHACHA20_POLY1305_SHA256),
        Arguments.of(ProtocolVersion.TLSv12, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
        Arguments.of(ProtocolVersion.TLSv12, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384),
        Arguments.of(
            ProtocolVersion.TLSv12, CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256));
  }

  /** Does everything twice and compares. */
  private static final class Both implements TlsCipher {
    final TlsCipher ours;
    final TlsCipher theirs;
    int compared;

    Both(TlsCipher ours, TlsCipher theirs) {
      this.ours = ours;
      this.theirs = theirs;
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
      TlsEncodeResult one =
          ours.encodePlaintext(seqNo, contentType, version, headerBytes, in.clone(), off, len);
      TlsEncodeResult other =
          theirs.encodePlaintext(seqNo, contentType, version, headerBytes, in.clone(), off, len);
      assertThat(one.recordType).isEqualTo(other.recordType);
      // BouncyCastle leaves the header to its caller.
      assertThat(fragment(one, headerBytes)).isEqualTo(fragment(other, headerBytes));
      compared++;
      return other;
    }

    private static byte[] fragment(TlsEncodeResult result, int headerBytes) {
      return Arrays.copyOfRange(result.buf, result.off + headerBytes, result.off + result.len);
    }

    @Override
    public TlsDecodeResult decodeCiphertext(
        long seqNo, short recordType, ProtocolVersion version, byte[] in, int off, int len)
        throws IOException {
      TlsDecodeResult one = ours.decodeCiphertext(seqNo, recordType, version, in.clone(), off, len);
      TlsDecodeResult other =
          theirs.decodeCiphertext(seqNo, recordType, version, in.clone(), off, len);
      assertThat(one.contentType).isEqualTo(other.contentType);
      assertThat(content(one)).isEqualTo(content(other));
      compared++;
      return other;
    }

    private static byte[] content(TlsDecodeResult result) {
      return Arrays.copyOfRange(result.buf, result.off, result.off + result.len);
    }

    @Override
    public int getCiphertextDecodeLimit(int plaintextLimit) {
      assertThat(ours.getCiphertextDecodeLimit(plaintextLimit))
          .isLessThanOrEqualTo(theirs.getCiphertextDecodeLimit(plaintextLimit));
      return theirs.getCiphertextDecodeLimit(plaintextLimit);
    }

    @Override
    public int getCiphertextEncodeLimit(int plaintextLimit) {
      assertThat(ours.getCiphertextEncodeLimit(plaintextLimit))
          .isEqualTo(theirs.getCiphertextEncodeLimit(plaintextLimit));
      return theirs.getCiphertextEncodeLimit(plaintextLimit);
    }

    @Override
    public int getPlaintextDecodeLimit(int ciphertextLimit) {
      return theirs.getPlaintextDecodeLimit(ciphertextLimit);
    }

    @Override
    public int getPlaintextEncodeLimit(int ciphertextLimit) {
      return theirs.getPlaintextEncodeLimit(ciphertextLimit);
    }

    @Override
    public void rekeyDecoder() throws IOException {
      ours.rekeyDecoder();
      theirs.rekeyDecoder();
    }

    @Override
    public void rekeyEncoder() throws IOException {
      ours.rekeyEncoder();
      theirs.rekeyEncoder();
    }

    @Override
    public boolean usesOpaqueRecordTypeDecode() {
      return theirs.usesOpaqueRecordTypeDecode();
    }

    @Override
    public boolean usesOpaqueRecordTypeEncode() {
      return theirs.usesOpaqueRecordTypeEncode();
    }
  }

  /** Makes pairs of ciphers. */
  private static final class BothCrypto extends BcTlsCrypto {
    private final EngineTlsCrypto engineCrypto;
    private Both last = new Both(null, null);

    BothCrypto(SecureRandom random) {
      super(random);
      this.engineCrypto = new EngineTlsCrypto(random, TlsPrimitives.DEFAULT);
    }

    @Override
    public TlsCipher createCipher(
        TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
        throws IOException {
      last =
          new Both(
              engineCrypto.createCipher(parameters, encryptionAlgorithm, macAlgorithm),
              super.createCipher(parameters, encryptionAlgorithm, macAlgorithm));
      return last;
    }
  }

  @ParameterizedTest
  @MethodSource("suites")
  void bothSealTheSameBytesAndOpenTheSameContent(ProtocolVersion version, int suite)
      throws IOException {
    BothCrypto clientCrypto = new BothCrypto(new SecureRandom());
    BothCrypto serverCrypto = new BothCrypto(new SecureRandom());
    PlainBcPair pair = new PlainBcPair(version, suite, clientCrypto, serverCrypto);
    pair.handshake();
    Random random = new Random(SEED);
    for (int i = 0; i < RECORDS; i++) {
      byte[] content = new byte[random.nextInt(20) == 0 ? 16_384 : random.nextInt(3_000)];
      random.nextBytes(content);
      boolean up = random.nextBoolean();
      assertThat(up ? pair.toServer(content) : pair.toClient(content)).isEqualTo(content);
      if (TlsUtils.isTLSv13(version) && i % 50 == 49) {
        pair.updateClientKeys();
      }
    }
    assertThat(clientCrypto.last.compared).isGreaterThanOrEqualTo(RECORDS);
    assertThat(serverCrypto.last.compared).isGreaterThanOrEqualTo(RECORDS);
  }

  @ParameterizedTest
  @MethodSource("suites")
  @DisplayName("RFC 8446 5.2, 5.4: what is changed, cut or only padding is refused by both alike")
  void bothRefuseTheSame(ProtocolVersion version, int suite) throws IOException {
    Random random = new Random(SEED);
    for (int i = 0; i < 12; i++) {
      BothCrypto clientCrypto = new BothCrypto(new SecureRandom());
      BothCrypto serverCrypto = new BothCrypto(new SecureRandom());
      PlainBcPair pair = new PlainBcPair(version, suite, clientCrypto, serverCrypto);
      pair.handshake();
      byte[] content = new byte[1 + random.nextInt(100)];
      // With 0 for the type, and zeros for the content, a TLS 1.3 record is all padding.
      boolean padding = TlsUtils.isTLSv13(version) && i % 3 == 0;
      short type = padding ? 0 : ContentType.application_data;
      long clientSequence = pair.clientRecordsSealed();
      Both sealing = clientCrypto.last;
      TlsEncodeResult sealed =
          sealing.theirs.encodePlaintext(
              clientSequence, type, ProtocolVersion.TLSv12, 5, content, 0, content.length);
      byte[] fragment = Both.fragment(sealed, 5);
      if (!padding) {
        if (random.nextBoolean()) {
          fragment[random.nextInt(fragment.length)] ^= (byte) (1 << random.nextInt(8));
        } else {
          fragment = Arrays.copyOf(fragment, random.nextInt(fragment.length));
        }
      }
      byte[] spoiled = fragment;
      Both opening = serverCrypto.last;
      TlsFatalAlert one = refusal(opening.ours, clientSequence, spoiled);
      TlsFatalAlert other = refusal(opening.theirs, clientSequence, spoiled);
      assertThat(one.getAlertDescription())
          .as("%s of %d bytes", padding ? "padding" : "spoiled", spoiled.length)
          .isEqualTo(
              // BouncyCastle calls a record that is too short a decode error.
              other.getAlertDescription() == 50 ? (short) 20 : other.getAlertDescription());
    }
  }

  private static TlsFatalAlert refusal(TlsCipher cipher, long sequence, byte[] fragment) {
    TlsFatalAlert refusal =
        catchThrowableOfType(
            TlsFatalAlert.class,
            () ->
                cipher.decodeCiphertext(
                    sequence,
                    ContentType.application_data,
                    ProtocolVersion.TLSv12,
                    fragment.clone(),
                    0,
                    fragment.length));
    assertThat(refusal).isNotNull();
    return refusal;
  }
}
