package dev.sluice.core.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a loop counts. Written by the loop alone, except for refused tasks; read by any thread.
 *
 * <p>Writes are opaque: a reader sees each counter's value of a moment ago, never a torn one, and
 * the loop pays nothing for it.
 */
public final class LoopCounters {
  private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

  private static final int TURNS = 0;
  private static final int EVENTS = 1;
  private static final int TASKS = 2;
  private static final int TIMERS = 3;
  private static final int REJECTED = 4;
  private static final int HANDLER_FAILURES = 5;
  private static final int SELECTOR_REBUILDS = 6;
  private static final int SPINS = 7;
  private static final int ACCEPTED = 8;
  private static final int ACCEPT_FAILURES = 9;
  private static final int ACCEPT_PAUSES = 10;
  private static final int BUFFERS_REFUSED = 11;
  private static final int COUNT = 12;

  private final long[] values = new long[COUNT];

  LoopCounters() {}

  /**
   * The counters at one moment.
   *
   * @param turns turns of the loop
   * @param events handlers called because their socket was ready
   * @param tasks tasks run
   * @param timers timers fired
   * @param rejected tasks refused because the queue was full or the loop stopped
   * @param handlerFailures handlers, timers, tasks and turn tasks that threw, and sockets lost
   * @param selectorRebuilds selectors replaced because they were spinning
   * @param spins waits that ended early for no reason
   * @param accepted connections accepted
   * @param acceptFailures accepts that failed
   * @param acceptPauses pauses of accepting for want of descriptors
   * @param buffersRefused buffers refused because the loop's pools were at their bounds
   */
  public record Snapshot(
      long turns,
      long events,
      long tasks,
      long timers,
      long rejected,
      long handlerFailures,
      long selectorRebuilds,
      long spins,
      long accepted,
      long acceptFailures,
      long acceptPauses,
      long buffersRefused) {}

  /** Returns the present values. */
  public Snapshot snapshot() {
    return new Snapshot(
        read(TURNS),
        read(EVENTS),
        read(TASKS),
        read(TIMERS),
        read(REJECTED),
        read(HANDLER_FAILURES),
        read(SELECTOR_REBUILDS),
        read(SPINS),
        read(ACCEPTED),
        read(ACCEPT_FAILURES),
        read(ACCEPT_PAUSES),
        read(BUFFERS_REFUSED));
  }

  void onTurn() {
    add(TURNS, 1);
  }

  void onEvent() {
    add(EVENTS, 1);
  }

  void onTasks(int count) {
    add(TASKS, count);
  }

  void onTimers(int count) {
    add(TIMERS, count);
  }

  void onRejected() {
    VALUES.getAndAdd(values, REJECTED, 1L);
  }

  void onHandlerFailure() {
    add(HANDLER_FAILURES, 1);
  }

  void onSelectorRebuild() {
    add(SELECTOR_REBUILDS, 1);
  }

  void onSpin() {
    add(SPINS, 1);
  }

  void onAccepted() {
    add(ACCEPTED, 1);
  }

  void onAcceptFailure() {
    add(ACCEPT_FAILURES, 1);
  }

  void onAcceptPause() {
    add(ACCEPT_PAUSES, 1);
  }

  /** The pools count for themselves; the sum is told at the end of a turn. */
  void buffersRefused(long sum) {
    VALUES.setOpaque(values, BUFFERS_REFUSED, sum);
  }

  private long read(int index) {
    return (long) VALUES.getOpaque(values, index);
  }

  private void add(int index, long delta) {
    VALUES.setOpaque(values, index, values[index] + delta);
  }
}
