package dev.sluice.tls.engine.bc;

import java.io.IOException;
import java.io.OutputStream;
import java.security.Signature;
import java.security.SignatureException;

/** What is written is signed or verified. */
final class SignatureStream extends OutputStream {
  private final Signature signature;

  SignatureStream(Signature signature) {
    this.signature = signature;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int off, int len) throws IOException {
    try {
      signature.update(bytes, off, len);
    } catch (SignatureException e) {
      throw new IOException(e);
    }
  }
}
