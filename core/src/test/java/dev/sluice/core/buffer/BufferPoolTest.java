package dev.sluice.core.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.testkit.ThreadAllocations;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
  private final BufferPool pool = new BufferPool(64, false, 3, 2, 2);

  @Test
  void acquiredBufferIsClearedAndOfTheRightSort() {
    IoBuffer buffer = acquire();
    buffer.bytes().put((byte) 1).flip();
    buffer.release();

    IoBuffer again = acquire();
    assertThat(again).isSameAs(buffer);
    assertThat(again.bytes().position()).isZero();
    assertThat(again.bytes().limit()).isEqualTo(64);
    assertThat(again.bytes().hasArray()).isTrue();
    BufferPool direct = new BufferPool(64, true, 1, 0, 1);
    IoBuffer directBuffer = direct.acquire();
    assertThat(directBuffer).isNotNull();
    if (directBuffer != null) {
      assertThat(directBuffer.bytes().isDirect()).isTrue();
    }
  }

  @Test
  void acquiringStopsAtTheBoundAndCountsRefusals() {
    acquire();
    acquire();
    acquire();
    assertThat(pool.acquire()).isNull();
    assertThat(pool.refused()).isEqualTo(1);
    assertThat(pool.available()).isZero();
    assertThat(pool.acquireReserved()).isNotNull();
    assertThat(pool.acquireReserved()).isNotNull();
    assertThat(pool.acquireReserved()).isNull();
    assertThat(pool.refused()).isEqualTo(2);
    assertThat(pool.live()).isEqualTo(5);
  }

  @Test
  void onlyTheStatedNumberOfReleasedBuffersIsKept() {
    IoBuffer a = acquire();
    IoBuffer b = acquire();
    IoBuffer c = acquire();
    a.release();
    b.release();
    c.release();
    assertThat(pool.live()).isZero();
    assertThat(pool.idle()).isEqualTo(2);
  }

  @Test
  void useAfterReleaseAndDoubleReleaseAreAsserted() {
    IoBuffer buffer = acquire();
    int generation = buffer.generation();
    buffer.release();

    assertThatThrownBy(buffer::bytes).isInstanceOf(AssertionError.class);
    assertThatThrownBy(buffer::release).isInstanceOf(AssertionError.class);
    assertThat(acquire()).isSameAs(buffer);
    assertThatThrownBy(() -> buffer.bytes(generation)).isInstanceOf(AssertionError.class);
    assertThat(buffer.bytes(buffer.generation())).isSameAs(buffer.bytes());
  }

  @Test
  void contentOfAReleasedHeapBufferIsOverwritten() {
    IoBuffer buffer = acquire();
    byte[] array = buffer.bytes().array();
    buffer.release();
    assertThat(array[0]).isEqualTo((byte) 0x5A);
  }

  @Test
  void useByAnotherThreadThanTheOwnerIsAsserted() {
    pool.confineTo(new Thread(() -> {}));
    assertThatThrownBy(pool::acquire).isInstanceOf(AssertionError.class);
  }

  @Test
  void waitersAreToldInOrderAndOnlyAsManyAsThereAreBuffers() {
    List<String> told = new ArrayList<>();
    IoBuffer a = acquire();
    IoBuffer b = acquire();
    acquire();
    Waiter first = new Waiter("first", told);
    Waiter second = new Waiter("second", told);
    Waiter third = new Waiter("third", told);
    pool.await(first);
    pool.await(second);
    pool.await(third);
    pool.await(first);
    assertThat(pool.waiting()).isEqualTo(3);
    assertThat(pool.serveWaiters()).isZero();

    a.release();
    b.release();
    assertThat(told).isEmpty();
    pool.cancel(second);
    assertThat(pool.serveWaiters()).isEqualTo(2);
    assertThat(told).containsExactly("first", "third");
    assertThat(first.waiting()).isFalse();
    assertThat(pool.waiting()).isZero();
  }

  @Test
  void chanceOfAWaiterThatWentAwayIsNotLost() {
    List<String> told = new ArrayList<>();
    IoBuffer a = acquire();
    acquire();
    acquire();
    pool.await(new Waiter("gone", told));
    pool.await(new Waiter("next", told));
    a.release();
    pool.serveWaiters();
    assertThat(told).containsExactly("gone");

    // It didn't take the buffer, and nothing else is released.
    pool.serveWaiters();
    assertThat(told).containsExactly("gone", "next");
  }

  @Test
  void acquiringAndReleasingAllocatesNothingOnceWarm() {
    Runnable rounds =
        () -> {
          for (int i = 0; i < 1000; i++) {
            acquire().release();
          }
        };
    assertThat(ThreadAllocations.leastDuring(10, rounds)).isZero();
  }

  private IoBuffer acquire() {
    IoBuffer buffer = pool.acquire();
    if (buffer == null) {
      throw new AssertionError("refused");
    }
    return buffer;
  }

  private static final class Waiter extends BufferWaiter {
    private final String name;
    private final List<String> told;

    Waiter(String name, List<String> told) {
      this.name = name;
      this.told = told;
    }

    @Override
    protected void onBufferAvailable() {
      told.add(name);
    }
  }
}
