/**
 * Whole engines in a simulation: the real h1 mux, the real TLS transport or a simulated handshake,
 * scripted clients and origins, and faults, all from a seed. {@code EngineRun} is one run with its
 * checks; {@code EngineSimulationTest} makes thousands of them and holds what they hit against the
 * state table of the late mux; {@code MutantsTest} shows that they would notice.
 */
@NullMarked
package dev.sluice.simulation;

import org.jspecify.annotations.NullMarked;
