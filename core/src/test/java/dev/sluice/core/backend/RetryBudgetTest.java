package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.RetryBudgetConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many requests may be retries at a time. */
class RetryBudgetTest {
  private static RetryBudget budget(int percent, int min, int requests) {
    RetryBudget budget = new RetryBudget(new RetryBudgetConfig(percent, min));
    for (int i = 0; i < requests; i++) {
      budget.begin();
    }
    return budget;
  }

  private static int granted(RetryBudget budget) {
    int granted = 0;
    while (granted < 1_000 && budget.tryRetry(false)) {
      granted++;
    }
    return granted;
  }

  @Test
  void shareOfTheRequestsUnderWayIsGranted() {
    assertThat(granted(budget(20, 0, 100))).isEqualTo(20);
    assertThat(granted(budget(20, 0, 99))).isEqualTo(19);
    assertThat(granted(budget(0, 0, 99))).isZero();
    assertThat(granted(budget(99, 0, 1))).isZero();
  }

  @Test
  void someAreGrantedHoweverFewRequestsThereAre() {
    assertThat(granted(budget(20, 3, 1))).isEqualTo(3);
    assertThat(granted(budget(20, 3, 100))).isEqualTo(20);
  }

  @Test
  void requestThatIsARetryAlreadyNeedsNoSecondPlace() {
    RetryBudget budget = budget(10, 1, 5);
    assertThat(budget.tryRetry(false)).isTrue();

    assertThat(budget.tryRetry(false)).isFalse();
    assertThat(budget.tryRetry(true)).isTrue();
    assertThat(budget.retries()).isEqualTo(1);
  }

  @Test
  void placeIsFreeWhenTheAnswerBegins() {
    RetryBudget budget = budget(10, 1, 5);
    budget.tryRetry(false);

    budget.answered();
    budget.end();

    assertThat(budget.retries()).isZero();
    assertThat(budget.requests()).isEqualTo(4);
    assertThat(budget.tryRetry(false)).isTrue();
  }

  @Test
  void withoutALimitNothingIsCounted() {
    RetryBudget budget = budget(100, 0, 5);

    assertThat(granted(budget)).isEqualTo(1_000);
    assertThat(budget.requests()).isZero();
  }

  @Test
  void limitIsExactUnderSeveralThreads() throws InterruptedException {
    RetryBudget budget = budget(10, 0, 70);
    AtomicInteger held = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          new Thread(
              () -> {
                int mine = 0;
                for (int i = 0; i < 20_000; i++) {
                  // Begun and over at once, so that both halves of the word change.
                  budget.begin();
                  if (mine < 3 && budget.tryRetry(false)) {
                    mine++;
                    int now = held.incrementAndGet();
                    most.accumulateAndGet(now, Math::max);
                  } else if (mine > 0) {
                    mine--;
                    held.decrementAndGet();
                    budget.answered();
                  } else {
                    refused.incrementAndGet();
                  }
                  budget.end();
                }
                while (mine-- > 0) {
                  held.decrementAndGet();
                  budget.answered();
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    // With 70 to 74 requests a tenth is 7.
    assertThat(most.get()).isLessThanOrEqualTo(7);
    assertThat(budget.retries()).isZero();
    assertThat(budget.requests()).isEqualTo(70);
  }
}
