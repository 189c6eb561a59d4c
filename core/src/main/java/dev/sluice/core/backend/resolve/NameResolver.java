package dev.sluice.core.backend.resolve;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/**
 * Tells the addresses of hosts. Given to the engine's builder; without one the JDK is asked.
 *
 * <p>Called on threads for lookups, several of them at a time, never on a loop. A call may block
 * and return a stage that is complete, or return at once and complete its stage later on a thread
 * of its own; in both ways the lookup has to be over within the configured timeout. One that takes
 * longer counts as failed, and its stage may be abandoned.
 */
@FunctionalInterface
public interface NameResolver {
  /**
   * Looks a host up.
   *
   * @param host as it stands in the configuration
   * @return what it stands for; failed if that can't be told now, and then the last good answer is
   *     kept, as it is for an answer without addresses
   * @throws IOException the same as a failed stage
   */
  CompletionStage<NameAnswer> resolve(String host) throws IOException;

  /**
   * Asks the JDK ({@link java.net.InetAddress#getAllByName}), and with it the machine's hosts file
   * and DNS. It tells no time to live, so that its answers hold for the configured refresh time;
   * and it keeps answers itself, for as long as {@code networkaddress.cache.ttl} says.
   */
  static NameResolver system() {
    return SystemResolver.INSTANCE;
  }
}
