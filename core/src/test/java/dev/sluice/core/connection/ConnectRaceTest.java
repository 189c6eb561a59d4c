package dev.sluice.core.connection;

import static dev.sluice.core.connection.ConnectionRig.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection to a server with several addresses (RFC 8305 5). */
class ConnectRaceTest {
  private static final InetSocketAddress FIRST = new InetSocketAddress("2001:db8::1", 443);
  private static final InetSocketAddress SECOND = new InetSocketAddress("192.0.2.1", 443);
  private static final InetSocketAddress THIRD = new InetSocketAddress("2001:db8::2", 443);

  private final ConnectionRig rig = new ConnectionRig();
  private final TestAddressBook book = new TestAddressBook(FIRST, SECOND, THIRD);

  @AfterEach
  void nothingIsLeft() {
    rig.finish();
  }

  private Connection dial(TestAddressBook where) {
    rig.book = where;
    rig.clear = true;
    rig.forced = rig.multi;
    return rig.dial(rig.owner);
  }

  private long openSockets() {
    return rig.simulation.poller(0).openSockets();
  }

  @Test
  void firstAddressIsTakenIfItAnswersInTime() {
    rig.listen(FIRST);
    rig.listen(SECOND);
    rig.simulation.network().delayConnects(FIRST, 200 * MILLI);

    Connection connection = dial(book);
    rig.simulation.runFor(240 * MILLI);

    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
    assertThat(connection.remoteAddress()).isEqualTo(FIRST);
    assertThat(rig.owner.ready).containsExactly(connection);
    assertThat(rig.peers).hasSize(1);
    assertThat(book.races).isZero();
    assertThat(book.fallbacks).isZero();
  }

  @Test
  void nextAddressIsTriedAfterTheAttemptDelay() {
    rig.listen(SECOND);
    rig.simulation.network().blackhole(FIRST);

    Connection connection = dial(book);
    rig.simulation.runFor(249 * MILLI);
    assertThat(openSockets()).as("before the delay").isEqualTo(1);
    rig.settle();

    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
    assertThat(connection.remoteAddress()).isEqualTo(SECOND);
    assertThat(openSockets()).as("the loser is closed").isEqualTo(1);
    assertThat(book.races).isEqualTo(1);
    assertThat(book.fallbacks).isEqualTo(1);
  }

  @Test
  void nextAddressIsTriedAtOnceWhenOneIsRefused() {
    rig.listen(THIRD);

    Connection connection = dial(book);
    rig.settle();

    assertThat(connection.remoteAddress()).isEqualTo(THIRD);
    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
  }

  /** The delay counts from the latest attempt, also where that came early. */
  @Test
  void delayBeginsAnewWithEachAttempt() {
    rig.listen(THIRD);
    rig.simulation.network().blackhole(SECOND);
    rig.simulation.network().delayConnects(FIRST, 200 * MILLI);

    Connection connection = dial(book);
    rig.simulation.runFor(440 * MILLI);
    assertThat(connection.state()).isEqualTo(ConnectionState.CONNECTING);
    rig.simulation.runFor(30 * MILLI);

    assertThat(connection.remoteAddress()).isEqualTo(THIRD);
  }

  @Test
  void firstAddressMayStillWinWhileOthersAreTried() {
    rig.listen(FIRST);
    rig.simulation.network().delayConnects(FIRST, 600 * MILLI);
    rig.simulation.network().blackhole(SECOND);
    rig.simulation.network().blackhole(THIRD);

    Connection connection = dial(book);
    rig.simulation.runFor(560 * MILLI);
    assertThat(openSockets()).isEqualTo(3);
    rig.simulation.runFor(60 * MILLI);

    assertThat(connection.remoteAddress()).isEqualTo(FIRST);
    assertThat(openSockets()).isEqualTo(1);
    assertThat(book.races).isEqualTo(1);
    assertThat(book.fallbacks).isZero();
  }

  @Test
  void whatTheWinnerReadsGoesToTheConnection() {
    rig.listen(SECOND);
    rig.book = book;
    Connection connection = rig.dial(rig.owner);
    rig.settle();
    assertThat(connection.state()).isEqualTo(ConnectionState.HANDSHAKING);

    rig.answer(TestMuxProvider.MULTI);
    rig.settle();
    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
    rig.peer().reset();
    rig.settle();

    assertThat(connection.closed()).isTrue();
    assertThat(rig.keeper.closed).isNotNull();
  }

  @Test
  void failureOfAllTellsOfEachAndHasTheCauseOfTheFirst() {
    Connection connection = dial(book);
    rig.settle();

    assertThat(connection.closed()).isTrue();
    assertThat(rig.owner.failures).hasSize(1);
    assertThat(rig.owner.failures.get(0).cause()).isEqualTo(CloseCause.CONNECT_REFUSED);
    assertThat(rig.owner.failures.get(0).detail())
        .contains("2001:db8:0:0:0:0:0:1", "192.0.2.1:443", "2001:db8:0:0:0:0:0:2");
  }

  @Test
  void connectDeadlineCoversTheWholeRace() {
    rig.simulation.network().blackhole(FIRST);
    rig.simulation.network().blackhole(SECOND);
    rig.simulation.network().blackhole(THIRD);
    long limit = dialTimeoutNanos();

    Connection connection = dial(book);
    rig.simulation.runFor(limit - 5 * MILLI);
    assertThat(openSockets()).isEqualTo(3);
    rig.settle();

    assertThat(connection.closed()).isTrue();
    assertThat(rig.owner.failures.get(0).cause()).isEqualTo(CloseCause.CONNECT_TIMEOUT);
    assertThat(openSockets()).isZero();
  }

  private static long dialTimeoutNanos() {
    return TimeoutConfig.defaults().connect().toNanos();
  }

  @Test
  void closingTheConnectionClosesAllItsAttempts() {
    rig.simulation.network().blackhole(FIRST);
    rig.simulation.network().blackhole(SECOND);
    Connection connection = dial(book);
    rig.simulation.runFor(300 * MILLI);
    assertThat(openSockets()).isEqualTo(2);

    rig.inLoop(() -> connection.closeNow(CloseCause.SHUTDOWN));
    rig.settle();

    assertThat(connection.closed()).isTrue();
    assertThat(openSockets()).isZero();
    rig.simulation.runFor(1_000 * MILLI);
    assertThat(openSockets()).as("no further attempt").isZero();
  }

  @Test
  void singleAddressNeedsNoRace() {
    rig.listen(SECOND);

    Connection connection = dial(new TestAddressBook(SECOND));
    rig.settle();

    assertThat(connection.remoteAddress()).isEqualTo(SECOND);
    assertThat(connection.state()).isEqualTo(ConnectionState.ACTIVE);
  }

  @Test
  void nameWithoutAnAddressFailsAtOnce() {
    Connection connection = dial(new TestAddressBook());

    assertThat(connection.dialResult()).isEqualTo(DialResult.FAILED);
    assertThat(connection.failure()).isNotNull();
    assertThat(connection.failure().cause()).isEqualTo(CloseCause.NO_SERVER);
    assertThat(rig.owner.failures).as("not called back").isEmpty();
  }

  @Test
  void connectionIsAstrayWhenItsAddressIsGone() {
    rig.listen(FIRST);
    TestAddressBook shrinking = new TestAddressBook(FIRST);
    Connection connection = dial(shrinking);
    rig.settle();

    assertThat(AddressBook.isAstray(connection)).isFalse();
    shrinking.gone = true;
    assertThat(AddressBook.isAstray(connection)).isTrue();
  }
}
