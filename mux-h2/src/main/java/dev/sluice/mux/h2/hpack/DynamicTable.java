package dev.sluice.mux.h2.hpack;

import dev.sluice.core.message.FieldName;
import org.jspecify.annotations.Nullable;

/**
 * The dynamic table of one direction (RFC 7541 2.3.2): a queue of fields whose bytes lie in one
 * array.
 *
 * <p>Entries are known by a sequence number that counts insertions; the oldest live one and the
 * next one bound the queue, so eviction only counts up. The bytes of the live entries are one range
 * of an array of twice the size; when the range reaches the end it is moved to the start, at most
 * once per table size of insertions, so that every name and value is contiguous. Both arrays grow
 * with use up to their bounds, and an unused table holds almost nothing.
 *
 * <p>Confined to one thread.
 */
final class DynamicTable {
  /** What an entry counts for besides its bytes (RFC 7541 4.1). */
  static final int ENTRY_OVERHEAD = 32;

  private static final int BYTES_MIN = 512;
  private static final int SLOTS_MIN = 16;

  private byte[] bytes = new byte[0];

  /** Where the live bytes begin and end. */
  private int start;

  private int end;

  // Per entry, at its sequence number modulo the length, which is a power of two.
  private int[] offsets = new int[0];
  private int[] nameLengths = new int[0];
  private int[] valueLengths = new int[0];
  private @Nullable FieldName[] known = new @Nullable FieldName[0];

  private int oldest;
  private int next;
  private int size;
  private int sizeMax;

  DynamicTable(int sizeMax) {
    this.sizeMax = sizeMax;
  }

  /** The number of entries. */
  int count() {
    return next - oldest;
  }

  /** The size of all entries as RFC 7541 4.1 counts it. */
  int size() {
    return size;
  }

  /** The size above which entries are evicted. */
  int sizeMax() {
    return sizeMax;
  }

  /** The sequence number of the oldest entry; may wrap around. */
  int oldest() {
    return oldest;
  }

  /** The sequence number that the next entry gets. */
  int next() {
    return next;
  }

  /** Sets the size bound and evicts what is beyond it (RFC 7541 4.3). */
  void resize(int newSizeMax) {
    sizeMax = newSizeMax;
    evictTo(newSizeMax);
  }

  /** Drops all entries. */
  void clear() {
    evictTo(0);
  }

  /**
   * Adds an entry and evicts old ones to make room; one that is larger than the table leaves it
   * empty, which is not an error (RFC 7541 4.4). The ranges must not lie in this table.
   *
   * @return whether the entry is now in the table
   */
  boolean add(
      @Nullable FieldName knownName,
      byte[] name,
      int nameOffset,
      int nameLength,
      byte[] value,
      int valueOffset,
      int valueLength) {
    assert name != bytes && value != bytes : "eviction would move the source";
    int entrySize = nameLength + valueLength + ENTRY_OVERHEAD;
    if (entrySize > sizeMax) {
      evictTo(0);
      return false;
    }
    evictTo(sizeMax - entrySize);
    ensureSlot();
    ensureBytes(nameLength + valueLength);
    int slot = next & (offsets.length - 1);
    offsets[slot] = end;
    nameLengths[slot] = nameLength;
    valueLengths[slot] = valueLength;
    known[slot] = knownName;
    System.arraycopy(name, nameOffset, bytes, end, nameLength);
    System.arraycopy(value, valueOffset, bytes, end + nameLength, valueLength);
    end += nameLength + valueLength;
    next++;
    size += entrySize;
    return true;
  }

  /** The array that all names and values lie in; changes with the next insertion. */
  byte[] bytes() {
    return bytes;
  }

  int nameOffset(int sequence) {
    return offsets[slot(sequence)];
  }

  int nameLength(int sequence) {
    return nameLengths[slot(sequence)];
  }

  int valueOffset(int sequence) {
    int slot = slot(sequence);
    return offsets[slot] + nameLengths[slot];
  }

  int valueLength(int sequence) {
    return valueLengths[slot(sequence)];
  }

  @Nullable FieldName known(int sequence) {
    return known[slot(sequence)];
  }

  /** Whether the sequence number, seen at some time before, still names a live entry. */
  boolean live(int sequence) {
    // Differences, because the numbers wrap around.
    return sequence - oldest >= 0 && next - sequence > 0;
  }

  private int slot(int sequence) {
    assert live(sequence);
    return sequence & (offsets.length - 1);
  }

  private void evictTo(int target) {
    while (size > target) {
      int slot = slot(oldest);
      int length = nameLengths[slot] + valueLengths[slot];
      start += length;
      size -= length + ENTRY_OVERHEAD;
      known[slot] = null;
      oldest++;
    }
    if (oldest == next) {
      start = 0;
      end = 0;
    }
  }

  private void ensureSlot() {
    int length = offsets.length;
    if (count() < length) {
      return;
    }
    int grown = Math.max(SLOTS_MIN, length * 2);
    int[] newOffsets = new int[grown];
    int[] newNameLengths = new int[grown];
    int[] newValueLengths = new int[grown];
    @Nullable FieldName[] newKnown = new @Nullable FieldName[grown];
    for (int sequence = oldest; sequence != next; sequence++) {
      int from = sequence & (length - 1);
      int to = sequence & (grown - 1);
      newOffsets[to] = offsets[from];
      newNameLengths[to] = nameLengths[from];
      newValueLengths[to] = valueLengths[from];
      newKnown[to] = known[from];
    }
    offsets = newOffsets;
    nameLengths = newNameLengths;
    valueLengths = newValueLengths;
    known = newKnown;
  }

  private void ensureBytes(int more) {
    if (end + more <= bytes.length) {
      return;
    }
    int used = end - start;
    byte[] target = bytes;
    // Twice the live bytes at least, so that moving them is paid for by as many bytes inserted.
    if (bytes.length < 2 * (used + more)) {
      target = new byte[Math.max(BYTES_MIN, Integer.highestOneBit(used + more) * 4)];
    }
    System.arraycopy(bytes, start, target, 0, used);
    for (int sequence = oldest; sequence != next; sequence++) {
      offsets[sequence & (offsets.length - 1)] -= start;
    }
    bytes = target;
    start = 0;
    end = used;
  }
}
