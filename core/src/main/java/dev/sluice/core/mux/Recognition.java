package dev.sluice.core.mux;

/** What a mux provider says to the first bytes on a clear listener. */
public enum Recognition {
  /** These bytes are mine. */
  YES,
  /** These bytes are not mine, whatever follows. */
  NO,
  /** They may be mine: more bytes are needed to tell. */
  MORE
}
