package dev.sluice.tls.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.tls.engine.TlsEngineState.Event;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table in the enum's documentation, pair by pair. */
class TlsEngineStateTest {
  @ParameterizedTest
  @CsvSource({
    "HANDSHAKING,    OPEN,          FAILED,         CLOSED,         FAILED,        FAILED",
    "OPEN,           -,             INBOUND_ENDED,  OUTBOUND_ENDED, FAILED,        FAILED",
    "INBOUND_ENDED,  -,             INBOUND_ENDED,  CLOSED,         INBOUND_ENDED, FAILED",
    "OUTBOUND_ENDED, -,             CLOSED,         OUTBOUND_ENDED, FAILED,        FAILED",
    "CLOSED,         CLOSED,        CLOSED,         CLOSED,         CLOSED,        CLOSED",
    "FAILED,         FAILED,        FAILED,         FAILED,         FAILED,        FAILED"
  })
  void everyPairHasItsPlace(
      TlsEngineState state,
      String done,
      String closeNotify,
      String close,
      String end,
      String failure) {
    check(state, Event.HANDSHAKE_DONE, done);
    check(state, Event.PEER_CLOSE_NOTIFY, closeNotify);
    check(state, Event.CLOSE, close);
    check(state, Event.TRANSPORT_END, end);
    check(state, Event.FAILURE, failure);
  }

  private static void check(TlsEngineState state, Event event, String expected) {
    if (expected.equals("-")) {
      assertThatThrownBy(() -> state.after(event)).isInstanceOf(IllegalStateException.class);
    } else {
      assertThat(state.after(event)).isEqualTo(TlsEngineState.valueOf(expected));
    }
  }
}
