package dev.sluice.core.testkit;

/** Something besides loops that acts in a simulation when it has reason to. */
abstract class SimActor {
  /** Whether the simulation's list of those with a reason to act holds this. */
  boolean queued;

  /** Called by the simulation at a moment of its choice. */
  abstract void act();
}
