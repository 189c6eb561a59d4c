package dev.sluice.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.testkit.Seeds;
import dev.sluice.core.testkit.ThreadAllocations;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  private static final long START = 1_000_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final long HOUR = 3_600_000 * MILLI;
  private static final long DAY = 24 * HOUR;

  private final List<Throwable> failures = new ArrayList<>();
  private final TimerWheel wheel = new TimerWheel(START, (timer, failure) -> failures.add(failure));
  private long now = START;

  @Test
  void timerFiresExactlyAtAWholeMillisecond() {
    Probe probe = new Probe();
    wheel.arm(probe, START + 100 * MILLI);

    advanceTo(START + 100 * MILLI - 1);
    assertThat(probe.fired).isZero();
    assertThat(probe.armed()).isTrue();

    advanceTo(START + 100 * MILLI);
    assertThat(probe.fired).isEqualTo(1);
    assertThat(probe.armed()).isFalse();
    assertThat(wheel.size()).isZero();
  }

  @Test
  void timerWithinATickFiresAtItsEndButNeverEarly() {
    Probe probe = new Probe();
    wheel.arm(probe, START + 1);

    advanceTo(START + 1);
    assertThat(probe.fired).isZero();
    advanceTo(START + MILLI);
    assertThat(probe.fired).isEqualTo(1);
  }

  @Test
  void passedDeadlineFiresWithTheNextTick() {
    advanceTo(START + 10 * MILLI);
    Probe probe = new Probe();
    wheel.arm(probe, START);

    assertThat(wheel.nextDeadlineNanos()).isEqualTo(START + 11 * MILLI);
    advanceTo(START + 11 * MILLI);
    assertThat(probe.fired).isEqualTo(1);
  }

  @Test
  void movingLaterDoesNotFireAtTheOldDeadline() {
    Probe probe = new Probe();
    wheel.arm(probe, START + 10 * MILLI);
    wheel.arm(probe, START + 5_000 * MILLI);

    advanceTo(START + 4_999 * MILLI);
    assertThat(probe.fired).isZero();
    assertThat(probe.deadlineNanos()).isEqualTo(START + 5_000 * MILLI);
    advanceTo(START + 5_000 * MILLI);
    assertThat(probe.fired).isEqualTo(1);
  }

  @Test
  void movingEarlierFiresAtTheNewDeadline() {
    Probe probe = new Probe();
    wheel.arm(probe, START + HOUR);
    wheel.arm(probe, START + 3 * MILLI);

    advanceTo(START + 3 * MILLI);
    assertThat(probe.fired).isEqualTo(1);
    advanceTo(START + 2 * HOUR);
    assertThat(probe.fired).isEqualTo(1);
  }

  @Test
  void cancelledTimerDoesNotFireAndMayBeArmedAgain() {
    Probe probe = new Probe();
    wheel.arm(probe, START + 3 * MILLI);
    wheel.cancel(probe);
    wheel.cancel(probe);
    assertThat(probe.deadlineNanos()).isEqualTo(Deadline.NONE);
    assertThat(wheel.nextDeadlineNanos()).isEqualTo(Deadline.NONE);

    advanceTo(START + 10 * MILLI);
    assertThat(probe.fired).isZero();
    wheel.arm(probe, START + 20 * MILLI);
    advanceTo(START + 20 * MILLI);
    assertThat(probe.fired).isEqualTo(1);
  }

  @Test
  void armingForNeverDisarms() {
    Probe probe = new Probe();
    wheel.arm(probe, START + 3 * MILLI);
    wheel.arm(probe, Deadline.NONE);
    assertThat(probe.armed()).isFalse();
    assertThat(wheel.size()).isZero();
  }

  @Test
  void deadlineBeyondTheReachOfTheWheelIsKept() {
    Probe probe = new Probe();
    wheel.arm(probe, START + 100 * DAY);

    while (now < START + 100 * DAY - MILLI) {
      advanceTo(Math.min(START + 100 * DAY - MILLI, wheel.nextDeadlineNanos()));
      assertThat(probe.fired).isZero();
    }
    advanceTo(START + 100 * DAY);
    assertThat(probe.fired).isEqualTo(1);
  }

  @Test
  void workPerAdvanceIsBoundedAndTheRestComesNext() {
    Probe[] probes = new Probe[10];
    for (int i = 0; i < probes.length; i++) {
      probes[i] = new Probe();
      wheel.arm(probes[i], START + 5 * MILLI);
    }
    now = START + 5 * MILLI;

    assertThat(wheel.advance(now, 4)).isEqualTo(4);
    assertThat(wheel.nextDeadlineNanos()).isLessThanOrEqualTo(now);
    // One of those that are left is moved, one is cancelled.
    wheel.arm(probes[8], now + 50 * MILLI);
    wheel.cancel(probes[9]);
    assertThat(wheel.advance(now, 100)).isEqualTo(4);
    assertThat(probes[8].fired).isZero();
    assertThat(probes[9].fired).isZero();
    assertThat(wheel.size()).isEqualTo(1);
    advanceTo(START + 55 * MILLI);
    assertThat(probes[8].fired).isEqualTo(1);
  }

  @Test
  void throwingTimerIsReportedAndOthersStillFire() {
    RuntimeException thrown = new RuntimeException("boom");
    List<Throwable> told = new ArrayList<>();
    Timer bad =
        new Timer() {
          @Override
          protected void onTimer(long nowNanos) {
            throw thrown;
          }

          @Override
          protected void onTimerFailure(Throwable failure) {
            told.add(failure);
          }
        };
    Probe good = new Probe();
    wheel.arm(bad, START + MILLI);
    wheel.arm(good, START + MILLI);

    advanceTo(START + MILLI);

    assertThat(failures).containsExactly(thrown);
    assertThat(told).containsExactly(thrown);
    assertThat(good.fired).isEqualTo(1);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void timerMayArmItselfAndCancelOthersWhileFiring() {
    Probe victim = new Probe();
    Timer actor =
        new Timer() {
          private int left = 3;

          @Override
          protected void onTimer(long nowNanos) {
            TimerWheelTest.this.wheel.cancel(victim);
            if (--left > 0) {
              TimerWheelTest.this.wheel.arm(this, nowNanos + 10 * MILLI);
            }
          }
        };
    wheel.arm(actor, START + MILLI);
    wheel.arm(victim, START + MILLI);

    advanceTo(START + MILLI);
    assertThat(victim.fired).isZero();
    assertThat(wheel.size()).isEqualTo(1);
    advanceTo(START + 11 * MILLI);
    advanceTo(START + 21 * MILLI);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void armingAndMovingAllocatesNothing() {
    Probe probe = new Probe();
    Runnable rounds =
        () -> {
          for (int i = 0; i < 1000; i++) {
            wheel.arm(probe, now + 30_000 * MILLI);
            now += MILLI;
            wheel.advance(now, 100);
          }
        };

    assertThat(ThreadAllocations.leastDuring(10, rounds)).isZero();
  }

  @Test
  void timersAreNeverEarlyAndNeverLost() {
    Seeds.forEach(300, this::runRandomly);
  }

  private void runRandomly(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long start = random.nextLong(START * 10);
    long[] time = {start};
    TimerWheel randomWheel = new TimerWheel(start, (timer, failure) -> failures.add(failure));
    Checked[] timers = new Checked[20];
    for (int i = 0; i < timers.length; i++) {
      timers[i] = new Checked();
    }
    for (int step = 0; step < 400; step++) {
      Checked timer = timers[random.nextInt(timers.length)];
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          timer.deadline = time[0] + random.nextLong(1L << random.nextInt(1, 52));
          randomWheel.arm(timer, timer.deadline);
        }
        case 2 -> {
          timer.deadline = Deadline.NONE;
          randomWheel.cancel(timer);
        }
        default -> {
          time[0] = next(random, randomWheel, time[0]);
          int firedMax = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : Integer.MAX_VALUE;
          randomWheel.advance(time[0], firedMax);
          if (firedMax == Integer.MAX_VALUE) {
            for (Checked checked : timers) {
              // A tick is the most that a timer may be late.
              assertThat(checked.deadline).isGreaterThan(time[0] - TimerWheel.TICK_NANOS);
            }
          }
        }
      }
      int armed = 0;
      for (Checked checked : timers) {
        assertThat(checked.armed()).isEqualTo(checked.deadline != Deadline.NONE);
        armed += checked.armed() ? 1 : 0;
        if (checked.armed()) {
          assertThat(randomWheel.nextDeadlineNanos())
              .isLessThan(Math.max(checked.deadline, time[0]) + 2 * TimerWheel.TICK_NANOS);
        }
      }
      assertThat(randomWheel.size()).isEqualTo(armed);
    }
    assertThat(failures).isEmpty();
  }

  private static long next(SplittableRandom random, TimerWheel wheel, long now) {
    long deadline = wheel.nextDeadlineNanos();
    if (deadline != Deadline.NONE && random.nextBoolean()) {
      return Math.max(now, deadline);
    }
    return now + random.nextLong(1L << random.nextInt(1, 48));
  }

  private void advanceTo(long nanos) {
    now = nanos;
    wheel.advance(nanos, Integer.MAX_VALUE);
  }

  private static final class Probe extends Timer {
    int fired;

    @Override
    protected void onTimer(long nowNanos) {
      fired++;
    }
  }

  /** Fails when it fires early. */
  private static final class Checked extends Timer {
    long deadline = Deadline.NONE;

    @Override
    protected void onTimer(long nowNanos) {
      assertThat(deadline).isLessThanOrEqualTo(nowNanos);
      deadline = Deadline.NONE;
    }
  }
}
