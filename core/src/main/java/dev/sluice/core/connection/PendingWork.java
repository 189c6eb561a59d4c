package dev.sluice.core.connection;

import dev.sluice.core.loop.TurnTask;

/**
 * What a call down or an event has left a connection to do, once this turn's events are handled:
 * its task on the loop's pending list. Confined to its loop.
 */
final class PendingWork extends TurnTask {
  /** The keeper is to be told that there is a mux. */
  static final int READY = 1;

  /** The mux is to be given what input there is. */
  static final int INPUT = 2;

  /** The mux is to be told that output has room. */
  static final int WRITABLE = 4;

  /** The keeper is to be told that the room for streams has changed. */
  static final int CAPACITY = 8;

  /** The connection dies; nothing else is done. */
  static final int DIE = 16;

  /** Output is broken: the mux is to be given what input is left, before the connection dies. */
  static final int LAST_INPUT = 32;

  private final Connection connection;
  private int work;

  PendingWork(Connection connection) {
    this.connection = connection;
  }

  /** Adds bits to what is to be done. */
  void add(int more) {
    work |= more;
    connection.loop().pend(this);
  }

  /** Whether nothing is to be done. */
  boolean none() {
    return work == 0 && !queued();
  }

  /** Whether the end has been decided on. */
  boolean dying() {
    return (work & DIE) != 0;
  }

  @Override
  protected void runTurn() {
    int now = work;
    work = 0;
    if (connection.closed()) {
      return;
    }
    if ((now & DIE) != 0) {
      connection.dieAsDecided();
      return;
    }
    if ((now & READY) != 0 && connection.state().hasMux()) {
      connection.keeper().onReady(connection);
    }
    if ((now & INPUT) != 0) {
      connection.runInput(false);
    }
    if ((now & LAST_INPUT) != 0 && connection.state().hasMux()) {
      connection.input().runLast();
    }
    if ((now & WRITABLE) != 0) {
      connection.output().tellWritable();
    }
    if ((now & CAPACITY) != 0 && connection.state().hasMux()) {
      connection.keeper().onCapacityChanged(connection);
    }
  }

  @Override
  protected void onTurnFailure(Throwable problem) {
    connection.onHandlerFailure(problem);
  }
}
