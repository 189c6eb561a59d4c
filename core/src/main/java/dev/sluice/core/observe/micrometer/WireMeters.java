package dev.sluice.core.observe.micrometer;

import dev.sluice.core.observe.WireEvent;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;

/** The meters of what happens on connections besides their exchanges. */
final class WireMeters {
  private WireMeters() {}

  static void bind(EngineMeters.Meters meters, Tags tags, WireEvent event) {
    switch (event) {
      case HANDSHAKE_FULL -> handshakes(meters, tags.and("result", "full"), event);
      case HANDSHAKE_RESUMED -> handshakes(meters, tags.and("result", "resumed"), event);
      case HANDSHAKE_FAILED -> handshakes(meters, tags.and("result", "failed"), event);
      case STREAM_RESET_SENT ->
          resets(meters, tags.and("scope", "stream", "direction", "sent"), event);
      case STREAM_RESET_RECEIVED ->
          resets(meters, tags.and("scope", "stream", "direction", "received"), event);
      case CONNECTION_RESET_SENT ->
          resets(meters, tags.and("scope", "connection", "direction", "sent"), event);
      case CONNECTION_RESET_RECEIVED ->
          resets(meters, tags.and("scope", "connection", "direction", "received"), event);
      case GO_AWAY_SENT -> goAways(meters, tags.and("direction", "sent"), event);
      case GO_AWAY_RECEIVED -> goAways(meters, tags.and("direction", "received"), event);
    }
  }

  private static void handshakes(EngineMeters.Meters meters, Tags tags, WireEvent event) {
    bind(meters, "sluice.handshakes", "Handshakes of TLS", BaseUnits.EVENTS, tags, event);
  }

  private static void resets(EngineMeters.Meters meters, Tags tags, WireEvent event) {
    bind(meters, "sluice.resets", "Streams and connections cut", BaseUnits.EVENTS, tags, event);
  }

  private static void goAways(EngineMeters.Meters meters, Tags tags, WireEvent event) {
    bind(meters, "sluice.goaways", "GOAWAY of HTTP/2", "frames", tags, event);
  }

  private static void bind(
      EngineMeters.Meters meters,
      String name,
      String description,
      String unit,
      Tags tags,
      WireEvent event) {
    meters.counter(
        name,
        description,
        unit,
        tags.and("side", "client"),
        snapshot -> snapshot.wire().clients(event));
    meters.counter(
        name,
        description,
        unit,
        tags.and("side", "server"),
        snapshot -> snapshot.wire().servers(event));
  }
}
