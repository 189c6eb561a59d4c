package dev.sluice.tls.engine;

import org.jspecify.annotations.Nullable;

/**
 * Where clients of one configuration keep sessions that they may resume. Called within steps of the
 * handshake and, as tickets come in, from loops: implementations are thread-safe, bounded, and
 * don't block.
 */
public interface ClientSessionStore {
  /** How long after its full handshake a session may be resumed, at most seven days. */
  long lifetimeMillis();

  /** The wall clock. */
  long nowMillis();

  /**
   * Takes the newest session out of the store, so that nobody else offers it too (RFC 8446 C.4).
   *
   * @param key what the connection has in common with the one that the session is from: server,
   *     names, application protocols
   */
  @Nullable ClientSession take(String key);

  /** Keeps a session; an old one may be dropped for it. */
  void put(String key, ClientSession session);
}
