package dev.sluice.mux.h2.hpack;

import dev.sluice.core.message.FieldName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the field blocks of one direction of one connection (RFC 7541), each in pieces of any
 * size.
 *
 * <p>Call {@link #decode} with each piece and {@link #endBlock} after the last. After any status
 * but {@link HpackStatus#OK} the decoder must not be used again.
 *
 * <p>A block whose fields are together larger than the limit (RFC 9113 6.5.2 counts name, value and
 * 32 each) is no error here: it is decoded to its end, so that the table stays equal to the peer's,
 * but no more fields are reported, and {@link #listTooLarge} says so. The memory used is bounded by
 * the larger of the two limits, whatever the peer sends.
 *
 * <p>Confined to one thread. Allocates nothing once its buffers have grown.
 */
public final class HpackDecoder {
  private static final int SCRATCH_MIN = 256;

  /** More continuation bytes than four (28 bits) are not an honest length or index. */
  private static final int SHIFT_MAX = 21;

  /** Huffman strings are decoded in steps of so many bytes, which bounds the room for a step. */
  private static final int HUFFMAN_STEP_BYTES = 64;

  private enum Step {
    FIELD,
    INDEX,
    SIZE_UPDATE,
    NAME_INDEX,
    NAME_LENGTH_START,
    NAME_LENGTH,
    NAME,
    VALUE_LENGTH_START,
    VALUE_LENGTH,
    VALUE
  }

  private final DynamicTable table;
  private final HuffmanDecoder huffman = new HuffmanDecoder();
  private final int listBytesMax;

  private int tableSizeLimit;
  private int scratchMax;

  /** The limit was lowered below the table's size bound; the next block has to follow. */
  private boolean sizeUpdateDue;

  // The block.
  private boolean fieldSeen;
  private long listBytes;
  private boolean listTooLarge;

  // The field and the element of it that is being read.
  private Step step = Step.FIELD;
  private int integer;
  private int shift;
  private boolean indexed;
  private boolean neverIndexed;
  private boolean huffmanCoded;

  /** Bytes of the string still to come, as coded. */
  private int remaining;

  private @Nullable FieldName known;

  /** The name, then the value. */
  private byte[] scratch = new byte[SCRATCH_MIN];

  private int nameLength;
  private int put;

  /** Bytes of name and value so far, stored or not. */
  private long fieldBytes;

  /** Beyond both limits: the rest is counted and checked, but not stored. */
  private boolean fieldTooLarge;

  /**
   * Creates a decoder.
   *
   * @param tableSizeMax the peer's bound for the table at the start, normally 4,096
   * @param listBytesMax the most that the fields of one block may come to
   */
  public HpackDecoder(int tableSizeMax, int listBytesMax) {
    this.table = new DynamicTable(tableSizeMax);
    this.listBytesMax = listBytesMax;
    this.tableSizeLimit = tableSizeMax;
    this.scratchMax = Math.max(listBytesMax, tableSizeMax);
  }

  /**
   * Sets the limit that table size updates are held against; called when the peer has acknowledged
   * our SETTINGS_HEADER_TABLE_SIZE. The table itself changes only by an update in a block.
   */
  public void tableSizeLimit(int limit) {
    assert step == Step.FIELD && !fieldSeen : "between blocks only";
    tableSizeLimit = limit;
    sizeUpdateDue |= limit < table.sizeMax();
    scratchMax = Math.max(scratchMax, limit);
  }

  /** Whether the block so far is larger than the limit, and fields have been left out. */
  public boolean listTooLarge() {
    return listTooLarge;
  }

  /** The present size of the table; for tests and snapshots. */
  public int tableSize() {
    return table.size();
  }

  /**
   * Decodes the bytes {@code [from, to)}, the next piece of the block. Fields that are complete are
   * reported before the call returns. The array is not kept.
   */
  public HpackStatus decode(byte[] src, int from, int to, FieldHandler handler) {
    int at = from;
    while (at < to) {
      switch (step) {
        case FIELD -> {
          HpackStatus status = startField(src[at++] & 0xff, handler);
          if (status != HpackStatus.OK) {
            return status;
          }
        }
        case NAME_LENGTH_START -> startString(src[at++] & 0xff, Step.NAME_LENGTH, handler);
        case VALUE_LENGTH_START -> startString(src[at++] & 0xff, Step.VALUE_LENGTH, handler);
        case INDEX, SIZE_UPDATE, NAME_INDEX, NAME_LENGTH, VALUE_LENGTH -> {
          int b = src[at++] & 0xff;
          if (shift > SHIFT_MAX) {
            return HpackStatus.INTEGER_TOO_LARGE;
          }
          integer += (b & 0x7f) << shift;
          shift += 7;
          if (b < 0x80) {
            HpackStatus status = endInteger(handler);
            if (status != HpackStatus.OK) {
              return status;
            }
          }
        }
        case NAME, VALUE -> {
          int end = at + Math.min(remaining, to - at);
          HpackStatus status = stringBytes(src, at, end, handler);
          if (status != HpackStatus.OK) {
            return status;
          }
          at = end;
        }
      }
    }
    return HpackStatus.OK;
  }

  /** Ends the block, and makes ready for the next one. */
  public HpackStatus endBlock() {
    if (step != Step.FIELD) {
      return HpackStatus.TRUNCATED;
    }
    if (sizeUpdateDue) {
      return HpackStatus.SIZE_UPDATE_MISSING;
    }
    fieldSeen = false;
    listBytes = 0;
    listTooLarge = false;
    return HpackStatus.OK;
  }

  // RFC 7541 6: the first bits tell the representation, the rest begin an integer.
  private HpackStatus startField(int b, FieldHandler handler) {
    if (b >= 0x20 && b < 0x40) {
      if (fieldSeen) {
        return HpackStatus.SIZE_UPDATE_MISPLACED;
      }
      return startInteger(b, 0x1f, Step.SIZE_UPDATE, handler);
    }
    if (sizeUpdateDue) {
      return HpackStatus.SIZE_UPDATE_MISSING;
    }
    fieldSeen = true;
    if (b >= 0x80) {
      return startInteger(b, 0x7f, Step.INDEX, handler);
    }
    indexed = b >= 0x40;
    neverIndexed = !indexed && b >= 0x10;
    known = null;
    nameLength = 0;
    put = 0;
    fieldTooLarge = false;
    fieldBytes = 0;
    return startInteger(b, indexed ? 0x3f : 0x0f, Step.NAME_INDEX, handler);
  }

  private HpackStatus startInteger(int b, int mask, Step then, FieldHandler handler) {
    step = then;
    integer = b & mask;
    shift = 0;
    return integer < mask ? endInteger(handler) : HpackStatus.OK;
  }

  private void startString(int b, Step then, FieldHandler handler) {
    huffmanCoded = b >= 0x80;
    step = then;
    integer = b & 0x7f;
    shift = 0;
    if (integer < 0x7f) {
      startBytes(handler);
    }
  }

  private HpackStatus endInteger(FieldHandler handler) {
    switch (step) {
      case INDEX -> {
        return indexedField(handler);
      }
      case SIZE_UPDATE -> {
        if (integer > tableSizeLimit) {
          return HpackStatus.SIZE_UPDATE_TOO_LARGE;
        }
        table.resize(integer);
        sizeUpdateDue = false;
        step = Step.FIELD;
      }
      case NAME_INDEX -> {
        if (integer > StaticTable.LENGTH + table.count()) {
          return HpackStatus.INDEX_INVALID;
        }
        if (integer == 0) {
          step = Step.NAME_LENGTH_START;
        } else {
          copyName(integer);
          step = Step.VALUE_LENGTH_START;
        }
      }
      default -> startBytes(handler);
    }
    return HpackStatus.OK;
  }

  private HpackStatus indexedField(FieldHandler handler) {
    int index = integer;
    if (index == 0 || index > StaticTable.LENGTH + table.count()) {
      return HpackStatus.INDEX_INVALID;
    }
    step = Step.FIELD;
    if (index <= StaticTable.LENGTH) {
      byte[] name = StaticTable.name(index);
      byte[] value = StaticTable.value(index);
      if (count(name.length + value.length)) {
        handler.onField(
            StaticTable.known(index), name, 0, name.length, value, 0, value.length, false);
      }
      return HpackStatus.OK;
    }
    int entry = sequence(index);
    int entryNameLength = table.nameLength(entry);
    int valueLength = table.valueLength(entry);
    if (count(entryNameLength + valueLength)) {
      handler.onField(
          table.known(entry),
          table.bytes(),
          table.nameOffset(entry),
          entryNameLength,
          table.bytes(),
          table.valueOffset(entry),
          valueLength,
          false);
    }
    return HpackStatus.OK;
  }

  /** The name is copied, because adding the field may evict the entry that it comes from. */
  private void copyName(int index) {
    if (index <= StaticTable.LENGTH) {
      byte[] name = StaticTable.name(index);
      nameLength = name.length;
      ensureScratch(nameLength);
      System.arraycopy(name, 0, scratch, 0, nameLength);
      known = StaticTable.known(index);
    } else {
      int entry = sequence(index);
      nameLength = table.nameLength(entry);
      ensureScratch(nameLength);
      System.arraycopy(table.bytes(), table.nameOffset(entry), scratch, 0, nameLength);
      known = table.known(entry);
    }
    put = nameLength;
    fieldBytes = nameLength;
  }

  private int sequence(int index) {
    // RFC 7541 2.3.3: the first dynamic index is the newest entry.
    return table.next() - (index - StaticTable.LENGTH);
  }

  private void startBytes(FieldHandler handler) {
    step = step == Step.NAME_LENGTH ? Step.NAME : Step.VALUE;
    remaining = integer;
    if (huffmanCoded) {
      huffman.start();
    }
    if (remaining == 0) {
      endString(handler);
    }
  }

  private HpackStatus stringBytes(byte[] src, int from, int to, FieldHandler handler) {
    remaining -= to - from;
    if (huffmanCoded) {
      for (int at = from; at < to; ) {
        int end = Math.min(to, at + HUFFMAN_STEP_BYTES);
        int begin = fieldTooLarge ? 0 : put;
        ensureScratch(begin + HuffmanDecoder.decodedLengthMax(end - at));
        int stop = huffman.decode(src, at, end, scratch, begin);
        if (stop == HuffmanDecoder.EOS_FOUND) {
          return HpackStatus.HUFFMAN_EOS;
        }
        stored(stop - begin);
        at = end;
      }
      if (remaining == 0 && !huffman.endsWell()) {
        return HpackStatus.HUFFMAN_PADDING;
      }
    } else {
      int length = to - from;
      if (!fieldTooLarge && put + length <= scratchMax) {
        ensureScratch(put + length);
        System.arraycopy(src, from, scratch, put, length);
      }
      stored(length);
    }
    if (remaining == 0) {
      endString(handler);
    }
    return HpackStatus.OK;
  }

  private void stored(int length) {
    fieldBytes += length;
    if (fieldBytes > scratchMax) {
      fieldTooLarge = true;
    } else {
      put += length;
    }
  }

  private void endString(FieldHandler handler) {
    if (step == Step.NAME) {
      nameLength = put;
      if (!fieldTooLarge) {
        known = FieldName.lookup(scratch, 0, nameLength);
      }
      step = Step.VALUE_LENGTH_START;
      return;
    }
    step = Step.FIELD;
    boolean report = count(fieldBytes);
    assert !(report && fieldTooLarge) : "scratch holds every field that fits the list";
    if (report) {
      handler.onField(
          known, scratch, 0, nameLength, scratch, nameLength, put - nameLength, neverIndexed);
    }
    if (indexed) {
      if (fieldTooLarge) {
        // It is larger than the table too, and such an entry empties it (RFC 7541 4.4).
        table.clear();
      } else {
        table.add(known, scratch, 0, nameLength, scratch, nameLength, put - nameLength);
      }
    }
  }

  /** Counts a field against the list limit, and tells whether it is to be reported. */
  private boolean count(long nameAndValueBytes) {
    listBytes += nameAndValueBytes + DynamicTable.ENTRY_OVERHEAD;
    if (listBytes > listBytesMax) {
      listTooLarge = true;
    }
    return !listTooLarge;
  }

  private void ensureScratch(int length) {
    if (length > scratch.length) {
      scratch = Arrays.copyOf(scratch, Math.max(length, scratch.length * 2));
    }
  }
}
