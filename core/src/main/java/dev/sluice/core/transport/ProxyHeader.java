package dev.sluice.core.transport;

import dev.sluice.core.config.ProxyProtocolVersion;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a PROXY header says: between whom the connection really is. Immutable; any thread.
 *
 * @param version its form
 * @param source the client, or null if the header names nobody (LOCAL, UNKNOWN)
 * @param destination where the client connected to; null if the source is
 */
public record ProxyHeader(
    ProxyProtocolVersion version,
    @Nullable InetSocketAddress source,
    @Nullable InetSocketAddress destination) {

  /** A header that names nobody: the connection is the sender's own. */
  public static ProxyHeader local(ProxyProtocolVersion version) {
    return new ProxyHeader(version, null, null);
  }

  /** The header for a client's connection; names nobody unless both addresses are known. */
  public static ProxyHeader of(
      ProxyProtocolVersion version,
      @Nullable SocketAddress client,
      @Nullable SocketAddress reachedAt) {
    if (client instanceof InetSocketAddress source
        && reachedAt instanceof InetSocketAddress destination
        && !source.isUnresolved()
        && !destination.isUnresolved()) {
      return new ProxyHeader(version, source, destination);
    }
    return local(version);
  }
}
