package dev.sluice.acceptance;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A TLS 1.2 server that names a protocol which was not offered: its ServerHello, which is clear in
 * that version, is spoiled on its way out. Records what comes from the client.
 */
final class SpoiledEnd implements TlsEnd {
  private final TlsEnd sound;
  private final byte[] from;
  private final byte[] to;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  /** Both texts have the same length. */
  SpoiledEnd(TlsEnd sound, byte[] from, byte[] to) {
    assert from.length == to.length;
    this.sound = sound;
    this.from = from;
    this.to = to;
  }

  /** Everything that has come from the client. */
  byte[] seen() {
    return seen.toByteArray();
  }

  @Override
  public void feed(byte[] wire) {
    seen.writeBytes(wire);
    sound.feed(wire);
  }

  @Override
  public byte[] drain() {
    byte[] out = sound.drain();
    for (int i = 0; i + from.length <= out.length; i++) {
      if (Arrays.equals(out, i, i + from.length, from, 0, from.length)) {
        System.arraycopy(to, 0, out, i, to.length);
      }
    }
    return out;
  }

  @Override
  public void write(byte[] plain) {
    sound.write(plain);
  }

  @Override
  public byte[] take() {
    return sound.take();
  }

  @Override
  public void close() {
    sound.close();
  }

  @Override
  public boolean open() {
    return sound.open();
  }

  @Override
  public boolean peerClosed() {
    return sound.peerClosed();
  }

  @Override
  public String protocol() {
    return sound.protocol();
  }

  @Override
  public String problem() {
    return sound.problem();
  }
}
