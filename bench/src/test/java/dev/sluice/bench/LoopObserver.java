package dev.sluice.bench;

import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.ProxyObserver;
import dev.sluice.core.testkit.ThreadAllocations;
import org.jspecify.annotations.Nullable;

/** Learns which thread the loop is, and how many exchanges have ended and how. */
final class LoopObserver implements ProxyObserver {
  private volatile @Nullable Thread loop;
  private volatile long complete;
  private volatile long failed;

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // Written by the one loop alone.
  public void onExchange(ExchangeRecord record) {
    if (loop == null) {
      loop = Thread.currentThread();
    }
    if (record.status() == 200 && record.termination().complete()) {
      complete++;
    } else {
      failed++;
    }
  }

  long complete() {
    return complete;
  }

  long failed() {
    return failed;
  }

  /** The bytes that the loop's thread has allocated since it was started. */
  long loopBytes() {
    Thread known = loop;
    if (known == null) {
      throw new IllegalStateException("no exchange has ended yet");
    }
    return ThreadAllocations.bytes(known);
  }
}
