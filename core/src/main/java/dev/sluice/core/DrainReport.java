package dev.sluice.core;

/**
 * How a drain went.
 *
 * @param finished client connections that ended by themselves
 * @param cut client connections that were still there at the deadline, and were cut
 */
public record DrainReport(int finished, int cut) {}
