package dev.sluice.core;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The connections of an engine, those of clients first within each loop. Each is told as it was at
 * a moment of its own, a few turns of its loop apart at most. Immutable; any thread.
 *
 * @param connections as many as were asked for
 * @param leftOut how many there were besides
 */
public record ConnectionListing(List<ConnectionInfo> connections, int leftOut) {
  /** Copies the list. */
  public ConnectionListing {
    connections = List.copyOf(connections);
  }

  /** A line for each. */
  @Override
  public String toString() {
    String lines =
        connections.stream().map(ConnectionInfo::toString).collect(Collectors.joining("\n"));
    return leftOut == 0 ? lines : lines + "\nand " + leftOut + " more";
  }
}
