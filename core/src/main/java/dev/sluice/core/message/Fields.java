package dev.sluice.core.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field section: names in lower case and values, in order, as slices of one byte store. Access is
 * by index and allocates nothing; the forms with String are for cold code.
 *
 * <p>{@code bytes()} with an offset and a length is a slice that is lent until the next change of
 * this object. A known name is not kept in the store: take its bytes from {@code nameBytes(i)}.
 *
 * <p>Both bounds hold at all times: an addition that would pass one returns false and changes
 * nothing. The byte bound counts names, values and, in a head, the parts of the start line. The
 * store grows up to that bound and is kept by {@link #clear}.
 *
 * <p>The forms that take bytes trust their caller, a decoder that has checked them against {@link
 * FieldSyntax}; the forms that take a String check, and throw {@link IllegalArgumentException} for
 * what could not be sent.
 *
 * <p>Confined to the loop of its message.
 */
public final class Fields {
  private static final byte[] NOTHING = {};
  private static final int BYTES_LIMIT = 1 << 28;

  private final ByteStore store;
  private final FieldLines lines;

  // The parts of the start line, kept here so that they share the store and its bound.
  private final int[] partOffset;
  private final int[] partLength;

  /**
   * An empty section.
   *
   * @param fieldBytesMax bytes that names and values may have together
   * @param fieldCountMax field lines that it may have
   */
  public Fields(int fieldBytesMax, int fieldCountMax) {
    this(fieldBytesMax, fieldCountMax, 0);
  }

  Fields(int fieldBytesMax, int fieldCountMax, int parts) {
    if (fieldBytesMax < 1 || fieldBytesMax > BYTES_LIMIT || fieldCountMax < 1) {
      throw new IllegalArgumentException(
          "bounds of a field section must be positive, and not above 256 MiB: "
              + fieldBytesMax
              + " bytes, "
              + fieldCountMax
              + " fields");
    }
    store = new ByteStore(fieldBytesMax);
    lines = new FieldLines(fieldCountMax);
    partOffset = new int[parts];
    partLength = new int[parts];
    Arrays.fill(partLength, -1);
  }

  // ---- reading

  /** The number of field lines. */
  public int size() {
    return lines.size;
  }

  /** Whether there is no field line. */
  public boolean isEmpty() {
    return lines.size == 0;
  }

  /** Bytes that count against the bound. */
  public int byteCount() {
    return store.liveBytes();
  }

  /** The bound on bytes. */
  public int fieldBytesMax() {
    return store.liveBytesMax();
  }

  /** The bound on field lines. */
  public int fieldCountMax() {
    return lines.linesMax();
  }

  /** The store that holds the values and the unknown names; lent until the next change. */
  public byte[] bytes() {
    return store.bytes();
  }

  /** The known name of line {@code i}, or null if its name is in no table. */
  public @Nullable FieldName name(int i) {
    assert i >= 0 && i < lines.size;
    return lines.names[i];
  }

  /** The array that holds the name of line {@code i}. */
  public byte[] nameBytes(int i) {
    FieldName known = name(i);
    return known == null ? store.bytes() : known.bytes();
  }

  /** Where the name begins in {@link #nameBytes}. */
  public int nameOffset(int i) {
    assert i >= 0 && i < lines.size;
    return lines.nameOffset[i];
  }

  /** The length of the name of line {@code i}, in bytes. */
  public int nameLength(int i) {
    assert i >= 0 && i < lines.size;
    return lines.nameLength[i];
  }

  /** Where the value begins in {@link #bytes}. */
  public int valueOffset(int i) {
    assert i >= 0 && i < lines.size;
    return lines.valueOffset[i];
  }

  /** The length of the value of line {@code i}, in bytes. */
  public int valueLength(int i) {
    assert i >= 0 && i < lines.size;
    return lines.valueLength[i];
  }

  /** The index of the first line with this name, or -1. */
  public int find(FieldName name) {
    return next(name, 0);
  }

  /** The index of the first line with this name at or after {@code fromIndex}, or -1. */
  public int next(FieldName name, int fromIndex) {
    for (int i = fromIndex; i < lines.size; i++) {
      if (lines.names[i] == name) {
        return i;
      }
    }
    return -1;
  }

  /** The index of the first line with this name, whatever its case, at or after, or -1. */
  public int next(byte[] name, int offset, int length, int fromIndex) {
    FieldName known = FieldName.lookup(name, offset, length);
    if (known != null) {
      return next(known, fromIndex);
    }
    for (int i = fromIndex; i < lines.size; i++) {
      if (lines.names[i] == null
          && FieldSyntax.equalsIgnoreCase(
              store.bytes(), lines.nameOffset[i], lines.nameLength[i], name, offset, length)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a line with this name is there. */
  public boolean contains(FieldName name) {
    return find(name) >= 0;
  }

  /** Whether the value of line {@code i} has exactly these bytes. */
  public boolean valueEquals(int i, byte[] expected) {
    int from = valueOffset(i);
    return Arrays.equals(
        store.bytes(), from, from + lines.valueLength[i], expected, 0, expected.length);
  }

  /** Whether the value of line {@code i} has these bytes, letters of either case being the same. */
  public boolean valueEqualsIgnoreCase(int i, byte[] expected) {
    return FieldSyntax.equalsIgnoreCase(
        store.bytes(), valueOffset(i), lines.valueLength[i], expected, 0, expected.length);
  }

  /**
   * Whether the value of line {@code i}, read as a comma-separated list, has this member, letters
   * of either case being the same (RFC 9110 5.6.1). Parameters of a member are not looked at.
   */
  public boolean valueHasToken(int i, byte[] token) {
    int end = valueOffset(i) + lines.valueLength[i];
    byte[] bytes = store.bytes();
    int from = lines.valueOffset[i];
    while ((from = FieldSyntax.memberStart(bytes, from, end)) < end) {
      int stop = FieldSyntax.memberStop(bytes, from, end);
      int length = FieldSyntax.trimEnd(bytes, from, stop) - from;
      if (FieldSyntax.equalsIgnoreCase(bytes, from, length, token, 0, token.length)) {
        return true;
      }
      from = stop;
    }
    return false;
  }

  /** Whether any line with this name has the token in its list; see {@link #valueHasToken}. */
  public boolean hasToken(FieldName name, byte[] token) {
    for (int i = find(name); i >= 0; i = next(name, i + 1)) {
      if (valueHasToken(i, token)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether line {@code i} must not enter a compression table on the next hop (RFC 7541 6.2.3: an
   * intermediary keeps the representation).
   */
  public boolean sensitive(int i) {
    assert i >= 0 && i < lines.size;
    return lines.sensitive[i];
  }

  // ---- writing

  /** Removes everything; the store is kept. */
  public void clear() {
    lines.size = 0;
    store.clear();
    Arrays.fill(partLength, -1);
  }

  /** Adds a line with a known name; the value is copied. False if a bound would be passed. */
  public boolean add(FieldName name, byte[] src, int offset, int length) {
    if (!roomForLine(name.length() + length)) {
      return false;
    }
    addLine(name, 0, name.length(), store.append(src, offset, length), length);
    return true;
  }

  /**
   * Adds a line; the name is turned into lower case, both are copied. False if a bound would be
   * passed.
   */
  public boolean add(
      byte[] name, int nameFrom, int nameBytes, byte[] value, int valueFrom, int valueBytes) {
    FieldName known = FieldName.lookup(name, nameFrom, nameBytes);
    if (known != null) {
      return add(known, value, valueFrom, valueBytes);
    }
    if (!roomForLine(nameBytes + valueBytes)) {
      return false;
    }
    int nameAt = store.append(name, nameFrom, nameBytes);
    byte[] stored = store.bytes();
    for (int i = nameAt, stop = nameAt + nameBytes; i < stop; i++) {
      stored[i] = FieldSyntax.lower(stored[i]);
    }
    addLine(null, nameAt, nameBytes, store.append(value, valueFrom, valueBytes), valueBytes);
    return true;
  }

  /** Adds a line whose value is a number that is not negative, in decimal digits. */
  public boolean addLong(FieldName name, long value) {
    assert value >= 0;
    int digits = ByteStore.digits(value);
    if (!roomForLine(name.length() + digits)) {
      return false;
    }
    addLine(name, 0, name.length(), store.appendDigits(value, digits), digits);
    return true;
  }

  /** Replaces all lines of this name by one. False, with nothing changed, if the bound is met. */
  public boolean set(FieldName name, byte[] src, int offset, int length) {
    int first = find(name);
    if (first < 0) {
      return add(name, src, offset, length);
    }
    if (!setValue(first, src, offset, length)) {
      return false;
    }
    removeAfter(name, first);
    return true;
  }

  /** Replaces all lines of this name by one with this number. */
  public boolean setLong(FieldName name, long value) {
    int first = find(name);
    if (first < 0) {
      return addLong(name, value);
    }
    int digits = ByteStore.digits(value);
    if (!ensure(digits, lines.valueLength[first])) {
      return false;
    }
    store.free(lines.valueLength[first]);
    lines.valueOffset[first] = store.appendDigits(value, digits);
    lines.valueLength[first] = digits;
    removeAfter(name, first);
    return true;
  }

  /** Replaces the value of line {@code i}. False, with nothing changed, if the bound is met. */
  public boolean setValue(int i, byte[] src, int offset, int length) {
    assert i >= 0 && i < lines.size;
    if (!ensure(length, lines.valueLength[i])) {
      return false;
    }
    store.free(lines.valueLength[i]);
    lines.valueOffset[i] = store.append(src, offset, length);
    lines.valueLength[i] = length;
    return true;
  }

  /** Marks line {@code i}; see {@link #sensitive}. */
  public void setSensitive(int i, boolean value) {
    assert i >= 0 && i < lines.size;
    lines.sensitive[i] = value;
  }

  /** Removes line {@code i}; the lines after it move up by one. */
  public void removeAt(int i) {
    assert i >= 0 && i < lines.size;
    store.free(lines.nameLength[i] + lines.valueLength[i]);
    lines.removeAt(i);
  }

  /** Removes all lines of this name and returns how many there were. */
  public int remove(FieldName name) {
    return removeAfter(name, -1);
  }

  /**
   * Makes this section equal to the other one, order included. False, with this section left empty,
   * if a bound of this one would be passed.
   */
  public boolean copyFrom(Fields other) {
    clear();
    for (int i = 0; i < other.partLength.length && i < partLength.length; i++) {
      if (other.partLength[i] >= 0
          && !setPart(i, other.store.bytes(), other.partOffset[i], other.partLength[i])) {
        clear();
        return false;
      }
    }
    return addAll(other);
  }

  /** Adds all lines of the other section. False, with this section left empty, past a bound. */
  public boolean addAll(Fields other) {
    for (int i = 0; i < other.lines.size; i++) {
      FieldName known = other.lines.names[i];
      boolean added =
          known != null
              ? add(
                  known,
                  other.store.bytes(),
                  other.lines.valueOffset[i],
                  other.lines.valueLength[i])
              : add(
                  other.store.bytes(),
                  other.lines.nameOffset[i],
                  other.lines.nameLength[i],
                  other.store.bytes(),
                  other.lines.valueOffset[i],
                  other.lines.valueLength[i]);
      if (!added) {
        clear();
        return false;
      }
      lines.sensitive[lines.size - 1] = other.lines.sensitive[i];
    }
    return true;
  }

  // ---- cold forms with String

  /** The name of line {@code i}. */
  public String nameText(int i) {
    FieldName known = name(i);
    return known == null ? text(lines.nameOffset[i], lines.nameLength[i]) : known.toString();
  }

  /** The value of line {@code i}, one character for a byte. */
  public String valueText(int i) {
    return text(valueOffset(i), lines.valueLength[i]);
  }

  /** The value of the first line with this name, or null. */
  public @Nullable String value(FieldName name) {
    int i = find(name);
    return i < 0 ? null : valueText(i);
  }

  /** The value of the first line with this name, whatever its case, or null. */
  public @Nullable String value(String name) {
    byte[] bytes = FieldText.latin(name);
    int i = next(bytes, 0, bytes.length, 0);
    return i < 0 ? null : valueText(i);
  }

  /** The values of all lines with this name, whatever its case, in order. */
  public List<String> values(String name) {
    byte[] bytes = FieldText.latin(name);
    List<String> found = new ArrayList<>();
    for (int i = next(bytes, 0, bytes.length, 0); i >= 0; i = next(bytes, 0, bytes.length, i + 1)) {
      found.add(valueText(i));
    }
    return found;
  }

  /** Adds a line; throws {@link IllegalArgumentException} for a name or value not allowed. */
  public boolean add(FieldName name, String value) {
    byte[] bytes = FieldText.checkedValue(name.toString(), value);
    return add(name, bytes, 0, bytes.length);
  }

  /** Adds a line; throws {@link IllegalArgumentException} for a name or value not allowed. */
  public boolean add(String name, String value) {
    byte[] nameBytes = FieldText.checkedName(name);
    byte[] bytes = FieldText.checkedValue(name, value);
    return add(nameBytes, 0, nameBytes.length, bytes, 0, bytes.length);
  }

  /** Replaces all lines of this name by one; throws for a value not allowed. */
  public boolean set(FieldName name, String value) {
    byte[] bytes = FieldText.checkedValue(name.toString(), value);
    return set(name, bytes, 0, bytes.length);
  }

  /** Replaces all lines of this name by one; throws for a name or value not allowed. */
  public boolean set(String name, String value) {
    byte[] nameBytes = FieldText.checkedName(name);
    byte[] bytes = FieldText.checkedValue(name, value);
    int first = next(nameBytes, 0, nameBytes.length, 0);
    if (first < 0) {
      return add(nameBytes, 0, nameBytes.length, bytes, 0, bytes.length);
    }
    if (!setValue(first, bytes, 0, bytes.length)) {
      return false;
    }
    removeFrom(nameBytes, first + 1);
    return true;
  }

  /** Removes all lines of this name, whatever its case, and returns how many there were. */
  public int remove(String name) {
    return removeFrom(FieldText.latin(name), 0);
  }

  /** One line of text for each field, for logs and tests. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size; i++) {
      text.append(nameText(i)).append(": ").append(valueText(i)).append('\n');
    }
    return text.toString();
  }

  // ---- parts of the start line, and the store

  int partOffset(int part) {
    return partOffset[part];
  }

  /** The length of the part, or -1 if it is absent. */
  int partLength(int part) {
    return partLength[part];
  }

  boolean setPart(int part, byte[] src, int offset, int length) {
    return setPart(part, NOTHING, src, offset, length);
  }

  boolean setPart(int part, byte[] prefix, byte[] src, int offset, int length) {
    int before = Math.max(0, partLength[part]);
    if (!ensure(prefix.length + length, before)) {
      return false;
    }
    store.free(before);
    partOffset[part] = store.append(prefix, 0, prefix.length);
    store.append(src, offset, length);
    partLength[part] = prefix.length + length;
    return true;
  }

  void clearPart(int part) {
    store.free(Math.max(0, partLength[part]));
    partLength[part] = -1;
  }

  @Nullable String partText(int part) {
    return partLength[part] < 0 ? null : text(partOffset[part], partLength[part]);
  }

  /**
   * Replaces line {@code first} and all later lines of this name by one line, their values joined
   * by the separator. False, with nothing changed, past a bound.
   */
  boolean join(FieldName name, byte[] separator) {
    int first = find(name);
    int more = first < 0 ? -1 : next(name, first + 1);
    if (more < 0) {
      return true;
    }
    int total = lines.valueLength[first];
    int joined = 1;
    for (int i = more; i >= 0; i = next(name, i + 1)) {
      total += separator.length + lines.valueLength[i];
      joined++;
    }
    // All old values and all names but one are given back.
    int saved = (joined - 1) * name.length();
    if (!ensure(total, total - (joined - 1) * separator.length + saved)) {
      return false;
    }
    int at = store.append(store.bytes(), lines.valueOffset[first], lines.valueLength[first]);
    for (int i = more; i >= 0; i = next(name, i + 1)) {
      store.append(separator, 0, separator.length);
      store.append(store.bytes(), lines.valueOffset[i], lines.valueLength[i]);
    }
    store.free(lines.valueLength[first]);
    lines.valueOffset[first] = at;
    lines.valueLength[first] = total;
    removeAfter(name, first);
    return true;
  }

  private String text(int offset, int length) {
    return new String(store.bytes(), offset, length, StandardCharsets.ISO_8859_1);
  }

  private int removeAfter(FieldName name, int index) {
    int removed = 0;
    for (int i = lines.size - 1; i > index; i--) {
      if (lines.names[i] == name) {
        removeAt(i);
        removed++;
      }
    }
    return removed;
  }

  private int removeFrom(byte[] name, int fromIndex) {
    int removed = 0;
    for (int i = next(name, 0, name.length, fromIndex); i >= 0; i = next(name, 0, name.length, i)) {
      removeAt(i);
      removed++;
    }
    return removed;
  }

  private boolean roomForLine(int length) {
    return lines.size < lines.linesMax() && ensure(length, 0);
  }

  private void addLine(
      @Nullable FieldName known, int nameAt, int nameBytes, int valueAt, int valueBytes) {
    if (known != null) {
      store.count(nameBytes);
    }
    lines.add(known, nameAt, nameBytes, valueAt, valueBytes);
  }

  /**
   * Makes room for {@code more} bytes at the end of the store, of which {@code freed} live ones are
   * about to be given back. The array may be replaced: offsets then change, so they are read after.
   */
  private boolean ensure(int more, int freed) {
    if (!store.allows(more, freed)) {
      return false;
    }
    if (!store.extend(more)) {
      pack();
    }
    return true;
  }

  private void pack() {
    byte[] old = store.beginPacking();
    for (int i = 0; i < partLength.length; i++) {
      if (partLength[i] >= 0) {
        partOffset[i] = store.move(old, partOffset[i], partLength[i]);
      }
    }
    lines.moveTo(store, old);
  }
}
