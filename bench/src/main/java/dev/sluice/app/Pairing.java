package dev.sluice.app;

import java.util.ArrayList;
import java.util.List;

/**
 * A way through the demo's engine.
 *
 * @param client where the request comes from
 * @param origin where it goes
 */
record Pairing(ClientKind client, OriginKind origin) {
  /** All of them, in the order of the table. */
  static List<Pairing> all() {
    List<Pairing> all = new ArrayList<>();
    for (ClientKind client : ClientKind.values()) {
      for (OriginKind origin : OriginKind.values()) {
        all.add(new Pairing(client, origin));
      }
    }
    return all;
  }

  /**
   * The name of its backend. Each pairing has one of its own, with its own pool, so that the first
   * request of each shows a connection being made.
   */
  String backend() {
    return client.key() + "/" + origin.key();
  }

  @Override
  public String toString() {
    return client.label() + " to " + origin.label();
  }
}
