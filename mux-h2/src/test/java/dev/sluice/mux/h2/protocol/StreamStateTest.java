package dev.sluice.mux.h2.protocol;

import static dev.sluice.mux.h2.protocol.StreamEvent.RECEIVE_DATA;
import static dev.sluice.mux.h2.protocol.StreamEvent.RECEIVE_END;
import static dev.sluice.mux.h2.protocol.StreamEvent.RECEIVE_HEADERS;
import static dev.sluice.mux.h2.protocol.StreamEvent.RECEIVE_RESET;
import static dev.sluice.mux.h2.protocol.StreamEvent.RECEIVE_WINDOW_UPDATE;
import static dev.sluice.mux.h2.protocol.StreamEvent.SEND_DATA;
import static dev.sluice.mux.h2.protocol.StreamEvent.SEND_END;
import static dev.sluice.mux.h2.protocol.StreamEvent.SEND_HEADERS;
import static dev.sluice.mux.h2.protocol.StreamEvent.SEND_RESET;
import static dev.sluice.mux.h2.protocol.StreamState.ENDED;
import static dev.sluice.mux.h2.protocol.StreamState.HALF_CLOSED_LOCAL;
import static dev.sluice.mux.h2.protocol.StreamState.HALF_CLOSED_REMOTE;
import static dev.sluice.mux.h2.protocol.StreamState.IDLE;
import static dev.sluice.mux.h2.protocol.StreamState.OPEN;
import static dev.sluice.mux.h2.protocol.StreamState.RESET_LOCAL;
import static dev.sluice.mux.h2.protocol.StreamState.RESET_REMOTE;
import static dev.sluice.mux.h2.protocol.Verdict.CONNECTION_CLOSED;
import static dev.sluice.mux.h2.protocol.Verdict.CONNECTION_PROTOCOL;
import static dev.sluice.mux.h2.protocol.Verdict.FORBIDDEN;
import static dev.sluice.mux.h2.protocol.Verdict.IGNORE;
import static dev.sluice.mux.h2.protocol.Verdict.STREAM_CLOSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.mux.h2.frame.H2ErrorCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every cell of the table of RFC 9113 5.1, written down apart from the one that is tested. */
@DisplayName("stream states (RFC 9113 5.1)")
class StreamStateTest {
  private final Map<StreamState, Map<StreamEvent, Object>> expected =
      new EnumMap<>(StreamState.class);

  StreamStateTest() {
    // 5.1 idle: "Receiving any frame other than HEADERS or PRIORITY ... PROTOCOL_ERROR"
    in(IDLE, RECEIVE_HEADERS, OPEN);
    in(IDLE, RECEIVE_DATA, CONNECTION_PROTOCOL);
    in(IDLE, RECEIVE_END, CONNECTION_PROTOCOL);
    in(IDLE, RECEIVE_RESET, CONNECTION_PROTOCOL);
    in(IDLE, RECEIVE_WINDOW_UPDATE, CONNECTION_PROTOCOL);
    in(IDLE, SEND_HEADERS, OPEN);
    in(IDLE, SEND_DATA, FORBIDDEN);
    in(IDLE, SEND_END, FORBIDDEN);
    in(IDLE, SEND_RESET, FORBIDDEN);

    // 5.1 open: both may send anything
    in(OPEN, RECEIVE_HEADERS, OPEN);
    in(OPEN, RECEIVE_DATA, OPEN);
    in(OPEN, RECEIVE_END, HALF_CLOSED_REMOTE);
    in(OPEN, RECEIVE_RESET, RESET_REMOTE);
    in(OPEN, RECEIVE_WINDOW_UPDATE, OPEN);
    in(OPEN, SEND_HEADERS, OPEN);
    in(OPEN, SEND_DATA, OPEN);
    in(OPEN, SEND_END, HALF_CLOSED_LOCAL);
    in(OPEN, SEND_RESET, RESET_LOCAL);

    // 5.1 half-closed (local): we send only WINDOW_UPDATE, PRIORITY, RST_STREAM
    in(HALF_CLOSED_LOCAL, RECEIVE_HEADERS, HALF_CLOSED_LOCAL);
    in(HALF_CLOSED_LOCAL, RECEIVE_DATA, HALF_CLOSED_LOCAL);
    in(HALF_CLOSED_LOCAL, RECEIVE_END, ENDED);
    in(HALF_CLOSED_LOCAL, RECEIVE_RESET, RESET_REMOTE);
    in(HALF_CLOSED_LOCAL, RECEIVE_WINDOW_UPDATE, HALF_CLOSED_LOCAL);
    in(HALF_CLOSED_LOCAL, SEND_HEADERS, FORBIDDEN);
    in(HALF_CLOSED_LOCAL, SEND_DATA, FORBIDDEN);
    in(HALF_CLOSED_LOCAL, SEND_END, FORBIDDEN);
    in(HALF_CLOSED_LOCAL, SEND_RESET, RESET_LOCAL);

    // 5.1 half-closed (remote): "MUST respond with a stream error of type STREAM_CLOSED"
    in(HALF_CLOSED_REMOTE, RECEIVE_HEADERS, STREAM_CLOSED);
    in(HALF_CLOSED_REMOTE, RECEIVE_DATA, STREAM_CLOSED);
    in(HALF_CLOSED_REMOTE, RECEIVE_END, STREAM_CLOSED);
    in(HALF_CLOSED_REMOTE, RECEIVE_RESET, RESET_REMOTE);
    in(HALF_CLOSED_REMOTE, RECEIVE_WINDOW_UPDATE, HALF_CLOSED_REMOTE);
    in(HALF_CLOSED_REMOTE, SEND_HEADERS, HALF_CLOSED_REMOTE);
    in(HALF_CLOSED_REMOTE, SEND_DATA, HALF_CLOSED_REMOTE);
    in(HALF_CLOSED_REMOTE, SEND_END, ENDED);
    in(HALF_CLOSED_REMOTE, SEND_RESET, RESET_LOCAL);

    // 5.1 closed, both ended: WINDOW_UPDATE and RST_STREAM may be on their way
    in(ENDED, RECEIVE_HEADERS, CONNECTION_CLOSED);
    in(ENDED, RECEIVE_DATA, CONNECTION_CLOSED);
    in(ENDED, RECEIVE_END, CONNECTION_CLOSED);
    in(ENDED, RECEIVE_RESET, IGNORE);
    in(ENDED, RECEIVE_WINDOW_UPDATE, IGNORE);

    // 5.1 closed by our RST_STREAM: anything may be on its way
    in(RESET_LOCAL, RECEIVE_HEADERS, IGNORE);
    in(RESET_LOCAL, RECEIVE_DATA, IGNORE);
    in(RESET_LOCAL, RECEIVE_END, IGNORE);
    in(RESET_LOCAL, RECEIVE_RESET, IGNORE);
    in(RESET_LOCAL, RECEIVE_WINDOW_UPDATE, IGNORE);

    // 5.1 closed by the peer's RST_STREAM: the peer can't have sent anything after it
    in(RESET_REMOTE, RECEIVE_HEADERS, STREAM_CLOSED);
    in(RESET_REMOTE, RECEIVE_DATA, STREAM_CLOSED);
    in(RESET_REMOTE, RECEIVE_END, STREAM_CLOSED);
    in(RESET_REMOTE, RECEIVE_RESET, IGNORE);
    in(RESET_REMOTE, RECEIVE_WINDOW_UPDATE, IGNORE);

    for (StreamState closed : List.of(ENDED, RESET_LOCAL, RESET_REMOTE)) {
      for (StreamEvent sent : List.of(SEND_HEADERS, SEND_DATA, SEND_END, SEND_RESET)) {
        in(closed, sent, FORBIDDEN);
      }
    }
  }

  @Test
  void everyCellOfTheTableIsAsInTheRfc() {
    List<String> wrong = new ArrayList<>();
    int cells = 0;
    for (StreamState state : StreamState.values()) {
      for (StreamEvent event : StreamEvent.values()) {
        Verdict verdict = state.verdict(event);
        Object found = verdict == Verdict.OK ? state.next(event) : verdict;
        Object wanted = expected.getOrDefault(state, Map.of()).get(event);
        if (found != wanted) {
          wrong.add(state + " x " + event + ": " + found + ", not " + wanted);
        }
        cells++;
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(cells).isEqualTo(7 * 9);
  }

  @Test
  void verdictsCarryTheirCodes() {
    assertThat(STREAM_CLOSED.code()).isSameAs(H2ErrorCode.STREAM_CLOSED);
    assertThat(CONNECTION_CLOSED.code()).isSameAs(H2ErrorCode.STREAM_CLOSED);
    assertThat(CONNECTION_PROTOCOL.code()).isSameAs(H2ErrorCode.PROTOCOL_ERROR);
    assertThat(IGNORE.code()).isSameAs(H2ErrorCode.NO_ERROR);
    assertThat(CONNECTION_CLOSED.ofConnection()).isTrue();
    assertThat(STREAM_CLOSED.ofConnection()).isFalse();
  }

  private void in(StreamState state, StreamEvent event, Object result) {
    Object before =
        expected.computeIfAbsent(state, s -> new EnumMap<>(StreamEvent.class)).put(event, result);
    assertThat(before).as("%s x %s is written twice", state, event).isNull();
  }
}
