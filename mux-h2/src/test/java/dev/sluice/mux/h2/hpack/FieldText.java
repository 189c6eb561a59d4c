package dev.sluice.mux.h2.hpack;

import dev.sluice.core.message.FieldName;

/** Gives text to the encoder. */
final class FieldText {
  private FieldText() {}

  static void add(HpackEncoder encoder, String name, String value) {
    byte[] v = Bytes.ofText(value);
    switch (name) {
      case ":method" -> encoder.method(v, 0, v.length);
      case ":scheme" -> encoder.scheme(v, 0, v.length);
      case ":path" -> encoder.path(v, 0, v.length);
      case ":authority" -> encoder.authority(v, 0, v.length);
      case ":protocol" -> encoder.protocol(v, 0, v.length);
      case ":status" -> encoder.status(Integer.parseInt(value));
      default -> {
        byte[] n = Bytes.ofText(name);
        encoder.field(FieldName.lookup(n, 0, n.length), n, 0, n.length, v, 0, v.length, false);
      }
    }
  }
}
