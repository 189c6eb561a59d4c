package dev.sluice.core.cli;

import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.transport.TransportProvider;
import dev.sluice.core.transport.TransportRole;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** All keys that a configuration file may have, with what is on the path. Any thread. */
public final class ConfigReference {
  private ConfigReference() {}

  /** One schema for each sort of section, those of transports and muxes included. */
  public static List<ConfigSchema> schemas() {
    List<ConfigSchema> schemas =
        new ArrayList<>(
            List.of(
                ProxyFile.SCHEMA,
                FrontendReader.SCHEMA,
                FrontendReader.LISTENER_SCHEMA,
                RouteReader.SCHEMA,
                RouteReader.FIELD_SCHEMA,
                RouteReader.RESPONSE_SCHEMA,
                BackendReader.SCHEMA,
                ServerReader.SCHEMA,
                PoolReader.SPREAD_SCHEMA,
                RetryReader.SCHEMA,
                RetryReader.BACKOFF_SCHEMA,
                RetryReader.BUDGET_SCHEMA,
                BackendReader.DESTINATION_SCHEMA,
                SettingsReader.TIMEOUTS,
                SettingsReader.LIMITS,
                SettingsReader.HANDSHAKES,
                SettingsReader.RESOLVE,
                SettingsReader.DRAIN,
                SettingsReader.ACCESS_LOG));
    for (TransportProvider transport : ServiceLoader.load(TransportProvider.class)) {
      for (TransportRole role : TransportRole.values()) {
        schemas.addAll(transport.schemas(role));
      }
    }
    for (MuxProvider mux : ServiceLoader.load(MuxProvider.class)) {
      schemas.addAll(mux.schemas());
    }
    return List.copyOf(schemas);
  }
}
