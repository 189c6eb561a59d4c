package dev.sluice.core.observe;

/** Receives bytes that are lent for the call. */
@FunctionalInterface
public interface ByteTarget {
  /** Takes all of these bytes; what it wants to keep, it copies. */
  void write(byte[] bytes, int offset, int length);
}
