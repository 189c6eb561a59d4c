package dev.sluice.core.stream;

import dev.sluice.core.backend.Backend;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.observe.ExchangeSink;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all exchanges of one frontend share. Immutable; any thread.
 *
 * @param frontend its name
 * @param mode what it forwards
 * @param backend where it forwards to unless the router decides, or null
 * @param response what it answers with unless the router decides, or null
 * @param router the router, or null
 * @param filters what makes the filters, the one closest to the client first
 * @param backends all backends by name
 * @param timeouts the timeouts
 * @param limits the bounds
 * @param sink where records go
 */
public record StreamSettings(
    String frontend,
    Mode mode,
    @Nullable Backend backend,
    @Nullable FixedResponse response,
    @Nullable Router router,
    List<FilterFactory> filters,
    Map<String, Backend> backends,
    TimeoutConfig timeouts,
    LimitConfig limits,
    ExchangeSink sink) {

  /** Copies the list and the map. */
  public StreamSettings {
    filters = List.copyOf(filters);
    backends = Map.copyOf(backends);
  }
}
