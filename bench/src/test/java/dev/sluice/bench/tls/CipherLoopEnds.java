package dev.sluice.bench.tls;

import dev.sluice.tls.engine.TlsEngine;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What no record layer over the JDK's ciphers can be below: the nonce from a counter, the header as
 * additional data, the calls of {@link Cipher}, and with a direct wire one copy. Nothing is
 * checked.
 */
final class CipherLoopEnds implements TlsEnds {
  @Override
  public TlsEnd client() {
    return new End();
  }

  @Override
  public TlsEnd server() {
    return new End();
  }

  private static final class End implements TlsEnd {
    private static final int HEADER_BYTES = 5;
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;

    private final SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
    private final Cipher cipher;
    private final byte[] iv = new byte[NONCE_BYTES];
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final byte[] type = {23};
    private final byte[] heapWire = new byte[TlsEngine.RECORD_BYTES_MAX];
    private long sequence;

    End() {
      try {
        cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void handshake(ByteBuffer in, ByteBuffer out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean done() {
      return true;
    }

    @Override
    public void seal(ByteBuffer content, ByteBuffer wire) {
      int length = content.remaining();
      byte[] to = wire.hasArray() ? wire.array() : heapWire;
      int at = wire.hasArray() ? wire.arrayOffset() + wire.position() : 0;
      int fragment = length + 1 + TAG_BYTES;
      to[at] = 23;
      to[at + 1] = 3;
      to[at + 2] = 3;
      to[at + 3] = (byte) (fragment >>> 8);
      to[at + 4] = (byte) fragment;
      try {
        init(Cipher.ENCRYPT_MODE);
        cipher.updateAAD(to, at, HEADER_BYTES);
        int written =
            cipher.update(
                content.array(),
                content.arrayOffset() + content.position(),
                length,
                to,
                at + HEADER_BYTES);
        cipher.doFinal(type, 0, 1, to, at + HEADER_BYTES + written);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
      content.position(content.limit());
      if (wire.hasArray()) {
        wire.position(wire.position() + HEADER_BYTES + fragment);
      } else {
        wire.put(to, 0, HEADER_BYTES + fragment);
      }
    }

    @Override
    public void open(ByteBuffer wire, ByteBuffer plain) {
      int length = wire.remaining();
      byte[] from = wire.hasArray() ? wire.array() : heapWire;
      int at = wire.hasArray() ? wire.arrayOffset() + wire.position() : 0;
      if (wire.hasArray()) {
        wire.position(wire.limit());
      } else {
        wire.get(from, 0, length);
      }
      try {
        init(Cipher.DECRYPT_MODE);
        cipher.updateAAD(from, at, HEADER_BYTES);
        int opened =
            cipher.doFinal(
                from,
                at + HEADER_BYTES,
                length - HEADER_BYTES,
                plain.array(),
                plain.arrayOffset() + plain.position());
        plain.position(plain.position() + opened - 1);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private void init(int mode) throws GeneralSecurityException {
      System.arraycopy(iv, 0, nonce, 0, NONCE_BYTES);
      for (int i = 0; i < 8; i++) {
        nonce[4 + i] ^= (byte) (sequence >>> (56 - 8 * i));
      }
      sequence++;
      cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
    }
  }
}
