package dev.sluice.core.backend.resolve;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a host stands for. Immutable.
 *
 * @param addresses in order of preference; the family of the first is tried first
 * @param ttl how long that holds, or null if that isn't known
 */
public record NameAnswer(List<InetAddress> addresses, @Nullable Duration ttl) {
  /** Copies the list. */
  public NameAnswer {
    addresses = List.copyOf(addresses);
  }
}
