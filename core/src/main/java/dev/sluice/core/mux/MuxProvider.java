package dev.sluice.core.mux;

import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.core.transport.ApplicationProtocol;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What makes muxes of one sort: a service of {@link java.util.ServiceLoader}, or given to the
 * engine's builder (which wins over a service of the same name). Immutable; any thread.
 */
public interface MuxProvider {
  /** The name by which configuration forces this mux, such as "h1". */
  String name();

  /** The ALPN protocols that select this mux; empty if only a name or a mode can. */
  Set<ApplicationProtocol> applicationProtocols();

  /** The sides on which it can live; both, unless overridden. */
  default Set<Side> sides() {
    return EnumSet.allOf(Side.class);
  }

  /** The modes that it serves. */
  Set<Mode> modes();

  /** Its traits. */
  Set<MuxTrait> traits();

  /**
   * Whether it is the one to take in this mode when nothing was agreed on; not, unless overridden.
   */
  default boolean defaultFor(Mode mode) {
    return false;
  }

  /**
   * Looks at the first bytes on a clear listener.
   *
   * @param firstBytes what has come so far, at least one byte; the position must not be moved
   */
  default Recognition recognize(ByteBuffer firstBytes) {
    return Recognition.NO;
  }

  /**
   * Makes the mux of an accepted connection.
   *
   * @throws MuxOpenException if it can't be made; nothing of it may be left behind
   */
  Mux openFront(MuxHost host, StreamAcceptor acceptor) throws MuxOpenException;

  /**
   * Makes the mux of a dialled connection.
   *
   * @throws MuxOpenException if it can't be made; nothing of it may be left behind
   */
  Mux openBack(MuxHost host) throws MuxOpenException;

  /**
   * The keys that its section of a configuration file has, and those of the sections within, for
   * the reference; empty if it has no options.
   */
  default List<ConfigSchema> schemas() {
    return List.of();
  }

  /**
   * Reads its section of a configuration file: the value of the key {@link #name()} below {@code
   * protocols}.
   *
   * @param problems receives what is wrong, each with the place where it stands
   * @return a provider with these options; of no use if problems were added
   */
  default MuxProvider configured(ConfigNode section, ConfigProblems problems) {
    ConfigSection.open(section, ConfigSchema.of("protocols." + name()), problems);
    return this;
  }
}
