package dev.sluice.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.testkit.ManualClock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventLoopGroupTest {
  private final ManualClock clock = new ManualClock();
  private final List<StubPoller> pollers = new ArrayList<>();

  @Test
  void nextIsTheLessLoadedOfTwo() {
    EventLoopGroup group = group(3);
    pollers.get(0).openSockets = 10;
    for (int i = 0; i < 60; i++) {
      assertThat(group.next()).isNotSameAs(group.loop(0));
    }
  }

  @Test
  void loadEvensOut() {
    EventLoopGroup group = group(4);
    pollers.get(2).openSockets = 50;
    for (int i = 0; i < 350; i++) {
      pollers.get(group.next().index()).openSockets++;
    }
    for (StubPoller poller : pollers) {
      assertThat(poller.openSockets).isBetween(95, 105);
    }
  }

  @Test
  void idleLoopsAreAllUsed() {
    EventLoopGroup group = group(5);
    Set<Integer> used = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      used.add(group.next().index());
    }
    assertThat(used).hasSize(5);
  }

  @Test
  void groupOfOneHasNoChoice() {
    EventLoopGroup group = group(1);
    assertThat(group.next()).isSameAs(group.loop(0));
  }

  @Test
  void emptyGroupIsRefused() {
    assertThatThrownBy(() -> new EventLoopGroup(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EventLoopGroup.nio("x", 0, clock, LoopLimits.defaults()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loopCount");
  }

  @Test
  void startThatFailsHalfwayStopsWhatWasStarted() {
    EventLoopGroup group = group(3);
    group.loop(1).stop();
    assertThatThrownBy(group::start).isInstanceOf(IllegalStateException.class);
    for (StubPoller poller : pollers) {
      assertThat(poller.closed).isTrue();
    }
    assertThat(group.loop(0).stopped()).isTrue();
  }

  private EventLoopGroup group(int count) {
    List<EventLoop> loops = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StubPoller poller = new StubPoller();
      pollers.add(poller);
      loops.add(new EventLoop("loop-" + i, i, poller, clock, LoopLimits.defaults(), (w, f) -> {}));
    }
    return new EventLoopGroup(loops);
  }
}
