package dev.sluice.core.config;

/** What happens if the name of a server can't be resolved when the engine starts. */
public enum InitialAddress {
  /** The engine does not start. */
  REQUIRED,
  /** It starts; the server gets no requests that another could take until its name is resolved. */
  LATER
}
