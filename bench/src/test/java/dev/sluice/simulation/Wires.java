package dev.sluice.simulation;

import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.handshake.PeerScript.Moment;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import dev.sluice.tls.TlsClientConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies under the protocols of a run's peers: nothing, the simulated handshake, or real TLS.
 */
final class Wires {
  private final Simulation simulation;
  private final @Nullable TlsMaterial tls;
  private final int lentSteps;

  Wires(Simulation simulation, @Nullable TlsMaterial tls, int lentSteps) {
    this.simulation = simulation;
    this.tls = tls;
    this.lentSteps = lentSteps;
  }

  TransportConfig listener() {
    return tls != null
        ? tls.listener
        : SimHandshakeConfig.offering("h2", "http/1.1").withLentSteps(lentSteps);
  }

  TransportConfig toServers() {
    return tls != null
        ? tls.toServers
        : SimHandshakeConfig.offering(TestMuxProvider.MULTI, "h2", "http/1.1")
            .withLentSteps(lentSteps);
  }

  /** A client's connection; one that is a dud ends in its handshake. */
  Wire client(RunPlan.Client plan, String name, boolean dud, Wire.Handler handler) {
    ScriptedPeer socket =
        ScriptedPeer.connect(
            simulation, name, plan.secure() ? EngineRun.SECURE_FRONT : EngineRun.CLEAR_FRONT);
    Moment dies = dud ? plan.dudMoment() : Moment.NEVER;
    if (!plan.secure()) {
      PeerScript script = PeerScript.clear();
      if (dud) {
        script = script.dying(Moment.AFTER_ACCEPT, plan.dudByReset());
      }
      return SimWire.client(simulation, socket, script, List.of(), handler);
    }
    if (tls != null) {
      return new TlsWire(
          socket, config(plan, tls).newEngine(Kind.HOST), dies, plan.dudByReset(), handler);
    }
    PeerScript script = PeerScript.agreeing().dying(dies, plan.dudByReset());
    List<String> offers =
        plan.h2() ? List.of("h2") : plan.offersAlpn() ? List.of("http/1.1") : List.of();
    return SimWire.client(simulation, socket, script, offers, handler);
  }

  private static TlsClientConfig config(RunPlan.Client plan, TlsMaterial material) {
    if (plan.h2()) {
      return material.h2Clients;
    }
    return plan.offersAlpn() ? material.clients : material.clientsWithoutAlpn;
  }

  /** The server's end of a connection that was accepted. */
  Wire server(Kind kind, ScriptedPeer socket, RunPlan.Death death, Wire.Handler handler) {
    if (!kind.shakesHands()) {
      return SimWire.server(simulation, socket, PeerScript.clear(), handler);
    }
    if (tls != null) {
      if (death.silent()) {
        return new SilentWire(socket, handler);
      }
      return new TlsWire(
          socket, tls.origin(kind).newEngine(), death.moment(), death.byReset(), handler);
    }
    PeerScript script =
        switch (kind) {
          case ALPN -> PeerScript.agreeing("http/1.1");
          case H2 -> PeerScript.agreeing("h2");
          case MULTI -> PeerScript.agreeing(TestMuxProvider.MULTI);
          case UNKNOWN ->
              death.byReset()
                  ? PeerScript.agreeing("acme/1")
                  : PeerScript.answering(PeerScript.Answer.ALERT);
          case CLEAR, CLEAR_H2, NO_ALPN -> PeerScript.agreeing("");
        };
    if (death.silent()) {
      script = PeerScript.answering(PeerScript.Answer.SILENCE);
    }
    script = script.dying(death.moment(), death.byReset());
    return SimWire.server(simulation, socket, script.after(death.delayNanos()), handler);
  }
}
