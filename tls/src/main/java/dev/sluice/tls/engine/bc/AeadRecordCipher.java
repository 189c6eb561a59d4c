package dev.sluice.tls.engine.bc;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsCryptoUtils;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.TlsImplUtils;
import org.jspecify.annotations.Nullable;

/**
 * The record protection of one connection, both directions: AES-GCM (RFC 5288, RFC 8446) and
 * ChaCha20-Poly1305 (RFC 7905) on the JDK's ciphers. Confined to its connection's thread.
 *
 * <p>Two users share one object: BouncyCastle, through {@link TlsCipher}, and the engine, through
 * {@link #seal} and {@link #open}, which work between the caller's arrays without a copy. Therefore
 * it keeps its own record counters and ignores the ones that BouncyCastle passes: those don't see
 * the engine's records.
 *
 * <p>What the engine opened and found not to be for itself goes on to BouncyCastle through {@link
 * #handOn}: the next {@link #decodeCiphertext} returns that outcome instead of opening the record
 * again.
 */
final class AeadRecordCipher implements TlsCipher {
  /** {@link #open} met a record that does not authenticate, or that is too short to be one. */
  static final int NOT_AUTHENTIC = -1;

  /** {@link #open} met a TLS 1.3 record with neither content nor type (RFC 8446 5.4). */
  static final int NO_CONTENT_TYPE = -2;

  static final int HEADER_BYTES = 5;
  static final int TAG_BYTES = 16;

  private static final int NONCE_BYTES = 12;
  private static final int SALT_BYTES = 4;
  private static final int EXPLICIT_NONCE_BYTES = 8;
  private static final int NONE = Integer.MIN_VALUE;
  private static final @Nullable Provider SUN_JCE = Security.getProvider("SunJCE");

  private final TlsCryptoParameters parameters;
  private final EarlyData earlyData;
  private final boolean tls13;
  private final boolean gcm;
  private final int keyBytes;
  private final int explicitNonceBytes;
  private final int overheadBytes;
  private final Direction encoder;
  private final Direction decoder;
  private final byte[] aad;
  private final byte[] typeByte = new byte[1];

  private int openedType;
  private int handedOnBytes = NONE;
  private byte[] handedOn = TlsUtils.EMPTY_BYTES;

  /** Key, nonce base and counter of one direction. */
  private static final class Direction {
    final Cipher cipher;
    final byte[] nonce = new byte[NONCE_BYTES];
    byte[] iv = TlsUtils.EMPTY_BYTES;
    @Nullable SecretKeySpec key;
    long sequence;

    Direction(Cipher cipher) {
      this.cipher = cipher;
    }

    void rekey(SecretKeySpec newKey, byte[] newIv) {
      key = newKey;
      iv = newIv;
      sequence = 0;
    }
  }

  /**
   * Takes its keys from the handshake in progress.
   *
   * @param gcm AES-GCM, else ChaCha20-Poly1305
   * @param earlyData what may stand before the first record that these keys open
   * @throws IOException if the handshake has no keys to give (a fault of ours, alert
   *     internal_error)
   */
  AeadRecordCipher(TlsCryptoParameters parameters, boolean gcm, int keyBytes, EarlyData earlyData)
      throws IOException {
    SecurityParameters handshake = parameters.getSecurityParametersHandshake();
    this.parameters = parameters;
    this.earlyData = earlyData;
    this.tls13 = TlsUtils.isTLSv13(handshake.getNegotiatedVersion());
    this.gcm = gcm;
    this.keyBytes = keyBytes;
    this.explicitNonceBytes = gcm && !tls13 ? EXPLICIT_NONCE_BYTES : 0;
    this.overheadBytes = explicitNonceBytes + TAG_BYTES + (tls13 ? 1 : 0);
    this.aad = new byte[tls13 ? 5 : 13];
    this.encoder = new Direction(newCipher());
    this.decoder = new Direction(newCipher());
    if (tls13) {
      rekey(encoder, handshake, parameters.isServer());
      rekey(decoder, handshake, !parameters.isServer());
    } else {
      splitKeyBlock();
    }
  }

  private Cipher newCipher() throws TlsFatalAlert {
    String name = gcm ? "AES/GCM/NoPadding" : "ChaCha20-Poly1305";
    try {
      // Asked for by name: a provider that an embedder put first may have no AES instructions
      // behind it.
      return SUN_JCE != null ? Cipher.getInstance(name, SUN_JCE) : Cipher.getInstance(name);
    } catch (GeneralSecurityException e) {
      throw new TlsFatalAlert(AlertDescription.internal_error, name + " is missing in this JDK", e);
    }
  }

  /** RFC 5246 6.3: client key, server key, client IV, server IV; AEAD suites have no MAC keys. */
  private void splitKeyBlock() {
    int ivBytes = gcm ? SALT_BYTES : NONCE_BYTES;
    byte[] block = TlsImplUtils.calculateKeyBlock(parameters, 2 * (keyBytes + ivBytes));
    Direction client = parameters.isServer() ? decoder : encoder;
    Direction server = parameters.isServer() ? encoder : decoder;
    int ivs = 2 * keyBytes;
    client.rekey(keySpec(block, 0), Arrays.copyOfRange(block, ivs, ivs + ivBytes));
    server.rekey(
        keySpec(block, keyBytes), Arrays.copyOfRange(block, ivs + ivBytes, ivs + 2 * ivBytes));
  }

  private void rekey(Direction direction, SecurityParameters from, boolean server)
      throws IOException {
    TlsSecret secret = server ? from.getTrafficSecretServer() : from.getTrafficSecretClient();
    if (secret == null) {
      throw new TlsFatalAlert(AlertDescription.internal_error);
    }
    int hash = from.getPRFCryptoHashAlgorithm();
    byte[] key =
        TlsCryptoUtils.hkdfExpandLabel(secret, hash, "key", TlsUtils.EMPTY_BYTES, keyBytes)
            .extract();
    byte[] iv =
        TlsCryptoUtils.hkdfExpandLabel(secret, hash, "iv", TlsUtils.EMPTY_BYTES, NONCE_BYTES)
            .extract();
    direction.rekey(keySpec(key, 0), iv);
  }

  private SecretKeySpec keySpec(byte[] from, int off) {
    return new SecretKeySpec(from, off, keyBytes, gcm ? "AES" : "ChaCha20");
  }

  /** What sealing adds to the content of a record, the header apart. */
  int overheadBytes() {
    return overheadBytes;
  }

  /** The room that {@link #open} needs for a record, by the length in its header. */
  int roomBytes(int fragmentBytes) {
    return Math.max(0, fragmentBytes - explicitNonceBytes - TAG_BYTES);
  }

  /** Records sealed since the last change of keys. */
  long sealedRecords() {
    return encoder.sequence;
  }

  boolean isTls13() {
    return tls13;
  }

  /**
   * Seals one record, header included.
   *
   * @return the bytes written to {@code out}: {@code len} + {@link #overheadBytes()} + {@link
   *     #HEADER_BYTES}
   * @throws GeneralSecurityException only for a fault of ours, or if the counter ran out
   */
  int seal(int contentType, byte[] in, int off, int len, byte[] out, int outOff)
      throws GeneralSecurityException {
    int fragment = len + overheadBytes;
    out[outOff] = (byte) (tls13 ? ContentType.application_data : contentType);
    out[outOff + 1] = 3;
    out[outOff + 2] = 3;
    out[outOff + 3] = (byte) (fragment >>> 8);
    out[outOff + 4] = (byte) fragment;
    init(encoder, Cipher.ENCRYPT_MODE, null, 0);
    int at = outOff + HEADER_BYTES;
    if (explicitNonceBytes > 0) {
      System.arraycopy(encoder.nonce, SALT_BYTES, out, at, EXPLICIT_NONCE_BYTES);
      at += EXPLICIT_NONCE_BYTES;
    }
    aad(encoder.sequence, contentType, 0x0303, tls13 ? fragment : len);
    Cipher cipher = encoder.cipher;
    cipher.updateAAD(aad);
    if (tls13) {
      // RFC 8446 5.2: the true type is the last byte of the plaintext; given apart, the content
      // needs no copy for it.
      at += cipher.update(in, off, len, out, at);
      typeByte[0] = (byte) contentType;
      cipher.doFinal(typeByte, 0, 1, out, at);
    } else {
      cipher.doFinal(in, off, len, out, at);
    }
    encoder.sequence++;
    return HEADER_BYTES + fragment;
  }

  /**
   * Opens the fragment of one record into {@code out}, where {@link #roomBytes} must be free; the
   * true content type is then {@link #openedType()}. The counter moves only if the record is
   * authentic.
   *
   * @return the length of the content, or {@link #NOT_AUTHENTIC} or {@link #NO_CONTENT_TYPE}
   */
  int open(int recordType, int version, byte[] in, int off, int len, byte[] out, int outOff) {
    int sealed = len - explicitNonceBytes;
    if (sealed < TAG_BYTES) {
      return NOT_AUTHENTIC;
    }
    int inner;
    try {
      init(decoder, Cipher.DECRYPT_MODE, in, off);
      aad(decoder.sequence, recordType, version, tls13 ? len : sealed - TAG_BYTES);
      decoder.cipher.updateAAD(aad);
      inner = decoder.cipher.doFinal(in, off + explicitNonceBytes, sealed, out, outOff);
    } catch (GeneralSecurityException e) {
      return NOT_AUTHENTIC;
    }
    decoder.sequence++;
    openedType = recordType;
    return tls13 ? stripPadding(out, outOff, inner) : inner;
  }

  /** RFC 8446 5.4: zeros after the type are padding. */
  private int stripPadding(byte[] out, int outOff, int inner) {
    int last = inner - 1;
    while (last >= 0 && out[outOff + last] == 0) {
      last--;
    }
    if (last < 0) {
      return NO_CONTENT_TYPE;
    }
    openedType = out[outOff + last] & 0xFF;
    return last;
  }

  /** The content type of the record opened last. */
  int openedType() {
    return openedType;
  }

  /**
   * Notes the outcome of {@link #open} for BouncyCastle's next call; the content, if any, is
   * copied.
   */
  void handOn(int outcome, byte[] content, int off) {
    handedOnBytes = outcome;
    handedOn = outcome > 0 ? Arrays.copyOfRange(content, off, off + outcome) : TlsUtils.EMPTY_BYTES;
  }

  private void init(Direction direction, int mode, byte @Nullable [] explicit, int explicitOff)
      throws GeneralSecurityException {
    if (direction.sequence < 0) {
      throw new GeneralSecurityException("record counter exhausted");
    }
    byte[] nonce = direction.nonce;
    byte[] iv = direction.iv;
    if (explicitNonceBytes > 0) {
      System.arraycopy(iv, 0, nonce, 0, SALT_BYTES);
      if (explicit != null) {
        System.arraycopy(explicit, explicitOff, nonce, SALT_BYTES, EXPLICIT_NONCE_BYTES);
      } else {
        // RFC 5288 3: the counter as the explicit part can't repeat under one key.
        putLong(nonce, SALT_BYTES, direction.sequence);
      }
    } else {
      // RFC 8446 5.3, RFC 7905 2: the counter, padded to the left, xor the IV.
      System.arraycopy(iv, 0, nonce, 0, NONCE_BYTES);
      for (int i = 0; i < 8; i++) {
        nonce[4 + i] ^= (byte) (direction.sequence >>> (56 - 8 * i));
      }
    }
    AlgorithmParameterSpec spec =
        gcm ? new GCMParameterSpec(8 * TAG_BYTES, nonce) : new IvParameterSpec(nonce);
    direction.cipher.init(mode, direction.key, spec);
  }

  /**
   * TLS 1.3: the record header (RFC 8446 5.2). TLS 1.2: counter, type, version, content length (RFC
   * 5246 6.2.3.3).
   */
  private void aad(long sequence, int type, int version, int length) {
    int at = 0;
    if (!tls13) {
      putLong(aad, 0, sequence);
      at = 8;
    }
    aad[at] = (byte) (tls13 ? ContentType.application_data : type);
    aad[at + 1] = (byte) (version >>> 8);
    aad[at + 2] = (byte) version;
    aad[at + 3] = (byte) (length >>> 8);
    aad[at + 4] = (byte) length;
  }

  private static void putLong(byte[] to, int off, long value) {
    for (int i = 0; i < 8; i++) {
      to[off + i] = (byte) (value >>> (56 - 8 * i));
    }
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
    assert headerBytes == HEADER_BYTES;
    byte[] out = new byte[HEADER_BYTES + len + overheadBytes];
    try {
      seal(contentType, in, off, len, out, 0);
    } catch (GeneralSecurityException e) {
      throw new TlsFatalAlert(AlertDescription.internal_error, e);
    }
    short type = tls13 ? ContentType.application_data : contentType;
    return new TlsEncodeResult(out, 0, out.length, type);
  }

  @Override
  public TlsDecodeResult decodeCiphertext(
      long seqNo, short recordType, ProtocolVersion version, byte[] in, int off, int len)
      throws IOException {
    int outcome = handedOnBytes;
    byte[] content = handedOn;
    int at = 0;
    if (outcome == NONE) {
      at = off + explicitNonceBytes;
      content = in;
      outcome =
          open(recordType, version.getFullVersion(), in, off, len, in, Math.min(at, off + len));
    } else {
      handedOnBytes = NONE;
      handedOn = TlsUtils.EMPTY_BYTES;
    }
    if (outcome == NOT_AUTHENTIC && tls13 && earlyData.skip(len)) {
      // Nothing of the handshake; the protocol passes over it.
      return new TlsDecodeResult(content, at, 0, ContentType.application_data);
    }
    if (outcome >= 0) {
      earlyData.over();
    }
    if (tls13 && outcome == 0 && openedType != ContentType.application_data) {
      // RFC 8446 5.4; BouncyCastle would call it an illegal parameter.
      throw new TlsFatalAlert(AlertDescription.unexpected_message, "a record without content");
    }
    return switch (outcome) {
      case NOT_AUTHENTIC -> throw new TlsFatalAlert(AlertDescription.bad_record_mac);
      case NO_CONTENT_TYPE -> throw new TlsFatalAlert(AlertDescription.unexpected_message);
      default -> new TlsDecodeResult(content, at, outcome, (short) openedType);
    };
  }

  @Override
  public void rekeyEncoder() throws IOException {
    rekey(encoder, parameters.getSecurityParametersConnection(), parameters.isServer());
  }

  @Override
  public void rekeyDecoder() throws IOException {
    rekey(decoder, parameters.getSecurityParametersConnection(), !parameters.isServer());
  }

  @Override
  public int getCiphertextDecodeLimit(int plaintextLimit) {
    return plaintextLimit + overheadBytes;
  }

  @Override
  public int getCiphertextEncodeLimit(int plaintextLimit) {
    return plaintextLimit + overheadBytes;
  }

  @Override
  public int getPlaintextDecodeLimit(int ciphertextLimit) {
    return ciphertextLimit - overheadBytes;
  }

  @Override
  public int getPlaintextEncodeLimit(int ciphertextLimit) {
    return ciphertextLimit - overheadBytes;
  }

  @Override
  public boolean usesOpaqueRecordTypeDecode() {
    return tls13;
  }

  @Override
  public boolean usesOpaqueRecordTypeEncode() {
    return tls13;
  }
}
