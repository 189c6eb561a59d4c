package dev.sluice.core.mux;

/** What a frontend or backend forwards. */
public enum Mode {
  /** Bytes, whatever they mean. */
  TCP,
  /** HTTP messages. */
  HTTP
}
