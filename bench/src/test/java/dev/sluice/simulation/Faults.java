package dev.sluice.simulation;

import java.util.EnumSet;
import java.util.Set;

/** What has gone wrong in a run so far, as far as the scripts did it. */
final class Faults {
  private final Set<Kind> troubled = EnumSet.noneOf(Kind.class);
  private int count;
  private boolean ending;
  private boolean stepsHeld;

  /** Something has gone wrong with all of a server. */
  void trouble(Kind kind) {
    troubled.add(kind);
    count++;
  }

  /** An origin has done something wrong in an exchange. */
  void trouble(Exchange exchange) {
    exchange.troubled = true;
    count++;
  }

  /** A client has done something wrong. */
  void client() {
    count++;
  }

  /** The engine is drained or stopped. */
  void ending() {
    ending = true;
  }

  /** No handshake goes on for a while, on either side. */
  void holdSteps() {
    stepsHeld = true;
  }

  boolean stepsWereHeld() {
    return stepsHeld;
  }

  boolean isEnding() {
    return ending;
  }

  boolean isTroubled(Kind kind) {
    return troubled.contains(kind);
  }

  int count() {
    return count;
  }
}
