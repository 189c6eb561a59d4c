package dev.sluice.core.cli;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.stream.Router;
import dev.sluice.core.stream.RoutingCall;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Routes by the rules of a configuration file: the first that matches. Ahead of all rules it tells
 * whoever asks whether new clients are welcome. Any thread.
 */
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

  private static final FixedResponse READY = FixedResponse.text(200, "ready\n");
  private static final FixedResponse NOT_READY = FixedResponse.text(503, "draining\n");

  private final Map<String, Table> tables;
  private final Map<String, Destination> destinations;
  private final RouteRule.@Nullable PathPrefix readyPath;
  private volatile BooleanSupplier ready = () -> true;

  FileRouter(
      Map<String, Table> tables,
      Map<String, Destination> destinations,
      RouteRule.@Nullable PathPrefix readyPath) {
    this.readyPath = readyPath;
    this.tables = Map.copyOf(tables);
    this.destinations = Map.copyOf(destinations);
  }

  /** Who knows whether new clients are welcome; before the engine starts. */
  void readyWhen(BooleanSupplier asked) {
    ready = asked;
  }

  @Override
  public void route(RoutingCall call) {
    if (readyPath != null && asks(readyPath, call.request())) {
      call.answer(ready.getAsBoolean() ? READY : NOT_READY);
      return;
    }
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

  private static boolean asks(RouteRule.PathPrefix path, RequestHead request) {
    int length = request.pathLength();
    return length > 0 && path.matches(request.bytes(), request.pathOffset(), length);
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
