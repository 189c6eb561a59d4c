package dev.sluice.core.testkit.engine;

import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A scripted server of the test protocol: every connection follows a plan of its own. */
public final class TestOrigin {
  private final InetSocketAddress address;
  private final List<OriginConnection> connections = new ArrayList<>();
  private final List<OriginRequest> requests = new ArrayList<>();
  private final SimServer server;
  private IntFunction<OriginPlan> plans;

  private TestOrigin(
      Simulation simulation, InetSocketAddress address, IntFunction<OriginPlan> plans) {
    this.address = address;
    this.plans = plans;
    this.server =
        SimServer.listen(
            simulation,
            address,
            socket -> {
              int number = connections.size();
              OriginPlan plan = this.plans.apply(number);
              connections.add(new OriginConnection(simulation, this, number, socket, plan));
            });
  }

  /** Listens, with the same plan for every connection. */
  public static TestOrigin listen(
      Simulation simulation, InetSocketAddress address, OriginPlan plan) {
    return listen(simulation, address, number -> plan);
  }

  /** Listens, with a plan for each connection by its number from 0. */
  public static TestOrigin listen(
      Simulation simulation, InetSocketAddress address, IntFunction<OriginPlan> plans) {
    return new TestOrigin(simulation, address, plans);
  }

  /** Changes what connections will do that come from now on. */
  public void become(OriginPlan plan) {
    plans = number -> plan;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** Stops listening. */
  public void close() {
    server.close();
  }

  /** The connections that it has accepted, also those that are over. */
  public List<OriginConnection> connections() {
    return List.copyOf(connections);
  }

  /** The connection of a number. */
  public OriginConnection connection(int number) {
    return connections.get(number);
  }

  /** The requests that have come, on all connections, by their heads. */
  public List<OriginRequest> requests() {
    return List.copyOf(requests);
  }

  void onRequest(OriginRequest request) {
    requests.add(request);
  }
}
