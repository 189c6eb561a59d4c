package dev.sluice.core.buffer;

import org.jspecify.annotations.Nullable;

/**
 * Someone who was refused a buffer and wants to be told when there is one; an entry of one {@link
 * BufferPool}'s line, linked through itself. Confined to the loop of the pool.
 */
public abstract class BufferWaiter {
  @Nullable BufferPool pool;
  BufferWaiter previous = this;
  BufferWaiter next = this;

  /** Creates a waiter that isn't in line. */
  protected BufferWaiter() {}

  /** Tells whether this waiter is in line. */
  public final boolean waiting() {
    return pool != null;
  }

  /**
   * Called once, from the loop's turn, when a buffer is to be had. The waiter is no longer in line.
   * The buffer isn't reserved: who finds that it is gone gets in line again.
   */
  protected abstract void onBufferAvailable();
}
