package dev.sluice.simulation;

import dev.sluice.simulation.CellTable.Event;
import dev.sluice.simulation.CellTable.State;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Cells of the state table that no sound engine brings about as a whole, each with the reason; the
 * tests of the core bring them about by hand.
 */
final class Elsewhere {
  private record Reason(Event event, Set<State> states, String why) {}

  private static final List<Reason> REASONS =
      List.of(
          new Reason(
              Event.OWNER_REPLACED,
              EnumSet.of(State.CONNECTING, State.HANDSHAKING, State.LENT),
              "a connector that waits for another connection has left this one before"),
          new Reason(
              Event.OWNER_LEAVES,
              EnumSet.of(State.ACTIVE, State.IDLE, State.DRAINING, State.CLOSED, State.ABANDONED),
              "there is no owner to leave"),
          new Reason(
              Event.ATTACH,
              EnumSet.of(State.CONNECTING, State.HANDSHAKING, State.LENT, State.DRAINING),
              "the pool offers only connections that take streams"),
          new Reason(
              Event.DRAIN,
              EnumSet.of(
                  State.CONNECTING, State.HANDSHAKING, State.LENT, State.ACTIVE, State.DRAINING),
              "servers are drained when no client is left: a pool closes what is idle, and the rest"
                  + " when it is ready"),
          new Reason(
              Event.STREAMS_END,
              EnumSet.of(State.DRAINING),
              "with no client left there are no streams on a connection that is drained"),
          new Reason(
              Event.DEADLINE, EnumSet.of(State.ACTIVE), "a deadline that is gone can't be seen"),
          new Reason(
              Event.HANDLER_THROWS,
              EnumSet.allOf(State.class),
              "no handler throws: each run looks whether one did"),
          new Reason(
              Event.CLOSE_NOW,
              EnumSet.of(State.CLOSED, State.ABANDONED),
              "nobody has a closed connection in hand"),
          new Reason(
              Event.DRAIN,
              EnumSet.of(State.CLOSED, State.ABANDONED),
              "nobody has a closed connection in hand"),
          new Reason(
              Event.ATTACH,
              EnumSet.of(State.CLOSED, State.ABANDONED),
              "nobody has a closed connection in hand"));

  private Elsewhere() {}

  /** Whether there is a reason why no run hits the cell. */
  static boolean excuses(Event event, State state) {
    return REASONS.stream()
        .anyMatch(reason -> reason.event == event && reason.states.contains(state));
  }

  /** Reasons that the runs have proven wrong. */
  static List<String> disproven(CellTable cells) {
    List<String> disproven = new ArrayList<>();
    for (Reason reason : REASONS) {
      for (State state : reason.states) {
        if (cells.hits(reason.event, state) > 0) {
          disproven.add(reason.event.row + " in " + state + ", although " + reason.why);
        }
      }
    }
    return disproven;
  }
}
