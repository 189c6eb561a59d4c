package dev.sluice.mux.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the front mux tells that a head has begun. */
class H1HeadBegunTest {
  private final FakeHost host = new FakeHost(Side.FRONT);
  private final List<String> events = new ArrayList<>();

  H1HeadBegunTest() {
    host.install(
        new H1FrontMux(
            host,
            new StreamAcceptor() {
              @Override
              public void headBegun() {
                events.add("begun");
              }

              @Override
              public StreamHandler accept(MuxStream stream) {
                events.add("accepted");
                Upper upper = new Upper(host);
                upper.stream = stream;
                upper.onHead = () -> upper.sendResponse(200, true);
                return upper;
              }

              @Override
              public void rejected(int status, CloseCause cause, String detail) {
                events.add("rejected");
              }
            }));
  }

  @Test
  void beginningIsToldOnceForEachHeadInPieces() {
    for (int i = 0; i < 2; i++) {
      host.receive("GET / HT");
      host.receive("TP/1.1\r\nHost");
      host.receive(": h\r\n\r\n");
    }

    assertThat(events).containsExactly("begun", "accepted", "begun", "accepted");
  }

  @Test
  void headInOnePieceHasNoBeginningOfItsOwn() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

    assertThat(events).containsExactly("accepted");
  }

  @Test
  void beginningIsFollowedByARejectionIfTheHeadIsMalformed() {
    host.receive("GET / HT");
    host.receive("TP/1.1\r\nHost: h\r\n:\r\n\r\n");

    assertThat(events).containsExactly("begun", "rejected");
  }
}
