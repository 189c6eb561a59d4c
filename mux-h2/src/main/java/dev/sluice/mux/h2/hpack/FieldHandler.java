package dev.sluice.mux.h2.hpack;

import dev.sluice.core.message.FieldName;
import org.jspecify.annotations.Nullable;

/** Receives the fields of a block in their order. */
@FunctionalInterface
public interface FieldHandler {
  /**
   * One field. The arrays are lent for the call and must not be written to.
   *
   * @param known the name, if the engine knows it; the name's bytes are given all the same, since
   *     only they tell its case
   * @param neverIndexed whether the sender asked that the field is never put in a table by anyone
   *     on its way (RFC 7541 6.2.3)
   */
  void onField(
      @Nullable FieldName known,
      byte[] name,
      int nameOffset,
      int nameLength,
      byte[] value,
      int valueOffset,
      int valueLength,
      boolean neverIndexed);
}
