package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsCipherSuite;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsCryptoUtils;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsSecret;

/**
 * The secrets of resumption in TLS 1.3 (RFC 8446 4.6.1, 7.1). BouncyCastle knows only keys that
 * were agreed outside of TLS; the single difference is the label of the binder.
 */
final class ResumptionSecrets {
  private static final byte[] EXTERNAL = "tls13 ext binder".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RESUMPTION = "tls13 res binder".getBytes(StandardCharsets.US_ASCII);
  private static final int LABEL_OFFSET = 3;

  private ResumptionSecrets() {}

  /**
   * The resumption master secret; only while the master secret is alive, which is until the
   * handshake's completion was told.
   */
  static byte[] master(TlsCrypto crypto, SecurityParameters agreed, HandshakeTranscript transcript)
      throws IOException {
    int hash = agreed.getPRFCryptoHashAlgorithm();
    return expand(agreed.getMasterSecret(), hash, "res master", transcript.hash(crypto, hash));
  }

  /** The key of one ticket. */
  static byte[] ticketKey(BcTlsCrypto crypto, byte[] master, TlsCipherSuite suite, byte[] nonce)
      throws IOException {
    return expand(crypto.createSecret(master), hashOf(suite), "resumption", nonce);
  }

  private static byte[] expand(TlsSecret secret, int hash, String label, byte[] input)
      throws IOException {
    int length = TlsCryptoUtils.getHashOutputSize(hash);
    return TlsCryptoUtils.hkdfExpandLabel(secret, hash, label, input, length).extract();
  }

  private static int hashOf(TlsCipherSuite suite) {
    return TlsCryptoUtils.getHashForPRF(prfOf(suite));
  }

  private static int prfOf(TlsCipherSuite suite) {
    return suite == TlsCipherSuite.TLS_AES_256_GCM_SHA384
        ? PRFAlgorithm.tls13_hkdf_sha384
        : PRFAlgorithm.tls13_hkdf_sha256;
  }

  /** A ticket with its key as BouncyCastle takes it. */
  static TlsPSKExternal offer(BcTlsCrypto crypto, byte[] ticket, byte[] key, TlsCipherSuite suite) {
    return new BasicTlsPSKExternal(ticket, new TicketKey(crypto, key.clone()), prfOf(suite));
  }

  /** What the key schedule begins with, for {@link BcTlsCrypto#hkdfInit}. */
  static TlsSecret zeros(BcTlsCrypto crypto, int hashAlgorithm) {
    return new Zeros(crypto, TlsCryptoUtils.getHashOutputSize(hashAlgorithm));
  }

  private static final class TicketKey extends BcTlsSecret {
    TicketKey(BcTlsCrypto crypto, byte[] key) {
      super(crypto, key);
    }
  }

  private static final class Zeros extends BcTlsSecret {
    Zeros(BcTlsCrypto crypto, int length) {
      super(crypto, new byte[length]);
    }

    @Override
    public synchronized TlsSecret hkdfExtract(int hashAlgorithm, TlsSecret input) {
      TlsSecret extracted = super.hkdfExtract(hashAlgorithm, input);
      return input instanceof TicketKey ? new EarlySecret(crypto, extracted.extract()) : extracted;
    }
  }

  /** An early secret made of a ticket: its binder's label says so. */
  private static final class EarlySecret extends BcTlsSecret {
    EarlySecret(BcTlsCrypto crypto, byte[] secret) {
      super(crypto, secret);
    }

    @Override
    public synchronized TlsSecret hkdfExpand(int hashAlgorithm, byte[] info, int length) {
      int end = LABEL_OFFSET + EXTERNAL.length;
      boolean binder =
          info.length >= end
              && Arrays.equals(info, LABEL_OFFSET, end, EXTERNAL, 0, EXTERNAL.length);
      if (!binder) {
        return super.hkdfExpand(hashAlgorithm, info, length);
      }
      byte[] changed = info.clone();
      System.arraycopy(RESUMPTION, 0, changed, LABEL_OFFSET, RESUMPTION.length);
      return super.hkdfExpand(hashAlgorithm, changed, length);
    }
  }
}
