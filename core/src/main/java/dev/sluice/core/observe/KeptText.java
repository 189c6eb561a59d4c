package dev.sluice.core.observe;

import java.io.ByteArrayOutputStream;
import java.util.function.BiConsumer;

/** A copy of the texts of a request, for a record that is kept. Immutable; any thread. */
final class KeptText implements RequestText {
  private final String methodName;
  private final byte[] method;
  private final byte[] host;
  private final byte[] path;

  private KeptText(RequestText from) {
    methodName = from.methodName();
    method = bytes(from, RequestText::writeMethodTo);
    host = bytes(from, RequestText::writeHostTo);
    path = bytes(from, RequestText::writePathTo);
  }

  static KeptText of(RequestText from) {
    return from instanceof KeptText kept ? kept : new KeptText(from);
  }

  static byte[] bytes(RequestText from, BiConsumer<RequestText, ByteTarget> part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    part.accept(from, bytes::write);
    return bytes.toByteArray();
  }

  @Override
  public String methodName() {
    return methodName;
  }

  @Override
  public void writeMethodTo(ByteTarget target) {
    target.write(method, 0, method.length);
  }

  @Override
  public void writeHostTo(ByteTarget target) {
    target.write(host, 0, host.length);
  }

  @Override
  public void writePathTo(ByteTarget target) {
    target.write(path, 0, path.length);
  }
}
