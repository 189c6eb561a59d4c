package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Flow control whatever happens (RFC 9113 6.9). */
class WindowProperties {
  @Property
  void everyByteOfAReceiveWindowIsInOnePlace(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 1 << 24) int size) {
    Random random = new Random(seed);
    ReceiveWindow window = new ReceiveWindow(size);
    for (int i = 0; i < 200; i++) {
      switch (random.nextInt(4)) {
        case 0 -> {
          int length = random.nextInt(Math.max(1, window.open() * 5 / 4 + 1));
          int open = window.open();
          assertThat(window.receive(length)).isEqualTo(length <= open);
        }
        case 1 -> window.consume(random.nextInt(window.unread() + 1));
        case 2 -> {
          assertThat(window.takeUpdate()).isNotNegative();
          assertThat(window.open()).isLessThanOrEqualTo(window.size());
        }
        default -> {
          if (random.nextInt(10) == 0) {
            window.resize(1 + random.nextInt(1 << 24));
          }
        }
      }
      assertThat((long) window.open() + window.unread() + window.credit()).isEqualTo(window.size());
      assertThat(window.unread()).isNotNegative();
      assertThat(window.credit()).isNotNegative();
    }
  }

  @Property
  void aPeerThatIsServedIsNeverStuck(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 100_000) int size) {
    Random random = new Random(seed);
    ReceiveWindow window = new ReceiveWindow(size);
    for (int i = 0; i < 100; i++) {
      assertThat(window.open()).isPositive();
      assertThat(window.receive(1 + random.nextInt(window.open()))).isTrue();
      window.consume(window.unread());
      window.takeUpdate();
    }
  }

  @Property
  void sendWindowNeverPassesItsBounds(@ForAll long seed) {
    Random random = new Random(seed);
    FlowWindow window = new FlowWindow(65_535);
    int initial = 65_535;
    long expected = 65_535;
    for (int i = 0; i < 300; i++) {
      switch (random.nextInt(3)) {
        case 0 -> {
          int increment = 1 + random.nextInt(Integer.MAX_VALUE);
          boolean fits = expected + increment <= FlowWindow.BYTES_MAX;
          assertThat(window.add(increment)).isEqualTo(fits);
          expected += fits ? increment : 0;
        }
        case 1 -> {
          int next = random.nextInt() & Integer.MAX_VALUE;
          long delta = (long) next - initial;
          boolean fits = expected + delta <= FlowWindow.BYTES_MAX;
          assertThat(window.add((int) delta)).isEqualTo(fits);
          if (!fits) {
            return;
          }
          initial = next;
          expected += delta;
        }
        default -> {
          if (window.bytes() > 0) {
            int taken = random.nextInt(window.bytes());
            window.take(taken);
            expected -= taken;
          }
        }
      }
      assertThat((long) window.bytes()).isEqualTo(expected);
    }
  }
}
