package dev.sluice.core.backend.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.EventLoopGroup;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.time.NanoClock;
import dev.sluice.core.transport.TransportTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Where two loops meet in a pool: each test is run under many interleavings, chosen by a model
 * checker, and has to hold under each of them.
 */
@Tag("interleavings")
class SharedStateTest {
  private static final int INTERLEAVINGS = 300;

  private static final PoolKey KEY =
      new PoolKey(
          "s",
          new TransportTarget(new InetSocketAddress("192.0.2.1", 80), null),
          null,
          null,
          null,
          List.of(),
          null);

  private static void together(Runnable one, Runnable other) {
    Thread first = new Thread(one);
    Thread second = new Thread(other);
    first.start();
    second.start();
    try {
      first.join();
      second.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void onePermitIsTakenOnce() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Permits permits = new Permits(1);
          boolean[] got = new boolean[2];
          together(() -> got[0] = permits.tryTake(), () -> got[1] = permits.tryTake());
          check(got[0] ^ got[1], "one of two gets the only permit");
          check(permits.taken() == 1, "it is counted once");
        });
  }

  @Test
  void permitThatIsGivenBackIsSeenByOneWhoStoodInLineBefore() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Permits permits = new Permits(1);
          permits.tryTake();
          Line line = new Line();
          boolean[] seen = new boolean[2];
          together(
              () -> {
                line.join();
                seen[0] = permits.tryTake();
              },
              () -> {
                permits.giveBack();
                seen[1] = line.someoneWaits();
              });
          check(seen[0] || seen[1], "who waits gets it, or is seen by who gives it back");
        });
  }

  @Test
  void wakeUpIsNotLostOnOneWhoIsJustTrying() throws IOException {
    EventLoop loop =
        EventLoopGroup.nio("checked", 1, NanoClock.system(), LoopLimits.defaults()).loop(0);
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          Permits permits = new Permits(1);
          permits.tryTake();
          WaitingLine line = new WaitingLine(4);
          Waiter waiter = new Nobody();
          Demand demand = new Demand();
          demand.set(KEY, Demand.Sharing.ANY);
          line.join(waiter, loop, demand, Shortage.CONNECTION);
          boolean[] got = new boolean[1];
          together(
              () -> {
                WaitingLine.beginTurn(waiter);
                got[0] = permits.tryTake();
                if (!got[0]) {
                  line.lacks(waiter, Shortage.CONNECTION);
                }
              },
              () -> {
                permits.giveBack();
                line.wake();
              });
          check(got[0] || waiter.woken, "who waits gets it, or is woken once more");
        });
    loop.stop();
  }

  @Test
  void idleConnectionIsSeenByOneWhoStoodInLineBefore() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          IdleBoard.Row row = row(new IdleBoard(2));
          Line line = new Line();
          boolean[] seen = new boolean[2];
          together(
              () -> {
                line.join();
                seen[0] = row.idleElsewhere(0) == 1;
              },
              () -> {
                row.idle(1, 1);
                seen[1] = line.someoneWaits();
              });
          check(seen[0] || seen[1], "who waits finds it, or is seen by who has it");
        });
  }

  @Test
  void noMoreHandshakesAreBegunThanMayBe() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          ProtocolHint hint = new ProtocolHint(1, false);
          boolean[] begun = new boolean[2];
          together(() -> begun[0] = hint.begin(0, 0), () -> begun[1] = hint.begin(0, 0));
          check(begun[0] ^ begun[1], "one handshake while nothing is known");
          hint.ended();
          check(hint.begin(0, 0), "its end makes room for the next");
        });
  }

  @Test
  void rowOfAKeyIsOneForAllLoops() {
    Lincheck.runConcurrentTest(
        INTERLEAVINGS,
        () -> {
          IdleBoard board = new IdleBoard(2);
          IdleBoard.Row[] rows = new IdleBoard.Row[2];
          together(() -> rows[0] = row(board), () -> rows[1] = row(board));
          check(rows[0] == rows[1], "both loops write to the same row");
        });
  }

  @Test
  void checkerFindsALostWakeUp() {
    // The same as above in the wrong order: what the tests here would tell.
    AssertionError found = null;
    try {
      Lincheck.runConcurrentTest(
          INTERLEAVINGS,
          () -> {
            Permits permits = new Permits(1);
            permits.tryTake();
            Line line = new Line();
            boolean[] seen = new boolean[2];
            together(
                () -> {
                  seen[0] = permits.tryTake();
                  line.join();
                },
                () -> {
                  permits.giveBack();
                  seen[1] = line.someoneWaits();
                });
            check(seen[0] || seen[1], "lost");
          });
    } catch (AssertionError e) {
      found = e;
    }
    assertThat(found).isNotNull();
  }

  private static IdleBoard.Row row(IdleBoard board) {
    IdleBoard.Row row = board.row(KEY);
    if (row == null) {
      throw new AssertionError("a key without a client has a row");
    }
    return row;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  /** A waiter whose turn is played by the test. */
  private static final class Nobody extends Waiter {
    @Override
    protected void onTurn() {
      throw new AssertionError("no loop runs here");
    }
  }

  /** The length of a waiting line, which is volatile there too. */
  private static final class Line {
    private volatile int length;

    void join() {
      length = 1;
    }

    boolean someoneWaits() {
      return length > 0;
    }
  }
}
