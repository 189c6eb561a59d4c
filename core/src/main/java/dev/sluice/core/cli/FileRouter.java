package dev.sluice.core.cli;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.stream.Router;
import dev.sluice.core.stream.RoutingCall;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Routes by the rules of a configuration file: the first that matches. Immutable; any thread. */
final class FileRouter implements Router {
  /**
   * What holds for one frontend.
   *
   * @param rules in order
   * @param backend where the rest goes if a router must say so, or null to leave it to the engine
   */
  record Table(List<RouteRule> rules, @Nullable String backend) {
    Table {
      rules = List.copyOf(rules);
    }
  }

  private final Map<String, Table> tables;
  private final Map<String, Destination> destinations;

  FileRouter(Map<String, Table> tables, Map<String, Destination> destinations) {
    this.tables = Map.copyOf(tables);
    this.destinations = Map.copyOf(destinations);
  }

  @Override
  public void route(RoutingCall call) {
    Table table = tables.get(call.frontend());
    if (table == null) {
      return;
    }
    List<RouteRule> rules = table.rules();
    for (int i = 0; i < rules.size(); i++) {
      RouteRule rule = rules.get(i);
      if (rule.matches(call.request())) {
        follow(call, rule.backend(), rule.response());
        return;
      }
    }
    if (table.backend() != null) {
      follow(call, table.backend(), null);
    }
  }

  private void follow(
      RoutingCall call, @Nullable String backend, @Nullable FixedResponse response) {
    if (backend == null) {
      if (response != null) {
        call.answer(response);
      }
      return;
    }
    Destination destination = destinations.get(backend);
    FixedResponse refusal = destination == null ? null : destination.choose(call);
    if (refusal != null) {
      call.answer(refusal);
    } else {
      call.forward(backend);
    }
  }
}
