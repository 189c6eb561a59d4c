package dev.sluice.core.testkit.handshake;

import dev.sluice.core.config.TransportConfig;
import java.util.List;

/**
 * Settings of the simulated handshake.
 *
 * @param applicationProtocols what a client offers, or a server accepts, in order of preference
 * @param lentSteps how many steps of each handshake are lent to the executor, one after the other
 * @param checksAnswer whether a client refuses an answer that it did not offer by itself (with an
 *     alert); otherwise the choice of the mux must notice
 * @param fault what goes wrong on this end
 */
public record SimHandshakeConfig(
    List<String> applicationProtocols, int lentSteps, boolean checksAnswer, Fault fault)
    implements TransportConfig {

  /** What can go wrong on this end of a handshake. */
  public enum Fault {
    /** Nothing. */
    NONE,
    /** The last lent step, or the check in its place, finds the peer wanting. */
    VERIFY_FAILS,
    /** This end never says anything. */
    SILENT
  }

  /** Copies the list. */
  public SimHandshakeConfig {
    applicationProtocols = List.copyOf(applicationProtocols);
  }

  /** A handshake that offers these protocols and lends one step. */
  public static SimHandshakeConfig offering(String... protocols) {
    return new SimHandshakeConfig(List.of(protocols), 1, true, Fault.NONE);
  }

  /** The same with another number of lent steps. */
  public SimHandshakeConfig withLentSteps(int steps) {
    return new SimHandshakeConfig(applicationProtocols, steps, checksAnswer, fault);
  }

  /** The same, believing whatever the peer answers. */
  public SimHandshakeConfig believing() {
    return new SimHandshakeConfig(applicationProtocols, lentSteps, false, fault);
  }

  /** The same with a fault. */
  public SimHandshakeConfig withFault(Fault newFault) {
    return new SimHandshakeConfig(applicationProtocols, lentSteps, checksAnswer, newFault);
  }

  @Override
  public String transport() {
    return SimHandshakeTransportProvider.NAME;
  }
}
