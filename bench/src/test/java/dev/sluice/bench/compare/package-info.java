/**
 * {@code bench compare}: Sluice beside HAProxy and a small proxy on Netty, as the same work costs
 * them, in one run on one machine.
 *
 * <p>{@link dev.sluice.bench.compare.Compare} starts an origin and the proxies, each a process of
 * its own with one thread for the traffic, and lets h2load send the same requests through each in
 * turn. Its measure is the processor time of the whole process, compilers and collectors included,
 * for each request, as a ratio to HAProxy's of the same round: unlike a rate it holds on a machine
 * that has other things to do. System calls are counted in a run of their own.
 */
@NullMarked
package dev.sluice.bench.compare;

import org.jspecify.annotations.NullMarked;
