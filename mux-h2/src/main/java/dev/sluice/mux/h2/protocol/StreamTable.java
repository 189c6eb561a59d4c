package dev.sluice.mux.h2.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection, by number. Records are pooled, up to a bound.
 *
 * <p>A stream of ours is in the table, without a number, from the moment it is promised to
 * somebody; it gets its number with its head, since numbers have to rise in the order of heads (RFC
 * 9113 5.1.1).
 *
 * <p>Confined to its connection. Allocates nothing while the number of streams stays below what it
 * was before.
 */
public final class StreamTable {
  private static final int BUCKETS_MIN = 16;

  private final int idleMax;
  private @Nullable StreamRecord[] buckets = new @Nullable StreamRecord[BUCKETS_MIN];
  private @Nullable StreamRecord first;
  private @Nullable StreamRecord idle;
  private int idleCount;
  private int size;

  /**
   * An empty table.
   *
   * @param idleMax how many records are kept for later
   */
  public StreamTable(int idleMax) {
    this.idleMax = idleMax;
  }

  /** How many streams there are, with and without a number. */
  public int size() {
    return size;
  }

  /** The stream of this number, or null. */
  public @Nullable StreamRecord get(int id) {
    StreamRecord record = buckets[bucket(id)];
    while (record != null && record.id != id) {
      record = record.nextInBucket;
    }
    return record;
  }

  /** The first stream of all; go on with {@link #after}. */
  @Nullable StreamRecord first() {
    return first;
  }

  /** The stream after this one; read it before the record is removed. */
  @Nullable StreamRecord after(StreamRecord record) {
    return record.next;
  }

  /** Adds a stream. {@code id} is 0 if it gets its number later. */
  StreamRecord add(int id, int sendBytes, int receiveBytes) {
    StreamRecord record = idle;
    if (record == null) {
      record = new StreamRecord();
    } else {
      idle = record.next;
      idleCount--;
    }
    record.begin(id, sendBytes, receiveBytes);
    record.previous = null;
    record.next = first;
    if (first != null) {
      first.previous = record;
    }
    first = record;
    size++;
    if (id != 0) {
      link(record);
    }
    return record;
  }

  /** Gives a stream its number. */
  void number(StreamRecord record, int id) {
    assert record.id == 0 && get(id) == null;
    record.id = id;
    link(record);
  }

  /** Removes a stream; the record is used again. */
  void remove(StreamRecord record) {
    assert !record.queued : "a queued stream can't be removed";
    if (record.id != 0) {
      unlink(record);
    }
    if (record.previous == null) {
      first = record.next;
    } else {
      record.previous.next = record.next;
    }
    if (record.next != null) {
      record.next.previous = record.previous;
    }
    record.previous = null;
    record.next = null;
    size--;
    record.end();
    if (idleCount < idleMax) {
      record.next = idle;
      idle = record;
      idleCount++;
    }
  }

  private void link(StreamRecord record) {
    if (size > buckets.length) {
      grow(record);
    }
    int bucket = bucket(record.id);
    record.nextInBucket = buckets[bucket];
    buckets[bucket] = record;
  }

  private void unlink(StreamRecord record) {
    int bucket = bucket(record.id);
    StreamRecord at = buckets[bucket];
    if (at == record) {
      buckets[bucket] = record.nextInBucket;
    } else {
      while (at != null && at.nextInBucket != record) {
        at = at.nextInBucket;
      }
      assert at != null : record + " is not in the table";
      if (at != null) {
        at.nextInBucket = record.nextInBucket;
      }
    }
    record.nextInBucket = null;
  }

  /** Doubles the buckets and links all streams anew but the one that its caller links. */
  private void grow(StreamRecord added) {
    buckets = new @Nullable StreamRecord[buckets.length * 2];
    for (StreamRecord each = first; each != null; each = each.next) {
      if (each.id != 0 && each != added) {
        int bucket = bucket(each.id);
        each.nextInBucket = buckets[bucket];
        buckets[bucket] = each;
      }
    }
  }

  /** Numbers of one side are all odd or all even: the lowest bit says nothing. */
  private int bucket(int id) {
    return (id >>> 1) & (buckets.length - 1);
  }
}
