package dev.sluice.core.loop;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * A channel registered with a {@link NioPoller}, on the poller's list of them, which outlives its
 * selectors. Confined to its loop.
 */
abstract class NioEntry {
  @Nullable SelectionKey key;

  /** What the key is interested in; kept here, since the key's own answer costs a lock. */
  int interest;

  boolean closed;
  NioEntry previous = this;
  NioEntry next = this;

  abstract SelectableChannel channel();

  /** Called for a ready key. */
  abstract void onReady(int readyOps);

  /** Called when the key was cancelled by somebody else. */
  abstract void onLost(Throwable failure);

  abstract void close();

  final void linkBefore(NioEntry head) {
    previous = head.previous;
    next = head;
    head.previous.next = this;
    head.previous = this;
  }

  final void unlink() {
    previous.next = next;
    next.previous = previous;
    previous = this;
    next = this;
  }

  /** Sets the key's interest, unless it is unchanged. Returns false if the key is gone. */
  final boolean applyInterest(int ops) {
    if (ops == interest) {
      return true;
    }
    interest = ops;
    SelectionKey present = key;
    if (present == null || !present.isValid()) {
      return false;
    }
    try {
      present.interestOps(ops);
      return true;
    } catch (CancelledKeyException e) {
      return false;
    }
  }

  /** The head of the list. */
  static final class Head extends NioEntry {
    @Override
    SelectableChannel channel() {
      throw new AssertionError("the list head has no channel");
    }

    @Override
    void onReady(int readyOps) {
      throw new AssertionError("the list head was selected");
    }

    @Override
    void onLost(Throwable failure) {
      throw new AssertionError("the list head was lost", failure);
    }

    @Override
    void close() {
      throw new AssertionError("the list head was closed");
    }
  }
}
