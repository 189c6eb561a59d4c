package dev.sluice.core.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that a peer has received, or has still to send: added at the end, taken at the start. */
final class PeerBytes {
  private byte[] bytes = new byte[256];
  private int start;
  private int end;

  int size() {
    return end - start;
  }

  byte at(int index) {
    return bytes[start + index];
  }

  void add(byte[] added, int length) {
    if (bytes.length - end < length) {
      int size = size();
      byte[] target = size + length <= bytes.length ? bytes : new byte[capacity(size + length)];
      System.arraycopy(bytes, start, target, 0, size);
      bytes = target;
      start = 0;
      end = size;
    }
    System.arraycopy(added, 0, bytes, end, length);
    end += length;
  }

  void skip(int length) {
    start += length;
    if (start == end) {
      start = 0;
      end = 0;
    }
  }

  /** Takes {@code length} bytes as a text. */
  String take(int length) {
    String text = new String(bytes, start, length, ISO_8859_1);
    skip(length);
    return text;
  }

  String text() {
    return new String(bytes, start, size(), ISO_8859_1);
  }

  boolean startsWith(byte[] wanted, int length) {
    return Arrays.equals(bytes, start, start + length, wanted, 0, length);
  }

  int indexOf(byte[] wanted) {
    for (int i = start; i + wanted.length <= end; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i - start;
      }
    }
    return -1;
  }

  /** Writes what fits, and takes it. */
  int writeTo(SimEndpoint endpoint) throws IOException {
    int written = endpoint.write(ByteBuffer.wrap(bytes, start, size()));
    skip(written);
    return written;
  }

  private static int capacity(int needed) {
    return Math.max(256, Integer.highestOneBit(needed - 1) << 1);
  }
}
