package dev.sluice.core.testkit;

/** One simulated connection, from outside: for watching it and for doing it harm. */
public final class SimLink {
  private final SimNetwork network;
  private final SimEndpoint client;
  private final SimEndpoint server;
  private boolean cut;

  SimLink(SimNetwork network, SimEndpoint client, SimEndpoint server) {
    this.network = network;
    this.client = client;
    this.server = server;
  }

  /** Returns the end that has connected. */
  public SimEndpoint client() {
    return client;
  }

  /** Returns the end that has accepted. */
  public SimEndpoint server() {
    return server;
  }

  /** Resets the connection at both ends at once, as a device between them may. */
  public void reset() {
    network.trace().add("reset", client.name(), 0);
    client.onReset();
    server.onReset();
  }

  /** Lets nothing through any more, in either direction, and tells nobody. */
  public void cutSilently() {
    network.trace().add("cut", client.name(), 0);
    cut = true;
  }

  /** Tells whether the link was cut. */
  public boolean cut() {
    return cut;
  }

  /** Tells whether neither end uses the connection any more. */
  public boolean closed() {
    return client.closed() && server.closed();
  }

  SimNetwork network() {
    return network;
  }
}
