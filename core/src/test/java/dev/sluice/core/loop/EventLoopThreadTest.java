package dev.sluice.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.time.NanoClock;
import dev.sluice.core.time.Timer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens between a loop's own thread and others. The timeout is never the verdict. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EventLoopThreadTest {
  private EventLoopGroup group = open();

  @BeforeEach
  void start() {
    group.start();
  }

  @AfterEach
  void stop() {
    group.stop();
  }

  @Test
  void taskWakesALoopThatWaits() throws InterruptedException {
    EventLoop loop = group.loop(0);
    // Without timers or sockets the loop waits without end between any two of these.
    for (int i = 0; i < 1000; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      loop.execute(ran::countDown);
      ran.await();
    }
    loop.stop();
    assertThat(loop.counters().snapshot().tasks()).isEqualTo(1000);
  }

  @Test
  void tasksOfManyProducersAllRunOnTheLoopInEachProducersOrder() throws InterruptedException {
    EventLoop loop = group.loop(0);
    int producers = 4;
    int tasks = 5000;
    int[] last = new int[producers];
    CountDownLatch left = new CountDownLatch(producers * tasks);
    List<String> wrong = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      int producer = p;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 1; i <= tasks; i++) {
                  int number = i;
                  Runnable task =
                      () -> {
                        if (!loop.inLoop() || last[producer] != number - 1) {
                          wrong.add(producer + ": " + number);
                        }
                        last[producer] = number;
                        left.countDown();
                      };
                  while (!loop.tryExecute(task)) {
                    Thread.onSpinWait();
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    left.await();
    for (Thread thread : threads) {
      thread.join();
    }
    CountDownLatch looked = new CountDownLatch(1);
    loop.execute(
        () -> {
          assertThat(wrong).isEmpty();
          looked.countDown();
        });
    looked.await();
  }

  @Test
  void timerFiresWithoutAnyOtherEvent() throws InterruptedException {
    EventLoop loop = group.loop(0);
    CountDownLatch fired = new CountDownLatch(1);
    long[] lateNanos = new long[1];
    loop.execute(
        () ->
            loop.schedule(
                new Timer() {
                  private final long start = loop.nowNanos();

                  @Override
                  protected void onTimer(long nowNanos) {
                    lateNanos[0] = nowNanos - start - 5_000_000L;
                    fired.countDown();
                  }
                },
                5_000_000L));
    fired.await();
    assertThat(lateNanos[0]).isNotNegative();
  }

  @Test
  void loopsHandTasksToEachOther() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    hop(group.loop(0), group.loop(1), 1000, done);
    done.await();
  }

  @Test
  void interruptOfTheLoopThreadIsIgnored() throws InterruptedException {
    EventLoop loop = group.loop(0);
    CountDownLatch ran = new CountDownLatch(2);
    loop.execute(
        () -> {
          Thread.currentThread().interrupt();
          ran.countDown();
        });
    loop.execute(ran::countDown);
    ran.await();
    CountDownLatch later = new CountDownLatch(1);
    loop.execute(later::countDown);
    later.await();
  }

  @Test
  void stopFromWithinTheLoopEndsIt() throws InterruptedException {
    EventLoop loop = group.loop(0);
    CountDownLatch asked = new CountDownLatch(1);
    loop.execute(
        () -> {
          loop.stop();
          asked.countDown();
        });
    asked.await();
    loop.stop();
    assertThat(loop.stopped()).isTrue();
    assertThat(loop.tryExecute(() -> {})).isFalse();
  }

  @Test
  void acceptedTasksRunBeforeTheLoopEnds() {
    EventLoop loop = group.loop(0);
    int[] ran = new int[1];
    int offered = 0;
    for (int i = 0; i < 10_000; i++) {
      offered += loop.tryExecute(() -> ran[0]++) ? 1 : 0;
    }
    loop.stop();
    assertThat(ran[0]).isEqualTo(offered);
  }

  private static void hop(EventLoop from, EventLoop to, int left, CountDownLatch done) {
    from.execute(
        () -> {
          assertThat(from.inLoop()).isTrue();
          assertThat(to.inLoop()).isFalse();
          if (left == 0) {
            done.countDown();
          } else {
            hop(to, from, left - 1, done);
          }
        });
  }

  private static EventLoopGroup open() {
    try {
      return EventLoopGroup.nio("test", 2, NanoClock.system(), LoopLimits.defaults());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
