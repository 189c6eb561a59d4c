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

/** A client that ends its direction behind more than one request (RFC 9112 9.3.2, 9.6). */
class H1HalfCloseTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  private final FakeHost host = new FakeHost(Side.FRONT);
  private final List<Upper> exchanges = new ArrayList<>();
  private final List<CloseCause> rejected = new ArrayList<>();

  H1HalfCloseTest() {
    host.install(
        new H1FrontMux(
            host,
            new StreamAcceptor() {
              @Override
              public StreamHandler accept(MuxStream stream) {
                Upper upper = new Upper(host);
                upper.stream = stream;
                exchanges.add(upper);
                return upper;
              }

              @Override
              public void rejected(int status, CloseCause cause, String detail) {
                rejected.add(cause);
              }
            }));
  }

  @Test
  void requestsThatCameBeforeTheEndAreAllAnswered() {
    host.receive(GET + GET + GET);
    host.receiveEnd();

    for (int i = 0; i < 3; i++) {
      assertThat(exchanges).hasSize(i + 1);
      assertThat(host.closed).isEmpty();
      exchanges.get(i).sendResponse(204, true);
      boolean last = i == 2;
      assertThat(host.take()).contains("204").matches(text -> text.contains("close") == last);
    }

    assertThat(exchanges).hasSize(3);
    assertThat(host.closed).contains("COMPLETE");
    assertThat(rejected).isEmpty();
  }

  @Test
  void headThatIsCutByTheEndIsRejectedBehindTheAnswersBeforeIt() {
    host.receive(GET + "GET / HTT");
    host.receiveEnd();

    exchanges.get(0).sendResponse(204, true);

    assertThat(host.take()).contains("204", "400");
    assertThat(exchanges).hasSize(1);
    assertThat(rejected).containsExactly(CloseCause.CLIENT_ABORT);
  }
}
