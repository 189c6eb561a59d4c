package dev.sluice.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadlineTest {
  @Test
  void sumThatOverflowsIsNever() {
    assertThat(Deadline.after(5, 7)).isEqualTo(12);
    assertThat(Deadline.after(5, Deadline.NONE)).isEqualTo(Deadline.NONE);
    assertThat(Deadline.after(Long.MAX_VALUE - 1, 2)).isEqualTo(Deadline.NONE);
  }

  @Test
  void neverDoesNotPass() {
    assertThat(Deadline.passed(Deadline.NONE, Long.MAX_VALUE)).isFalse();
    assertThat(Deadline.passed(10, 9)).isFalse();
    assertThat(Deadline.passed(10, 10)).isTrue();
  }

  @Test
  void remainingTimeIsNotNegative() {
    assertThat(Deadline.remaining(10, 4)).isEqualTo(6);
    assertThat(Deadline.remaining(10, 11)).isZero();
    assertThat(Deadline.remaining(Deadline.NONE, 11)).isEqualTo(Deadline.NONE);
  }

  @Test
  void systemClockStartsNearZeroAndDoesNotGoBack() {
    NanoClock clock = NanoClock.system();
    long first = clock.nanoTime();
    assertThat(first).isPositive();
    assertThat(clock.nanoTime()).isGreaterThanOrEqualTo(first);
  }
}
