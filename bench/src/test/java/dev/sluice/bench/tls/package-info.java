/**
 * TLS beside other implementations of it: what a record costs, and what a handshake costs.
 *
 * <p>{@link dev.sluice.bench.tls.RecordBenchmark} and {@link
 * dev.sluice.bench.tls.HandshakeBenchmark} are for JMH on a quiet machine; {@link
 * dev.sluice.bench.tls.TlsCompare} is a program that takes processor time of a thread, contender by
 * contender in turn, and holds on a machine that has other things to do. {@code performance.md}
 * says how to start each.
 */
@NullMarked
package dev.sluice.bench.tls;

import org.jspecify.annotations.NullMarked;
