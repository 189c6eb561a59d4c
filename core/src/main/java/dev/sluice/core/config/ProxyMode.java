package dev.sluice.core.config;

/** What a frontend forwards. */
public enum ProxyMode {
  /** Bytes, whatever they mean. */
  TCP,
  /** HTTP messages. */
  HTTP
}
