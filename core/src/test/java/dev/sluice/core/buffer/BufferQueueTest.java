package dev.sluice.core.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.testkit.PatternBytes;
import dev.sluice.core.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BufferQueueTest {
  private final BufferPool pool = new BufferPool(16, true, 100, 10, 100);
  private final BufferQueue queue = new BufferQueue(pool, 100, 20);

  @Test
  void emptyQueueHoldsNoBuffer() throws IOException {
    assertThat(pool.live()).isZero();
    queue.put(ByteBuffer.wrap(PatternBytes.of(1, 40)));
    assertThat(pool.live()).isEqualTo(3);
    assertThat(queue.drainTo(new Sink(1000))).isTrue();
    assertThat(pool.live()).isZero();
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void plainDataIsTakenUpToTheBound() {
    ByteBuffer source = ByteBuffer.wrap(PatternBytes.of(1, 130));
    assertThat(queue.put(source)).isEqualTo(100);
    assertThat(source.position()).isEqualTo(100);
    assertThat(queue.room()).isZero();
    assertThat(queue.put(source)).isZero();
    assertThat(queue.pendingBytes()).isEqualTo(100);
  }

  @Test
  void whatCantBeRefusedGoesIntoTheReserve() {
    queue.put(ByteBuffer.wrap(PatternBytes.of(1, 100)));
    ByteBuffer head = ByteBuffer.wrap(PatternBytes.of(2, 15));
    assertThat(queue.putReserved(head)).isTrue();
    assertThat(head.hasRemaining()).isFalse();
    ByteBuffer tooMuch = ByteBuffer.wrap(PatternBytes.of(3, 6));
    assertThat(queue.putReserved(tooMuch)).isFalse();
    assertThat(tooMuch.position()).isZero();
    assertThat(queue.putReserved(PatternBytes.of(3, 5), 0, 5)).isTrue();
    assertThat(queue.pendingBytes()).isEqualTo(120);
  }

  @Test
  void emptyPoolLimitsWhatIsTaken() {
    BufferPool small = new BufferPool(16, true, 2, 1, 2);
    BufferQueue limited = new BufferQueue(small, 100, 20);
    assertThat(limited.put(ByteBuffer.wrap(PatternBytes.of(1, 50)))).isEqualTo(32);
    assertThat(limited.putReserved(PatternBytes.of(2, 17), 0, 17)).isFalse();
    assertThat(limited.pendingBytes()).isEqualTo(32);
    assertThat(limited.putReserved(PatternBytes.of(2, 16), 0, 16)).isTrue();
    assertThat(small.live()).isEqualTo(3);
    limited.clear();
    assertThat(small.live()).isZero();
  }

  @Test
  void partialWriteKeepsTheRestInOrder() throws IOException {
    byte[] content = PatternBytes.of(7, 90);
    queue.put(content, 0, content.length);
    Sink sink = new Sink(37);
    assertThat(queue.drainTo(sink)).isFalse();
    assertThat(queue.pendingBytes()).isEqualTo(53);
    assertThat(pool.live()).isEqualTo(4);
    sink.room = 1000;
    assertThat(queue.drainTo(sink)).isTrue();
    assertThat(sink.bytes.toByteArray()).isEqualTo(content);
  }

  @Test
  void moreBuffersThanOneGatheringWriteTakesAreDrained() throws IOException {
    BufferQueue large = new BufferQueue(pool, 1000, 0);
    byte[] content = PatternBytes.of(7, 16 * 40);
    large.put(content, 0, content.length);
    Sink sink = new Sink(10_000);
    assertThat(large.drainTo(sink)).isTrue();
    assertThat(sink.calls).isEqualTo(3);
    assertThat(sink.bytes.toByteArray()).isEqualTo(content);
  }

  @Test
  void failedWriteLeavesTheBuffersToBeCleared() {
    queue.put(PatternBytes.of(7, 40), 0, 40);
    Sink broken = new Sink(-1);
    assertThatThrownBy(() -> queue.drainTo(broken)).isInstanceOf(IOException.class);
    queue.clear();
    assertThat(pool.live()).isZero();
    assertThat(queue.pendingBytes()).isZero();
  }

  @Test
  void bytesComeOutAsTheyWentInWhateverTheSizes() {
    Seeds.forEach(200, this::runRandomly);
  }

  private void runRandomly(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Sink sink = new Sink(0);
    long in = 0;
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      PatternBytes.fill(seed, in, bytes, 0, bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> in += queue.put(ByteBuffer.wrap(bytes));
        case 1 -> in += queue.put(bytes, 0, bytes.length);
        case 2 -> in += queue.putReserved(ByteBuffer.wrap(bytes)) ? bytes.length : 0;
        default -> {
          sink.room = random.nextInt(80);
          assertThat(queue.drainTo(sink)).isEqualTo(queue.isEmpty());
        }
      }
      assertThat(queue.pendingBytes()).isBetween(0L, 120L);
      assertThat(in).isEqualTo(sink.bytes.size() + queue.pendingBytes());
    }
    sink.room = 1000;
    queue.drainTo(sink);
    byte[] out = sink.bytes.toByteArray();
    assertThat(out).isEqualTo(PatternBytes.of(seed, out.length));
    assertThat(pool.live()).isZero();
  }

  /** Takes as many bytes as it has room for; fails if that is negative. */
  private static final class Sink implements GatheringSink {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int room;
    int calls;

    Sink(int room) {
      this.room = room;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      calls++;
      return take(source);
    }

    @Override
    public long write(@Nullable ByteBuffer[] sources, int offset, int length) throws IOException {
      calls++;
      long written = 0;
      for (int i = offset; i < offset + length; i++) {
        ByteBuffer source = sources[i];
        if (source == null) {
          throw new AssertionError("no buffer within the range");
        }
        written += take(source);
      }
      return written;
    }

    private int take(ByteBuffer source) throws IOException {
      if (room < 0) {
        throw new IOException("broken");
      }
      int n = Math.min(room, source.remaining());
      room -= n;
      for (int i = 0; i < n; i++) {
        bytes.write(source.get());
      }
      return n;
    }
  }
}
