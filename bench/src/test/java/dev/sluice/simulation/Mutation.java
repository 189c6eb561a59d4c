package dev.sluice.simulation;

import java.util.List;

/**
 * A fault put into the engine: texts of its sources, each of which must occur once, and what stands
 * in their place.
 */
record Mutation(String name, List<Edit> edits) {

  /** One change of one source file of the core. */
  record Edit(String type, String original, String replacement) {}

  private static final String CONNECTION = "dev.sluice.core.connection.Connection";
  private static final String INSTALLER = "dev.sluice.core.connection.MuxInstaller";
  private static final String CONNECTOR = "dev.sluice.core.stream.BackStreamConnector";

  /** A stream that leaves keeps being the owner, although it waits for the connection no more. */
  private static final Edit OWNER_STAYS =
      new Edit(
          CONNECTION,
          """
                owner = null;
                if (o.pending() == this) {
          """,
          """
                if (o.pending() == this) {
          """);

  /** Nothing is changed: the engine as it is, but without its own assertions. */
  static Mutation none() {
    return new Mutation("none", List.of());
  }

  /**
   * The other of the two locks on the same door is open, see {@code late-mux.md}: with the identity
   * check of rule 6 in place nothing comes of it.
   */
  static Mutation ownerStays() {
    return new Mutation("a stream that leaves stays the owner", List.of(OWNER_STAYS));
  }

  /**
   * Without rule 6's identity check: whoever is the owner is told, and gets the mux, whether he
   * waits for this connection or not. Only with the other lock open does it matter.
   */
  static Mutation withoutIdentityCheck() {
    return new Mutation(
        "without the identity check",
        List.of(
            OWNER_STAYS,
            new Edit(
                INSTALLER,
                "return owner != null && owner.pending() == connection ? owner : null;",
                "return owner;")));
  }

  /** Without rule 7's clearing: a stream that ends stays the owner, and waits on. */
  static Mutation withoutClearing() {
    return new Mutation(
        "without the clearing",
        List.of(
            new Edit(
                CONNECTION,
                """
                    ConnectionOwner o = owner;
                    if (o != null) {
                """,
                """
                    ConnectionOwner o = owner;
                    if (o != null && o.pending() != this) {
                """)));
  }

  /**
   * Without rule 9's release: the next attempt begins while the last one still holds its permit.
   */
  static Mutation withoutRelease() {
    return new Mutation(
        "without the release",
        List.of(
            new Edit(
                CONNECTOR,
                """
                    letGo(ResetCode.CANCEL);
                    Backend to = backend;
                """,
                """
                    Backend to = backend;
                """)));
  }
}
