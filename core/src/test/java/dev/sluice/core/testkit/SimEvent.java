package dev.sluice.core.testkit;

/** Something that happens in the simulated network at a time; scheduled once at a time at most. */
abstract class SimEvent {
  long timeNanos;
  long sequence;

  /** Position in the queue's heap, negative while it isn't scheduled. */
  int position = -1;

  final boolean scheduled() {
    return position >= 0;
  }

  /** Called at its time. */
  abstract void fire();
}
