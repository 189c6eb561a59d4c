package dev.sluice.mux.h2.hpack;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.FieldSyntax;
import dev.sluice.core.message.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the field blocks of one direction of one connection (RFC 7541).
 *
 * <p>{@link #beginBlock}, then one call per field, pseudo-fields first; then the block is the first
 * {@link #length} bytes of {@link #block}. Every block that was begun must be sent, in order, or
 * the peer's table parts from ours.
 *
 * <p>What goes into the dynamic table:
 *
 * <ul>
 *   <li>never, and marked so for everyone on the way (RFC 7541 6.2.3, 7.1.3): fields that came so
 *       marked, credentials, and cookies short enough to be guessed;
 *   <li>not: entries of more than half the table;
 *   <li>a name that no table has yet: at once, since the name alone will save bytes;
 *   <li>any other field: when the same field was seen lately. So a value that changes with every
 *       message doesn't drive out the ones that repeat.
 * </ul>
 *
 * <p>Confined to one thread. Allocates nothing once its buffers have grown.
 */
public final class HpackEncoder {
  /** SETTINGS_HEADER_TABLE_SIZE where the peer has not said otherwise (RFC 9113 6.5.2). */
  public static final int DEFAULT_TABLE_SIZE = 4096;

  private static final int BLOCK_MIN = 512;

  /** A prefix byte and five times seven bits: any int. */
  private static final int INTEGER_BYTES_MAX = 6;

  /** Shorter cookies could be guessed by watching the lengths of blocks (RFC 7541 7.1.3). */
  private static final int COOKIE_BYTES_MIN = 20;

  // RFC 7541 6: the bits that begin each representation.
  private static final int INDEXED = 0x80;
  private static final int LITERAL_INDEXED = 0x40;
  private static final int SIZE_UPDATE = 0x20;
  private static final int LITERAL_NEVER_INDEXED = 0x10;
  private static final int LITERAL = 0x00;

  private static final byte[] PROTOCOL = ":protocol".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HTTP = StaticTable.value(StaticTable.SCHEME);
  private static final byte[] HTTPS = StaticTable.value(StaticTable.SCHEME + 1);

  private final DynamicTable table = new DynamicTable(DEFAULT_TABLE_SIZE);
  private final EncoderIndex index = new EncoderIndex(table);
  private final int ownSizeMax;
  private final byte[] digits = new byte[3];

  private byte[] block = new byte[BLOCK_MIN];
  private int put;
  private byte[] lowered = new byte[64];

  /** The size that the table has from the next block on. */
  private int sizeWanted = DEFAULT_TABLE_SIZE;

  /** The smallest size wanted since the last block, which has to be signalled too. */
  private int sizeLowest = DEFAULT_TABLE_SIZE;

  private boolean sizeChanged;

  /**
   * Creates an encoder for a peer that has not said anything about its table yet.
   *
   * @param ownSizeMax the most table that we keep, whatever the peer allows; in bytes
   */
  public HpackEncoder(int ownSizeMax) {
    this.ownSizeMax = ownSizeMax;
    peerTableSize(DEFAULT_TABLE_SIZE);
  }

  /**
   * Follows the peer's SETTINGS_HEADER_TABLE_SIZE; the next block begins with the update. A low
   * value that came and went between two blocks has to be signalled as well (RFC 7541 4.2), so each
   * value is passed here.
   *
   * @param size in bytes; negative stands for values above 2^31
   */
  public void peerTableSize(int size) {
    int wanted = size < 0 ? ownSizeMax : Math.min(size, ownSizeMax);
    if (wanted == sizeWanted) {
      return;
    }
    sizeLowest = Math.min(sizeChanged ? sizeLowest : sizeWanted, wanted);
    sizeWanted = wanted;
    sizeChanged = true;
  }

  /** Begins a block; what {@link #block} held before is gone. */
  public void beginBlock() {
    put = 0;
    if (!sizeChanged) {
      return;
    }
    sizeChanged = false;
    if (sizeLowest < Math.min(sizeWanted, table.sizeMax())) {
      updateSize(sizeLowest);
    }
    updateSize(sizeWanted);
  }

  /** The bytes of the block; lent until the next {@link #beginBlock}. */
  public byte[] block() {
    return block;
  }

  /** The number of bytes of the block so far. */
  public int length() {
    return put;
  }

  /** Adds {@code :status}; three digits. */
  public void status(int status) {
    assert status >= 100 && status <= 999;
    digits[0] = (byte) ('0' + status / 100);
    digits[1] = (byte) ('0' + status / 10 % 10);
    digits[2] = (byte) ('0' + status % 10);
    pseudo(StaticTable.STATUS, digits, 0, digits.length);
  }

  /** Adds {@code :method} for one of the known methods. */
  public void method(Method method) {
    byte[] bytes = method.bytes();
    pseudo(StaticTable.METHOD, bytes, 0, bytes.length);
  }

  /** Adds {@code :method}. */
  public void method(byte[] src, int offset, int length) {
    pseudo(StaticTable.METHOD, src, offset, length);
  }

  /** Adds {@code :scheme}, which is {@code https} or {@code http}. */
  public void scheme(boolean secure) {
    byte[] bytes = secure ? HTTPS : HTTP;
    pseudo(StaticTable.SCHEME, bytes, 0, bytes.length);
  }

  /** Adds {@code :scheme}. */
  public void scheme(byte[] src, int offset, int length) {
    pseudo(StaticTable.SCHEME, src, offset, length);
  }

  /** Adds {@code :path}. */
  public void path(byte[] src, int offset, int length) {
    pseudo(StaticTable.PATH, src, offset, length);
  }

  /** Adds {@code :authority}. */
  public void authority(byte[] src, int offset, int length) {
    pseudo(StaticTable.AUTHORITY, src, offset, length);
  }

  /** Adds {@code :protocol} (RFC 8441 4). */
  public void protocol(byte[] src, int offset, int length) {
    write(0, PROTOCOL, 0, PROTOCOL.length, src, offset, length, false);
  }

  /**
   * Adds a field.
   *
   * @param known the name if the engine knows it; the name's bytes are then not read
   * @param neverIndexed whether the field came marked as never to be indexed, or is a secret
   */
  public void field(
      @Nullable FieldName known,
      byte[] name,
      int nameOffset,
      int nameLength,
      byte[] value,
      int valueOffset,
      int valueLength,
      boolean neverIndexed) {
    if (known != null) {
      byte[] bytes = known.bytes();
      boolean secret = neverIndexed || secret(known, valueLength);
      int inStatic = StaticTable.indexOf(known);
      write(inStatic, bytes, 0, bytes.length, value, valueOffset, valueLength, secret);
      return;
    }
    // RFC 9113 8.2.1: names are sent in lower case, however they came.
    if (lowered.length < nameLength) {
      lowered = new byte[Integer.highestOneBit(nameLength) << 1];
    }
    for (int i = 0; i < nameLength; i++) {
      lowered[i] = FieldSyntax.lower(name[nameOffset + i]);
    }
    write(0, lowered, 0, nameLength, value, valueOffset, valueLength, neverIndexed);
  }

  private static boolean secret(FieldName name, int valueLength) {
    return name == FieldName.AUTHORIZATION
        || name == FieldName.PROXY_AUTHORIZATION
        || (name == FieldName.COOKIE && valueLength < COOKIE_BYTES_MIN);
  }

  private void pseudo(int staticIndex, byte[] value, int offset, int length) {
    byte[] name = StaticTable.name(staticIndex);
    write(staticIndex, name, 0, name.length, value, offset, length, false);
  }

  /**
   * Writes one field.
   *
   * @param staticIndex the first static index of the name, or 0
   */
  private void write(
      int staticIndex,
      byte[] name,
      int nameOffset,
      int nameLength,
      byte[] value,
      int valueOffset,
      int valueLength,
      boolean secret) {
    ensure(3 * INTEGER_BYTES_MAX + nameLength + valueLength);
    int nameHash = EncoderIndex.hash(0, name, nameOffset, nameLength);
    int pairHash = EncoderIndex.hash(nameHash, value, valueOffset, valueLength);
    if (!secret) {
      int whole =
          staticIndex == 0
              ? 0
              : StaticTable.indexOfValue(staticIndex, value, valueOffset, valueLength);
      if (whole == 0) {
        whole =
            tableIndex(
                index.findPair(
                    pairHash, name, nameOffset, nameLength, value, valueOffset, valueLength));
      }
      if (whole != 0) {
        integer(INDEXED, 7, whole);
        return;
      }
    }
    int nameIndex = staticIndex;
    if (nameIndex == 0) {
      nameIndex = tableIndex(index.findName(nameHash, name, nameOffset, nameLength));
    }
    int size = nameLength + valueLength + DynamicTable.ENTRY_OVERHEAD;
    boolean add =
        !secret && size <= table.sizeMax() / 2 && (nameIndex == 0 || index.seenBefore(pairHash));
    if (add) {
      integer(LITERAL_INDEXED, 6, nameIndex);
    } else {
      integer(secret ? LITERAL_NEVER_INDEXED : LITERAL, 4, nameIndex);
    }
    if (nameIndex == 0) {
      string(name, nameOffset, nameLength);
    }
    string(value, valueOffset, valueLength);
    if (add) {
      table.add(null, name, nameOffset, nameLength, value, valueOffset, valueLength);
      index.added(nameHash, pairHash);
    }
  }

  /** The index on the wire of an entry that was searched for, or 0. */
  private int tableIndex(long found) {
    // RFC 7541 2.3.3: the first dynamic index is the newest entry.
    return found == EncoderIndex.NONE ? 0 : StaticTable.LENGTH + table.next() - (int) found;
  }

  private void updateSize(int size) {
    ensure(INTEGER_BYTES_MAX);
    table.resize(size);
    integer(SIZE_UPDATE, 5, size);
  }

  private void string(byte[] src, int offset, int length) {
    int coded = Huffman.encodedLength(src, offset, length);
    if (coded < length) {
      integer(0x80, 7, coded);
      put = Huffman.encode(src, offset, length, block, put);
    } else {
      integer(0, 7, length);
      System.arraycopy(src, offset, block, put, length);
      put += length;
    }
  }

  // RFC 7541 5.1.
  private void integer(int firstBits, int prefixBits, int value) {
    int mask = (1 << prefixBits) - 1;
    if (value < mask) {
      block[put++] = (byte) (firstBits | value);
      return;
    }
    block[put++] = (byte) (firstBits | mask);
    int rest = value - mask;
    while (rest >= 0x80) {
      block[put++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    block[put++] = (byte) rest;
  }

  private void ensure(int more) {
    if (put + more > block.length) {
      block = Arrays.copyOf(block, Math.max(put + more, block.length * 2));
    }
  }
}
