package dev.sluice.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.RetryKind;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rule about what may be sent twice, cell by cell. */
class RetryPolicyTest {
  /** Kinds that say that the server has not processed the request. */
  private static final Set<RetryKind> NOT_PROCESSED =
      EnumSet.of(
          RetryKind.CONNECT_FAILURE,
          RetryKind.HANDSHAKE_FAILURE,
          RetryKind.MISDIRECTED,
          RetryKind.REFUSED,
          RetryKind.HTTP_1_1_REQUIRED);

  @ParameterizedTest
  @EnumSource
  void requestIsSentTwiceOnlyWhereTheRuleAllows(RetryKind kind) {
    for (int bits = 0; bits < 16; bits++) {
      boolean begun = (bits & 1) != 0;
      boolean held = (bits & 2) != 0;
      boolean idempotent = (bits & 4) != 0;
      boolean written = (bits & 8) != 0;
      boolean right = !begun && held && (idempotent || !written || NOT_PROCESSED.contains(kind));

      assertThat(RetryPolicy.mayReplay(begun, held, idempotent, kind, written))
          .as("begun %s held %s idempotent %s written %s", begun, held, idempotent, written)
          .isEqualTo(right);
    }
  }

  @ParameterizedTest
  @EnumSource
  void endOfAConnectionIsAnEmptyResponseUntilTheFirstByte(ResetCode code) {
    RetryKind empty = RetryPolicy.ofReset(code, CloseCause.SERVER_ABORT, false);
    RetryKind begun = RetryPolicy.ofReset(code, CloseCause.SERVER_ABORT, true);

    switch (code) {
      case CONNECTION_CLOSED, CONNECTION_RESET -> {
        assertThat(empty).isEqualTo(RetryKind.EMPTY_RESPONSE);
        assertThat(begun).isEqualTo(RetryKind.JUNK_RESPONSE);
      }
      case REFUSED -> assertThat(empty).isEqualTo(begun).isEqualTo(RetryKind.REFUSED);
      case HTTP_1_1_REQUIRED ->
          assertThat(empty).isEqualTo(begun).isEqualTo(RetryKind.HTTP_1_1_REQUIRED);
      default -> {
        assertThat(empty).isNull();
        assertThat(begun).isNull();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyAnAnswerThatIsWrongIsJunk(CloseCause cause) {
    RetryKind kind = RetryPolicy.ofReset(ResetCode.PROTOCOL_ERROR, cause, true);

    if (cause == CloseCause.BAD_RESPONSE) {
      assertThat(kind).isEqualTo(RetryKind.JUNK_RESPONSE);
    } else {
      assertThat(kind).as("too large, or told by the server of the request").isNull();
    }
  }

  @Test
  void whatFailedBeforeAMuxIsAConnectOrAHandshake() {
    assertThat(RetryPolicy.ofConnect(CloseCause.CONNECT_REFUSED))
        .isEqualTo(RetryKind.CONNECT_FAILURE);
    assertThat(RetryPolicy.ofConnect(CloseCause.CONNECT_TIMEOUT))
        .isEqualTo(RetryKind.CONNECT_FAILURE);
    assertThat(RetryPolicy.ofConnect(CloseCause.HANDSHAKE_TIMEOUT))
        .isEqualTo(RetryKind.HANDSHAKE_FAILURE);
    assertThat(RetryPolicy.ofConnect(CloseCause.NO_COMMON_PROTOCOL))
        .isEqualTo(RetryKind.HANDSHAKE_FAILURE);
  }

  @Test
  void whatAServerIsDoesNotChangeByAskingItAgain() {
    for (CloseCause cause :
        EnumSet.of(
            CloseCause.NO_COMMON_PROTOCOL, CloseCause.PROTOCOL_NOT_OFFERED, CloseCause.NO_MUX)) {
      assertThat(RetryPolicy.mayReconnect(cause, false)).isFalse();
      assertThat(RetryPolicy.mayReconnect(cause, true)).isTrue();
    }
    assertThat(RetryPolicy.mayReconnect(CloseCause.CONNECT_REFUSED, false)).isTrue();
  }
}
