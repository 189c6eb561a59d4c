package dev.sluice.mux.h2.hpack;

import dev.sluice.core.message.FieldName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects fields as text: {@code name: value}, with {@code !} before those never indexed. */
final class FieldList implements FieldHandler {
  final List<String> fields = new ArrayList<>();

  @Override
  public void onField(
      @Nullable FieldName known,
      byte[] name,
      int nameOffset,
      int nameLength,
      byte[] value,
      int valueOffset,
      int valueLength,
      boolean neverIndexed) {
    String text = new String(name, nameOffset, nameLength, StandardCharsets.ISO_8859_1);
    if (known != null && !known.toString().equalsIgnoreCase(text)) {
      throw new AssertionError(known + " given for " + text);
    }
    if (known == null && FieldName.lookup(text) != null) {
      throw new AssertionError("known name not given for " + text);
    }
    fields.add(
        (neverIndexed ? "!" : "")
            + text
            + ": "
            + new String(value, valueOffset, valueLength, StandardCharsets.ISO_8859_1));
  }

  List<String> take() {
    List<String> taken = List.copyOf(fields);
    fields.clear();
    return taken;
  }
}
