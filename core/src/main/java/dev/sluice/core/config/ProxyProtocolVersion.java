package dev.sluice.core.config;

/** The two forms of the PROXY protocol's header, which tells a server whom a connection is for. */
public enum ProxyProtocolVersion {
  /** One line of text. */
  V1,
  /** Binary. */
  V2
}
