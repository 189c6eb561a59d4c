package dev.sluice.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The cells of the state table of the late mux, and how often the runs have hit each. */
final class CellTable {
  /** The columns of {@code late-mux.md}. */
  enum State {
    CONNECTING,
    HANDSHAKING,
    LENT,
    ACTIVE,
    IDLE,
    DRAINING,
    CLOSED,
    ABANDONED
  }

  /** The rows, as far as a whole engine brings them about. */
  enum Event {
    CONNECTED("TCP stands"),
    REFUSED("connect fails"),
    DEADLINE("deadline passes"),
    PEER_BYTES("bytes come"),
    STEP_RETURNS("lent step returns"),
    HANDSHAKE_DONE("handshake done"),
    HANDSHAKE_FAILS("handshake fails"),
    NO_MUX("no mux can be installed"),
    PEER_ENDS("peer's FIN"),
    PEER_RESETS("peer's RST"),
    OWNER_LEAVES("owner leaves"),
    OWNER_REPLACED("owner waits for another"),
    CLOSE_NOW("engine closes"),
    DRAIN("engine drains"),
    ATTACH("stream arrives"),
    STREAMS_END("last stream ends"),
    HANDLER_THROWS("handler throws");

    final String row;

    Event(String row) {
      this.row = row;
    }
  }

  private static final Path PAGE = Path.of("../core/src/site/markdown/late-mux.md");
  private static final String IMPOSSIBLE = "—";

  private final long[][] hits = new long[Event.values().length][State.values().length];

  void hit(Event event, State state) {
    hits[event.ordinal()][state.ordinal()]++;
  }

  void add(CellTable other) {
    for (int i = 0; i < hits.length; i++) {
      for (int j = 0; j < hits[i].length; j++) {
        hits[i][j] += other.hits[i][j];
      }
    }
  }

  long hits(Event event, State state) {
    return hits[event.ordinal()][state.ordinal()];
  }

  /** The cells that the page does not call impossible. */
  static Map<Event, List<State>> possible() throws IOException {
    Map<Event, List<State>> possible = new LinkedHashMap<>();
    for (String line : Files.readAllLines(PAGE)) {
      for (Event event : Event.values()) {
        if (line.startsWith("| " + event.row + " |")) {
          String[] cells = line.substring(1).split("\\|", -1);
          List<State> states = new ArrayList<>();
          for (State state : State.values()) {
            if (!cells[state.ordinal() + 1].strip().startsWith(IMPOSSIBLE)) {
              states.add(state);
            }
          }
          possible.put(event, states);
        }
      }
    }
    return possible;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("%-24s".formatted(""));
    for (State state : State.values()) {
      text.append("%12s".formatted(state));
    }
    for (Event event : Event.values()) {
      text.append("%n%-24s".formatted(event.row));
      for (State state : State.values()) {
        long count = hits(event, state);
        text.append("%12s".formatted(count == 0 ? "." : Long.toString(count)));
      }
    }
    return text.toString();
  }
}
