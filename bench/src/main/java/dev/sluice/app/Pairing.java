package dev.sluice.app;

import java.util.ArrayList;
import java.util.List;

/**
 * A way through the demo's engine.
 *
 * @param entrance where the request comes in
 * @param origin where it goes
 */
record Pairing(Entrance entrance, OriginKind origin) {
  /** All of them, in the order of the table. */
  static List<Pairing> all() {
    List<Pairing> all = new ArrayList<>();
    for (Entrance entrance : Entrance.values()) {
      for (OriginKind origin : OriginKind.values()) {
        all.add(new Pairing(entrance, origin));
      }
    }
    return all;
  }

  /**
   * The name of its backend. Each pairing has one of its own, with its own pool, so that the first
   * request of each shows a connection being made.
   */
  String backend() {
    return entrance.frontend() + "/" + origin.key();
  }

  @Override
  public String toString() {
    return entrance.label() + " to " + origin.label();
  }
}
