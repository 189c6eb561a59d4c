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
  private static final int FIRST_STORE_BYTES = 512;
  private static final int FIRST_FIELDS = 16;
  private static final int BYTES_LIMIT = 1 << 28;

  private final int fieldBytesMax;
  private final int fieldCountMax;

  private byte[] store;
  private int end;
  private int liveBytes;

  // The parts of the start line, kept here so that they share the store and its bound.
  private final int[] partOffset;
  private final int[] partLength;

  private int size;
  private @Nullable FieldName[] names;
  private int[] nameOffset;
  private int[] nameLength;
  private int[] valueOffset;
  private int[] valueLength;
  private boolean[] sensitive;

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
    this.fieldBytesMax = fieldBytesMax;
    this.fieldCountMax = fieldCountMax;
    int fields = Math.min(FIRST_FIELDS, fieldCountMax);
    store = new byte[Math.min(FIRST_STORE_BYTES, fieldBytesMax)];
    names = new @Nullable FieldName[fields];
    nameOffset = new int[fields];
    nameLength = new int[fields];
    valueOffset = new int[fields];
    valueLength = new int[fields];
    sensitive = new boolean[fields];
    partOffset = new int[parts];
    partLength = new int[parts];
    Arrays.fill(partLength, -1);
  }

  // ---- reading

  /** The number of field lines. */
  public int size() {
    return size;
  }

  /** Whether there is no field line. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** Bytes that count against the bound. */
  public int byteCount() {
    return liveBytes;
  }

  /** The bound on bytes. */
  public int fieldBytesMax() {
    return fieldBytesMax;
  }

  /** The bound on field lines. */
  public int fieldCountMax() {
    return fieldCountMax;
  }

  /** The store that holds the values and the unknown names; lent until the next change. */
  public byte[] bytes() {
    return store;
  }

  /** The known name of line {@code i}, or null if its name is in no table. */
  public @Nullable FieldName name(int i) {
    assert i >= 0 && i < size;
    return names[i];
  }

  /** The array that holds the name of line {@code i}. */
  public byte[] nameBytes(int i) {
    FieldName known = name(i);
    return known == null ? store : known.bytes();
  }

  /** Where the name begins in {@link #nameBytes}. */
  public int nameOffset(int i) {
    assert i >= 0 && i < size;
    return nameOffset[i];
  }

  /** The length of the name of line {@code i}, in bytes. */
  public int nameLength(int i) {
    assert i >= 0 && i < size;
    return nameLength[i];
  }

  /** Where the value begins in {@link #bytes}. */
  public int valueOffset(int i) {
    assert i >= 0 && i < size;
    return valueOffset[i];
  }

  /** The length of the value of line {@code i}, in bytes. */
  public int valueLength(int i) {
    assert i >= 0 && i < size;
    return valueLength[i];
  }

  /** The index of the first line with this name, or -1. */
  public int find(FieldName name) {
    return next(name, 0);
  }

  /** The index of the first line with this name at or after {@code fromIndex}, or -1. */
  public int next(FieldName name, int fromIndex) {
    for (int i = fromIndex; i < size; i++) {
      if (names[i] == name) {
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
    for (int i = fromIndex; i < size; i++) {
      if (names[i] == null
          && FieldSyntax.equalsIgnoreCase(
              store, nameOffset[i], nameLength[i], name, offset, length)) {
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
    return Arrays.equals(store, from, from + valueLength[i], expected, 0, expected.length);
  }

  /** Whether the value of line {@code i} has these bytes, letters of either case being the same. */
  public boolean valueEqualsIgnoreCase(int i, byte[] expected) {
    return FieldSyntax.equalsIgnoreCase(
        store, valueOffset(i), valueLength[i], expected, 0, expected.length);
  }

  /**
   * Whether the value of line {@code i}, read as a comma-separated list, has this member, letters
   * of either case being the same (RFC 9110 5.6.1). Parameters of a member are not looked at.
   */
  public boolean valueHasToken(int i, byte[] token) {
    int end = valueOffset(i) + valueLength[i];
    int from = valueOffset[i];
    while ((from = FieldSyntax.memberStart(store, from, end)) < end) {
      int stop = FieldSyntax.memberStop(store, from, end);
      int length = FieldSyntax.trimEnd(store, from, stop) - from;
      if (FieldSyntax.equalsIgnoreCase(store, from, length, token, 0, token.length)) {
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
    assert i >= 0 && i < size;
    return sensitive[i];
  }

  // ---- writing

  /** Removes everything; the store is kept. */
  public void clear() {
    size = 0;
    end = 0;
    liveBytes = 0;
    Arrays.fill(partLength, -1);
  }

  /** Adds a line with a known name; the value is copied. False if a bound would be passed. */
  public boolean add(FieldName name, byte[] src, int offset, int length) {
    if (!roomForLine(name.length() + length)) {
      return false;
    }
    addLine(name, 0, name.length(), append(src, offset, length), length);
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
    int nameAt = append(name, nameFrom, nameBytes);
    for (int i = nameAt, stop = nameAt + nameBytes; i < stop; i++) {
      store[i] = FieldSyntax.lower(store[i]);
    }
    addLine(null, nameAt, nameBytes, append(value, valueFrom, valueBytes), valueBytes);
    return true;
  }

  /** Adds a line whose value is a number that is not negative, in decimal digits. */
  public boolean addLong(FieldName name, long value) {
    assert value >= 0;
    int digits = digits(value);
    if (!roomForLine(name.length() + digits)) {
      return false;
    }
    addLine(name, 0, name.length(), appendDigits(value, digits), digits);
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
    int digits = digits(value);
    if (!ensure(digits, valueLength[first])) {
      return false;
    }
    liveBytes -= valueLength[first];
    valueOffset[first] = appendDigits(value, digits);
    valueLength[first] = digits;
    removeAfter(name, first);
    return true;
  }

  /** Replaces the value of line {@code i}. False, with nothing changed, if the bound is met. */
  public boolean setValue(int i, byte[] src, int offset, int length) {
    assert i >= 0 && i < size;
    if (!ensure(length, valueLength[i])) {
      return false;
    }
    liveBytes -= valueLength[i];
    valueOffset[i] = append(src, offset, length);
    valueLength[i] = length;
    return true;
  }

  /** Marks line {@code i}; see {@link #sensitive}. */
  public void setSensitive(int i, boolean value) {
    assert i >= 0 && i < size;
    sensitive[i] = value;
  }

  /** Removes line {@code i}; the lines after it move up by one. */
  public void removeAt(int i) {
    assert i >= 0 && i < size;
    liveBytes -= nameLength[i] + valueLength[i];
    int after = size - i - 1;
    System.arraycopy(names, i + 1, names, i, after);
    System.arraycopy(nameOffset, i + 1, nameOffset, i, after);
    System.arraycopy(nameLength, i + 1, nameLength, i, after);
    System.arraycopy(valueOffset, i + 1, valueOffset, i, after);
    System.arraycopy(valueLength, i + 1, valueLength, i, after);
    System.arraycopy(sensitive, i + 1, sensitive, i, after);
    size--;
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
          && !setPart(i, other.store, other.partOffset[i], other.partLength[i])) {
        clear();
        return false;
      }
    }
    return addAll(other);
  }

  /** Adds all lines of the other section. False, with this section left empty, past a bound. */
  public boolean addAll(Fields other) {
    for (int i = 0; i < other.size; i++) {
      FieldName known = other.names[i];
      boolean added =
          known != null
              ? add(known, other.store, other.valueOffset[i], other.valueLength[i])
              : add(
                  other.store,
                  other.nameOffset[i],
                  other.nameLength[i],
                  other.store,
                  other.valueOffset[i],
                  other.valueLength[i]);
      if (!added) {
        clear();
        return false;
      }
      sensitive[size - 1] = other.sensitive[i];
    }
    return true;
  }

  // ---- cold forms with String

  /** The name of line {@code i}. */
  public String nameText(int i) {
    FieldName known = name(i);
    return known == null ? text(nameOffset[i], nameLength[i]) : known.toString();
  }

  /** The value of line {@code i}, one character for a byte. */
  public String valueText(int i) {
    return text(valueOffset(i), valueLength[i]);
  }

  /** The value of the first line with this name, or null. */
  public @Nullable String value(FieldName name) {
    int i = find(name);
    return i < 0 ? null : valueText(i);
  }

  /** The value of the first line with this name, whatever its case, or null. */
  public @Nullable String value(String name) {
    byte[] bytes = latin(name);
    int i = next(bytes, 0, bytes.length, 0);
    return i < 0 ? null : valueText(i);
  }

  /** The values of all lines with this name, whatever its case, in order. */
  public List<String> values(String name) {
    byte[] bytes = latin(name);
    List<String> found = new ArrayList<>();
    for (int i = next(bytes, 0, bytes.length, 0); i >= 0; i = next(bytes, 0, bytes.length, i + 1)) {
      found.add(valueText(i));
    }
    return found;
  }

  /** Adds a line; throws {@link IllegalArgumentException} for a name or value not allowed. */
  public boolean add(FieldName name, String value) {
    byte[] bytes = checkedValue(name.toString(), value);
    return add(name, bytes, 0, bytes.length);
  }

  /** Adds a line; throws {@link IllegalArgumentException} for a name or value not allowed. */
  public boolean add(String name, String value) {
    byte[] nameBytes = checkedName(name);
    byte[] bytes = checkedValue(name, value);
    return add(nameBytes, 0, nameBytes.length, bytes, 0, bytes.length);
  }

  /** Replaces all lines of this name by one; throws for a value not allowed. */
  public boolean set(FieldName name, String value) {
    byte[] bytes = checkedValue(name.toString(), value);
    return set(name, bytes, 0, bytes.length);
  }

  /** Replaces all lines of this name by one; throws for a name or value not allowed. */
  public boolean set(String name, String value) {
    byte[] nameBytes = checkedName(name);
    byte[] bytes = checkedValue(name, value);
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
    return removeFrom(latin(name), 0);
  }

  /** One line of text for each field, for logs and tests. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
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
    liveBytes -= before;
    partOffset[part] = append(prefix, 0, prefix.length);
    append(src, offset, length);
    partLength[part] = prefix.length + length;
    return true;
  }

  void clearPart(int part) {
    liveBytes -= Math.max(0, partLength[part]);
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
    int total = valueLength[first];
    int lines = 1;
    for (int i = more; i >= 0; i = next(name, i + 1)) {
      total += separator.length + valueLength[i];
      lines++;
    }
    // All old values and all names but one are given back.
    int saved = (lines - 1) * name.length();
    if (!ensure(total, total - (lines - 1) * separator.length + saved)) {
      return false;
    }
    int at = append(store, valueOffset[first], valueLength[first]);
    for (int i = more; i >= 0; i = next(name, i + 1)) {
      append(separator, 0, separator.length);
      append(store, valueOffset[i], valueLength[i]);
    }
    liveBytes -= valueLength[first];
    valueOffset[first] = at;
    valueLength[first] = total;
    removeAfter(name, first);
    return true;
  }

  static byte[] latin(String text) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = text.charAt(i);
      if (c > 0xff) {
        throw new IllegalArgumentException(
            "not a byte: character " + (int) c + " at " + i + " of a field or target");
      }
      bytes[i] = (byte) c;
    }
    return bytes;
  }

  private static byte[] checkedName(String name) {
    byte[] bytes = latin(name);
    if (!FieldSyntax.isToken(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException("not a field name (RFC 9110 5.1): '" + name + "'");
    }
    return bytes;
  }

  private static byte[] checkedValue(String name, String value) {
    byte[] bytes = latin(value);
    if (!FieldSyntax.isValue(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException("not a field value (RFC 9110 5.5), field " + name);
    }
    return bytes;
  }

  private String text(int offset, int length) {
    return new String(store, offset, length, StandardCharsets.ISO_8859_1);
  }

  private int removeAfter(FieldName name, int index) {
    int removed = 0;
    for (int i = size - 1; i > index; i--) {
      if (names[i] == name) {
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
    return size < fieldCountMax && ensure(length, 0);
  }

  private void addLine(
      @Nullable FieldName known, int nameAt, int nameBytes, int valueAt, int valueBytes) {
    if (size == names.length) {
      int larger = Math.min(fieldCountMax, size * 2);
      names = Arrays.copyOf(names, larger);
      nameOffset = Arrays.copyOf(nameOffset, larger);
      nameLength = Arrays.copyOf(nameLength, larger);
      valueOffset = Arrays.copyOf(valueOffset, larger);
      valueLength = Arrays.copyOf(valueLength, larger);
      sensitive = Arrays.copyOf(sensitive, larger);
    }
    if (known != null) {
      liveBytes += nameBytes;
    }
    names[size] = known;
    nameOffset[size] = nameAt;
    nameLength[size] = nameBytes;
    valueOffset[size] = valueAt;
    valueLength[size] = valueBytes;
    sensitive[size] = false;
    size++;
  }

  /** Copies bytes to the end of the store, for which {@link #ensure} has made room. */
  private int append(byte[] src, int offset, int length) {
    int at = end;
    System.arraycopy(src, offset, store, at, length);
    end += length;
    liveBytes += length;
    return at;
  }

  private int appendDigits(long value, int digits) {
    int at = end;
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      store[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    end += digits;
    liveBytes += digits;
    return at;
  }

  private static int digits(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /**
   * Makes room for {@code more} bytes at the end of the store, of which {@code freed} live ones are
   * about to be given back. The store may be replaced: offsets then change, so it is read after.
   *
   * <p>Replaced values leave holes, so the array may be up to twice the bound before it is packed;
   * the live bytes never pass the bound.
   */
  private boolean ensure(int more, int freed) {
    if (more > fieldBytesMax || liveBytes - freed > fieldBytesMax - more) {
      return false;
    }
    if (end + more <= store.length) {
      return true;
    }
    // Known names count against the bound without being stored, so this always suffices.
    int limit = 2 * fieldBytesMax;
    if (end + more <= limit) {
      store = Arrays.copyOf(store, (int) Math.min(limit, Math.max(end + more, 2L * store.length)));
    } else {
      pack(limit);
    }
    return true;
  }

  private void pack(int length) {
    byte[] old = store;
    byte[] packed = new byte[length];
    int at = 0;
    for (int i = 0; i < partLength.length; i++) {
      if (partLength[i] >= 0) {
        System.arraycopy(old, partOffset[i], packed, at, partLength[i]);
        partOffset[i] = at;
        at += partLength[i];
      }
    }
    for (int i = 0; i < size; i++) {
      if (names[i] == null) {
        System.arraycopy(old, nameOffset[i], packed, at, nameLength[i]);
        nameOffset[i] = at;
        at += nameLength[i];
      }
      System.arraycopy(old, valueOffset[i], packed, at, valueLength[i]);
      valueOffset[i] = at;
      at += valueLength[i];
    }
    store = packed;
    end = at;
  }
}
