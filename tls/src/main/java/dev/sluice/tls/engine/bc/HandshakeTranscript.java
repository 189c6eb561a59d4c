package dev.sluice.tls.engine.bc;

import java.io.ByteArrayOutputStream;
import org.bouncycastle.tls.HandshakeMessageInput;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsHash;

/**
 * The messages of one TLS 1.3 handshake, for the secret that resumption is derived from (RFC 8446
 * 7.1): BouncyCastle keeps its own transcript to itself. Confined to its connection.
 */
final class HandshakeTranscript {
  private static final int HASH_MESSAGE_HEADER_BYTES = 4;

  private final ByteArrayOutputStream messages = new ByteArrayOutputStream(4096);
  private int beforeLast;

  /** BouncyCastle gives the bytes of a message only to a hash. */
  private final TlsHash sink =
      new TlsHash() {
        @Override
        public void update(byte[] input, int off, int len) {
          messages.write(input, off, len);
        }

        @Override
        public byte[] calculateHash() {
          throw new UnsupportedOperationException();
        }

        @Override
        public TlsHash cloneHash() {
          throw new UnsupportedOperationException();
        }

        @Override
        public void reset() {
          throw new UnsupportedOperationException();
        }
      };

  void received(HandshakeMessageInput message) {
    beforeLast = messages.size();
    message.updateHash(sink);
  }

  void sent(byte[] bytes, int off, int len) {
    messages.write(bytes, off, len);
  }

  /** A server is about to send a HelloRetryRequest: its hello stands for itself no longer. */
  void retrySent(TlsCrypto crypto, int hashAlgorithm) {
    replace(crypto, hashAlgorithm, messages.size());
  }

  /** The message that a client received last was a HelloRetryRequest. */
  void retryReceived(TlsCrypto crypto, int hashAlgorithm) {
    replace(crypto, hashAlgorithm, beforeLast);
  }

  /** RFC 8446 4.4.1: the first hello goes in as its hash. */
  private void replace(TlsCrypto crypto, int hashAlgorithm, int helloBytes) {
    byte[] all = messages.toByteArray();
    byte[] hash = hash(crypto, hashAlgorithm, all, helloBytes);
    byte[] header = new byte[HASH_MESSAGE_HEADER_BYTES];
    header[0] = (byte) HandshakeType.message_hash;
    header[HASH_MESSAGE_HEADER_BYTES - 1] = (byte) hash.length;
    messages.reset();
    messages.writeBytes(header);
    messages.writeBytes(hash);
    messages.write(all, helloBytes, all.length - helloBytes);
  }

  byte[] hash(TlsCrypto crypto, int hashAlgorithm) {
    return hash(crypto, hashAlgorithm, messages.toByteArray(), messages.size());
  }

  private static byte[] hash(TlsCrypto crypto, int hashAlgorithm, byte[] bytes, int len) {
    TlsHash hash = crypto.createHash(hashAlgorithm);
    hash.update(bytes, 0, len);
    return hash.calculateHash();
  }
}
