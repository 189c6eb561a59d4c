package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The servers that have failed one request. */
class FailedServersTest {
  private final FailedServers failed = new FailedServers();

  @Test
  void eachCountsOnce() {
    failed.add(3);
    failed.add(3);
    failed.add(0);

    assertThat(failed.count()).isEqualTo(2);
    assertThat(failed.contains(3)).isTrue();
    assertThat(failed.contains(1)).isFalse();
  }

  @Test
  void thereMayBeMoreThanAWordHolds() {
    failed.add(64);
    failed.add(200);

    assertThat(failed.contains(64)).isTrue();
    assertThat(failed.contains(200)).isTrue();
    assertThat(failed.contains(0)).isFalse();
    assertThat(failed.contains(136)).isFalse();
    assertThat(failed.contains(10_000)).isFalse();
  }

  @Test
  void whenAllHaveFailedOnlyTheLastOneIsAvoided() {
    failed.add(0);
    failed.add(1);
    failed.add(0);

    failed.keepLast();

    assertThat(failed.contains(0)).isTrue();
    assertThat(failed.contains(1)).isFalse();
    assertThat(failed.count()).isEqualTo(1);
  }

  @Test
  void nextRequestHasNone() {
    failed.add(70);

    failed.clear();

    assertThat(failed.count()).isZero();
    assertThat(failed.contains(70)).isFalse();
  }
}
