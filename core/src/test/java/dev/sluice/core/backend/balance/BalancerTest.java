package dev.sluice.core.backend.balance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which server is chosen. */
class BalancerTest {
  private static final int NONE = -1;

  private final int[] requests = {0, 0, 0};
  private final boolean[] full = {false, false, false};
  private final Balancer.Load load =
      new Balancer.Load() {
        @Override
        public int requests(int server) {
          return requests[server];
        }

        @Override
        public boolean full(int server) {
          return full[server];
        }
      };

  private int[] choose(Balancer balancer, int times, int avoid) {
    int[] chosen = new int[times];
    for (int i = 0; i < times; i++) {
      chosen[i] = balancer.choose(requests.length, load, server -> server == avoid);
    }
    return chosen;
  }

  @Test
  void roundRobinTakesOneAfterTheOther() {
    requests[0] = 100;

    assertThat(choose(new RoundRobin(), 6, NONE)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void roundRobinPassesWhoIsFullAndWhoHasFailed() {
    full[1] = true;

    assertThat(choose(new RoundRobin(), 3, 0)).containsOnly(2);
  }

  @Test
  void roundRobinPrefersAFullServerToTheOneThatHasFailed() {
    full[0] = true;
    full[1] = true;
    full[2] = true;

    assertThat(choose(new RoundRobin(), 6, 1)).doesNotContain(1);
  }

  @Test
  void noneOfThoseThatHaveFailedIsTakenWhileThereAreOthers() {
    Balancer.Avoided two = server -> server != 1;
    for (int i = 0; i < 6; i++) {
      assertThat(new RoundRobin().choose(3, load, two)).isEqualTo(1);
      assertThat(new LeastConnections().choose(3, load, two)).isEqualTo(1);
    }
  }

  @Test
  void leastConnectionsTakesTheOneWithTheFewestRequests() {
    requests[0] = 2;
    requests[1] = 1;
    requests[2] = 3;

    assertThat(choose(new LeastConnections(), 3, NONE)).containsOnly(1);
    assertThat(choose(new LeastConnections(), 3, 1)).containsOnly(0);
  }

  @Test
  void leastConnectionsTakesEqualsOneAfterTheOther() {
    assertThat(choose(new LeastConnections(), 6, NONE)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void onlyServerIsTakenAlthoughItHasFailed() {
    assertThat(new RoundRobin().choose(1, load, server -> true)).isZero();
    assertThat(new LeastConnections().choose(1, load, server -> true)).isZero();
  }
}
