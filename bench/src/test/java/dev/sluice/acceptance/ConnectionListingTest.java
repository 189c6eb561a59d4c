package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.ConnectionInfo;
import dev.sluice.core.ConnectionListing;
import dev.sluice.core.mux.Side;
import dev.sluice.core.testkit.SimOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Who is connected now, on all loops, with what they are doing. */
class ConnectionListingTest {
  private static ConnectionListing list(Stage stage, int max) {
    CompletableFuture<ConnectionListing> listed =
        stage.engine().connections(max).toCompletableFuture();
    stage.simulation().runUntil(listed::isDone);
    return listed.join();
  }

  @Test
  void connectionsOfBothSidesAreTold() {
    Stage stage = new Stage();
    H1Origin origin = stage.origin(Pki.server("http/1.1"));
    origin.answering(
        (request, on) -> {
          if (!request.path().equals("/silent")) {
            on.ok("four");
          }
        });
    stage.start(
        Pki.server("http/1.1"), Stage.secure(B, Pki.client("http/1.1")), UnaryOperator.identity());
    H1Client clear = stage.client().get("/1");
    stage.await(clear, 1);
    stage.await(clear.get("/2"), 2);
    H1Client secure = stage.secureClient().get("/silent");
    stage.client();
    stage.runFor(2_000 * MILLI);
    List<ConnectionInfo> told = list(stage, 100).connections();

    assertThat(told).hasSize(4);
    ConnectionInfo first = told.get(0);
    assertThat(first.side()).isEqualTo(Side.FRONT);
    assertThat(first.name()).isEqualTo("front");
    assertThat(first.protocol()).isEqualTo("h1");
    assertThat(first.state()).isEqualTo("ACTIVE");
    assertThat(first.streams()).isZero();
    assertThat(first.exchanges()).isEqualTo(2);
    assertThat(first.age()).isGreaterThan(Duration.ofMillis(1_900));
    assertThat(first.silence()).isBetween(Duration.ofMillis(1_900), first.age());
    assertThat(first.session().isNone()).isTrue();
    assertThat(first.bytesWritten()).isPositive();
    ConnectionInfo second = told.get(1);
    assertThat(second.streams()).isEqualTo(1);
    assertThat(second.session().version()).isEqualTo("TLSv1.3");
    assertThat(told.get(2).state()).as("nothing said yet").isEqualTo("HANDSHAKING");
    assertThat(told.get(2).protocol()).isEmpty();
    ConnectionInfo back = told.get(3);
    assertThat(back.side()).isEqualTo(Side.BACK);
    assertThat(back.name()).isEqualTo("b/s");
    assertThat(back.peer()).isEqualTo(B);
    assertThat(back.streams()).isEqualTo(1);
    assertThat(back.exchanges()).isEqualTo(3);
    assertThat(back.toString())
        .matches(
            "side=back name=b/s loop=0 peer=192\\.0\\.2\\.101:8080 local=\\S+ state=ACTIVE"
                + " protocol=h1 age=\\d+ms silence=\\d+ms streams=1 exchanges=3 read=\\d+"
                + " written=\\d+ tls=TLSv1\\.3,\\S+");
    secure.wire().reset();
    stage.leak();
  }

  @Test
  void noMoreAreListedThanWereAskedForAndTheOthersAreCounted() {
    Stage stage = new Stage(7, SimOptions.calm(), 4);
    stage.origin();
    stage.start(Stage.clear(B));
    for (int i = 0; i < 1_200; i++) {
      stage.client();
    }
    stage.runFor(100 * MILLI);

    ConnectionListing all = list(stage, 10_000);
    assertThat(all.connections()).hasSize(1_200);
    assertThat(all.leftOut()).isZero();
    assertThat(all.connections()).extracting(ConnectionInfo::loop).contains(0, 1, 2, 3);
    assertThat(all.connections()).extracting(ConnectionInfo::peer).doesNotHaveDuplicates();
    ConnectionListing some = list(stage, 500);
    assertThat(some.connections()).hasSize(500);
    assertThat(some.leftOut()).isEqualTo(700);
    assertThat(some.toString()).endsWith("\nand 700 more").hasLineCount(501);
    stage.leak();
  }

  @Test
  void listingThatCanNotBeIsRefusedOrFails() {
    Stage stage = new Stage();
    stage.origin();
    stage.start(Stage.clear(B));
    assertThatThrownBy(() -> stage.engine().connections(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("max is 0: 1 to 1000000 is valid");
    assertThat(list(stage, 1).connections()).isEmpty();
    CompletableFuture<ConnectionListing> pending =
        stage.engine().connections(1).toCompletableFuture();
    stage.engine().stop();

    assertThat(pending).isDone();
    assertThatThrownBy(() -> stage.engine().connections(1))
        .isInstanceOf(IllegalStateException.class);
  }
}
