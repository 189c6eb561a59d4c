package dev.sluice.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a transport other than plain TCP. Implemented by the module that provides the
 * transport; the engine only carries it. Two connections share a pool only if their settings are
 * the same object or equal. Immutable.
 */
public interface TransportConfig {
  /** The name of the transport provider that understands these settings, such as "tls". */
  String transport();

  /** The application protocols to offer (RFC 7301), in order of preference; may be empty. */
  List<String> applicationProtocols();

  /**
   * The same settings with another offer, for requests that the protocol agreed on can't carry.
   *
   * @param protocols some of {@link #applicationProtocols()}, in their order
   * @return null if there is no such thing
   */
  default @Nullable TransportConfig offering(List<String> protocols) {
    return null;
  }
}
