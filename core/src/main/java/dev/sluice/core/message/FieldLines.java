package dev.sluice.core.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a field section, as columns of one table: known names, and slices of the {@link
 * ByteStore}. Confined to the loop of its message.
 */
final class FieldLines {
  private static final int FIRST_LINES = 16;

  private final int linesMax;

  int size;

  /** The known name, or null if the slice holds it. */
  @Nullable FieldName[] names;

  int[] nameOffset;
  int[] nameLength;
  int[] valueOffset;
  int[] valueLength;
  boolean[] sensitive;

  FieldLines(int linesMax) {
    this.linesMax = linesMax;
    int lines = Math.min(FIRST_LINES, linesMax);
    names = new @Nullable FieldName[lines];
    nameOffset = new int[lines];
    nameLength = new int[lines];
    valueOffset = new int[lines];
    valueLength = new int[lines];
    sensitive = new boolean[lines];
  }

  int linesMax() {
    return linesMax;
  }

  /** Adds a line; there is room for it. */
  void add(@Nullable FieldName known, int nameAt, int nameBytes, int valueAt, int valueBytes) {
    if (size == names.length) {
      grow(Math.min(linesMax, size * 2));
    }
    names[size] = known;
    nameOffset[size] = nameAt;
    nameLength[size] = nameBytes;
    valueOffset[size] = valueAt;
    valueLength[size] = valueBytes;
    sensitive[size] = false;
    size++;
  }

  private void grow(int lines) {
    names = Arrays.copyOf(names, lines);
    nameOffset = Arrays.copyOf(nameOffset, lines);
    nameLength = Arrays.copyOf(nameLength, lines);
    valueOffset = Arrays.copyOf(valueOffset, lines);
    valueLength = Arrays.copyOf(valueLength, lines);
    sensitive = Arrays.copyOf(sensitive, lines);
  }

  /** Removes a line; the lines after it move up by one. */
  void removeAt(int i) {
    int after = size - i - 1;
    System.arraycopy(names, i + 1, names, i, after);
    System.arraycopy(nameOffset, i + 1, nameOffset, i, after);
    System.arraycopy(nameLength, i + 1, nameLength, i, after);
    System.arraycopy(valueOffset, i + 1, valueOffset, i, after);
    System.arraycopy(valueLength, i + 1, valueLength, i, after);
    System.arraycopy(sensitive, i + 1, sensitive, i, after);
    size--;
  }

  /** Moves the bytes of all lines to a store that is being packed. */
  void moveTo(ByteStore store, byte[] old) {
    for (int i = 0; i < size; i++) {
      if (names[i] == null) {
        nameOffset[i] = store.move(old, nameOffset[i], nameLength[i]);
      }
      valueOffset[i] = store.move(old, valueOffset[i], valueLength[i]);
    }
  }
}
