package dev.sluice.mux.h2.hpack;

import java.util.Arrays;

/**
 * Finds entries of the encoder's {@link DynamicTable} by name, and by name and value.
 *
 * <p>Two hash tables of chains; a chain leads from newer entries to older ones. Nothing is removed
 * on eviction: entries leave in the order in which they came, so a link to an entry that is no
 * longer live is the end of its chain.
 *
 * <p>It also remembers the hashes of fields that went by lately without being indexed. Confined to
 * one thread.
 */
final class EncoderIndex {
  /** Result of a search that found nothing. */
  static final long NONE = Long.MIN_VALUE;

  private static final int SEEN = 64;

  private final DynamicTable table;
  private final int[] seen = new int[SEEN];

  // Allocated with the first insertion: a connection whose peer wants no table pays for none.
  private int[] nameHeads = new int[0];
  private int[] pairHeads = new int[0];
  private int[] nameLinks = new int[0];
  private int[] pairLinks = new int[0];

  EncoderIndex(DynamicTable table) {
    this.table = table;
  }

  /** A hash of the range that goes on from {@code seed}. */
  static int hash(int seed, byte[] src, int offset, int length) {
    int hash = seed;
    for (int i = offset, end = offset + length; i < end; i++) {
      hash = hash * 31 + src[i];
    }
    // Spreads the last bytes over all bits: buckets are the low ones.
    return (hash ^ (hash >>> 15)) * 0x2c1b3c6d;
  }

  /** The sequence number of the newest entry with this name, or {@link #NONE}. */
  long findName(int nameHash, byte[] name, int offset, int length) {
    if (nameHeads.length == 0) {
      return NONE;
    }
    int entry = nameHeads[bucket(nameHash)];
    while (table.live(entry)) {
      if (nameEquals(entry, name, offset, length)) {
        return entry;
      }
      entry = nameLinks[slot(entry)];
    }
    return NONE;
  }

  /** The sequence number of the newest entry with this name and value, or {@link #NONE}. */
  long findPair(
      int pairHash,
      byte[] name,
      int nameOffset,
      int nameLength,
      byte[] value,
      int valueOffset,
      int valueLength) {
    if (pairHeads.length == 0) {
      return NONE;
    }
    int entry = pairHeads[bucket(pairHash)];
    while (table.live(entry)) {
      int from = table.valueOffset(entry);
      int to = from + table.valueLength(entry);
      if (Arrays.equals(table.bytes(), from, to, value, valueOffset, valueOffset + valueLength)
          && nameEquals(entry, name, nameOffset, nameLength)) {
        return entry;
      }
      entry = pairLinks[slot(entry)];
    }
    return NONE;
  }

  /** Links the entry that was added last. */
  void added(int nameHash, int pairHash) {
    int entry = table.next() - 1;
    ensure();
    int bucket = bucket(nameHash);
    nameLinks[slot(entry)] = nameHeads[bucket];
    nameHeads[bucket] = entry;
    bucket = bucket(pairHash);
    pairLinks[slot(entry)] = pairHeads[bucket];
    pairHeads[bucket] = entry;
  }

  /** Whether a field of this hash went by lately; from now on one has. */
  boolean seenBefore(int pairHash) {
    int place = pairHash & (SEEN - 1);
    boolean before = seen[place] == pairHash;
    seen[place] = pairHash;
    return before;
  }

  private boolean nameEquals(int entry, byte[] name, int offset, int length) {
    int from = table.nameOffset(entry);
    int to = from + table.nameLength(entry);
    return Arrays.equals(table.bytes(), from, to, name, offset, offset + length);
  }

  private int bucket(int hash) {
    return hash & (nameHeads.length - 1);
  }

  private int slot(int entry) {
    return entry & (nameLinks.length - 1);
  }

  /** Makes room for as many entries as the table can hold; builds the chains anew if it grew. */
  private void ensure() {
    int entriesMax = table.sizeMax() / DynamicTable.ENTRY_OVERHEAD + 1;
    if (entriesMax <= nameLinks.length) {
      return;
    }
    int length = Integer.highestOneBit(entriesMax) << 1;
    nameLinks = new int[length];
    pairLinks = new int[length];
    nameHeads = new int[length];
    pairHeads = new int[length];
    // Before the oldest entry: not live, the end of every chain.
    Arrays.fill(nameHeads, table.oldest() - 1);
    Arrays.fill(pairHeads, table.oldest() - 1);
    for (int entry = table.oldest(); entry != table.next() - 1; entry++) {
      int nameHash = hash(0, table.bytes(), table.nameOffset(entry), table.nameLength(entry));
      int pairHash =
          hash(nameHash, table.bytes(), table.valueOffset(entry), table.valueLength(entry));
      int bucket = bucket(nameHash);
      nameLinks[slot(entry)] = nameHeads[bucket];
      nameHeads[bucket] = entry;
      bucket = bucket(pairHash);
      pairLinks[slot(entry)] = pairHeads[bucket];
      pairHeads[bucket] = entry;
    }
  }
}
