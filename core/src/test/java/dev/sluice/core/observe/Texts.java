package dev.sluice.core.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** The texts of a request, given as strings of ISO 8859-1. */
record Texts(String methodName, String host, String path) implements RequestText {
  static Texts of(String method, String host, String path) {
    return new Texts(method, host, path);
  }

  @Override
  public void writeMethodTo(ByteTarget target) {
    write(methodName, target);
  }

  @Override
  public void writeHostTo(ByteTarget target) {
    write(host, target);
  }

  @Override
  public void writePathTo(ByteTarget target) {
    write(path, target);
  }

  private static void write(String text, ByteTarget target) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    target.write(bytes, 0, bytes.length);
  }
}
