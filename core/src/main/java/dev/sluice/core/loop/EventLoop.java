package dev.sluice.core.loop;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.NanoClock;
import dev.sluice.core.time.Timer;
import dev.sluice.core.time.TimerWheel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One thread that does everything that concerns the connections it owns, turn by turn.
 *
 * <p>A turn waits for events and hands them out, fires timers, runs tasks from other threads, then
 * the pending list, then the flush list, then the recycle list, and last tells waiters that there
 * are buffers again. Each step does bounded work; what is left over is done in the next turn, which
 * then doesn't wait.
 *
 * <p>Either {@link #start()} gives the loop a thread of its own, or a test drives {@link
 * #runOnce(long)} itself. Only {@link #tryExecute}, {@link #execute}, {@link #inLoop()}, {@link
 * #connectionCount()}, {@link #counters()} and {@link #stop()} may be called by other threads.
 */
public final class EventLoop implements Executor, PollerHost {
  /** How many rounds {@link #stop()} gives tasks that go on making tasks. */
  private static final int STOP_ROUNDS_MAX = 64;

  private final String name;
  private final int index;
  private final Poller poller;
  private final NanoClock clock;
  private final LoopLimits limits;
  private final UncaughtReporter reporter;

  private final TimerWheel timers;
  private final TaskQueue tasks;
  private final TurnList pending = new TurnList();
  private final TurnList flushing = new TurnList();
  private final TurnList recycling = new TurnList();
  private final BufferPool heapBuffers;
  private final BufferPool directBuffers;
  private final ByteBuffer readScratch;
  private final LoopCounters counters = new LoopCounters();
  private final LogLimiter logLimiter = new LogLimiter();

  private long nowNanos;
  private boolean nowStale;

  private volatile @Nullable Thread thread;
  private volatile boolean threadStarted;
  private volatile boolean stopRequested;
  private volatile boolean stopped;

  /** Set within a turn that a test drives; another loop driven by the same thread isn't in one. */
  private boolean inTurn;

  /**
   * Creates a loop that doesn't run yet.
   *
   * @param name name of the thread, and of the loop in messages
   * @param index position of the loop in its group
   * @param poller the loop's own; closed when the loop stops
   * @param reporter told of whatever is thrown to the loop
   */
  public EventLoop(
      String name,
      int index,
      Poller poller,
      NanoClock clock,
      LoopLimits limits,
      UncaughtReporter reporter) {
    this.name = name;
    this.index = index;
    this.poller = poller;
    this.clock = clock;
    this.limits = limits;
    this.reporter = reporter;
    this.nowNanos = clock.nanoTime();
    this.timers = new TimerWheel(nowNanos, this::onTimerFailure);
    this.tasks = new TaskQueue(limits.taskQueueMax());
    this.heapBuffers =
        new BufferPool(
            limits.heapBufferBytes(),
            false,
            limits.heapBuffersMax(),
            0,
            limits.heapBuffersIdleMax());
    this.directBuffers =
        new BufferPool(
            limits.directBufferBytes(),
            true,
            limits.directBuffersMax(),
            limits.directBuffersReservedMax(),
            limits.directBuffersIdleMax());
    this.readScratch = ByteBuffer.allocateDirect(limits.readScratchBytes());
    poller.attach(this);
  }

  /** Gives the loop a thread of its own. */
  public void start() {
    if (thread != null || stopRequested) {
      throw new IllegalStateException("loop " + name + " was started before");
    }
    Thread own = new Thread(this::runThread, name);
    heapBuffers.confineTo(own);
    directBuffers.confineTo(own);
    threadStarted = true;
    thread = own;
    own.start();
  }

  /**
   * Ends the loop: runs the tasks that wait, closes the poller with all its sockets, and returns
   * when all that is done. May be repeated, and called by any thread; called on the loop's own
   * thread it returns at once, and the loop ends with the present turn.
   */
  public void stop() {
    stopRequested = true;
    Thread own = thread;
    if (!threadStarted || own == null) {
      if (!stopped) {
        thread = Thread.currentThread();
        finish();
      }
      return;
    }
    if (own == Thread.currentThread()) {
      return;
    }
    poller.wakeup();
    boolean interrupted = false;
    while (true) {
      try {
        own.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells whether the loop has ended. */
  public boolean stopped() {
    return stopped;
  }

  /** Tells whether the caller is on the loop, and may touch what the loop owns. Any thread. */
  public boolean inLoop() {
    return thread == Thread.currentThread() && (threadStarted || inTurn);
  }

  /**
   * Has a task run on the loop. Any thread.
   *
   * @return false, counted as rejected, if the queue is full or the loop has stopped
   */
  public boolean tryExecute(Runnable task) {
    if (stopped || !tasks.offer(task)) {
      counters.onRejected();
      return false;
    }
    if (tasks.mustWake()) {
      poller.wakeup();
    }
    return true;
  }

  /**
   * Has a task run on the loop. Any thread.
   *
   * @throws RejectedExecutionException where {@link #tryExecute} returns false
   */
  @Override
  public void execute(Runnable task) {
    if (!tryExecute(task)) {
      throw new RejectedExecutionException(
          "loop " + name + (stopped ? " has stopped" : " has too many tasks waiting"));
    }
  }

  /**
   * Runs one turn on the calling thread. For the loop's own thread and for tests.
   *
   * @param nowNanos the present time of the loop's clock
   * @return how many events, timers, tasks and turn tasks were handled
   */
  public int runOnce(long nowNanos) {
    enter();
    try {
      this.nowNanos = Math.max(this.nowNanos, nowNanos);
      nowStale = false;
      counters.onTurn();
      int work = pollEvents();
      work += fireTimers();
      work += runTasks();
      work += run(pending, limits.pendingPerTurnMax());
      // Whatever joins these two lists meanwhile waits for the next turn.
      work += run(flushing, flushing.size());
      work += run(recycling, recycling.size());
      work += heapBuffers.serveWaiters() + directBuffers.serveWaiters();
      counters.buffersRefused(heapBuffers.refused() + directBuffers.refused());
      return work;
    } finally {
      inTurn = false;
    }
  }

  /** Runs an action as if within a turn. For tests that drive the loop and set something up. */
  public void runInTurn(Runnable action) {
    if (inLoop()) {
      action.run();
      return;
    }
    enter();
    try {
      nowStale = true;
      action.run();
    } finally {
      inTurn = false;
    }
  }

  /**
   * Tells whether a turn at {@code nowNanos} would find something to do besides events. For tests
   * that drive the loop.
   */
  public boolean hasWork(long nowNanos) {
    return hasQueued() || timers.nextDeadlineNanos() <= nowNanos;
  }

  /**
   * Queues a task for the pending list of this turn, which runs until it is empty: input to go on
   * with, results and errors to be told.
   */
  public void pend(TurnTask task) {
    assert inLoop();
    pending.put(task);
  }

  /** Queues a task for the end of the turn, when output is written. */
  public void flushLater(TurnTask task) {
    assert inLoop();
    flushing.put(task);
  }

  /** Queues a task for after the flush, when nobody uses this turn's objects any more. */
  public void recycleLater(TurnTask task) {
    assert inLoop();
    recycling.put(task);
  }

  /** Arms a timer, or moves it; {@link Deadline#NONE} disarms it. */
  public void arm(Timer timer, long deadlineNanos) {
    assert inLoop();
    timers.arm(timer, deadlineNanos);
  }

  /** Arms a timer to fire in {@code delayNanos} from now. */
  public void schedule(Timer timer, long delayNanos) {
    assert inLoop();
    timers.arm(timer, Deadline.after(nowNanos(), delayNanos));
  }

  /** Returns the name of the loop. Any thread. */
  public String name() {
    return name;
  }

  /** Returns the position of the loop in its group. Any thread. */
  public int index() {
    return index;
  }

  /** Returns how many connections the loop has, as of a moment ago. Any thread. */
  public int connectionCount() {
    return poller.openSockets();
  }

  /** Returns the counters, whose snapshot may be taken by any thread. */
  @Override
  public LoopCounters counters() {
    return counters;
  }

  /** Returns what bounds the lines that are logged about failures of others' code on this loop. */
  public LogLimiter logLimiter() {
    return logLimiter;
  }

  /** Returns the clock of the loop; {@link #nowNanos()} is cheaper. Any thread. */
  public NanoClock clock() {
    return clock;
  }

  @Override
  public long nowNanos() {
    if (nowStale) {
      nowNanos = Math.max(nowNanos, clock.nanoTime());
      nowStale = false;
    }
    return nowNanos;
  }

  @Override
  public TimerWheel timers() {
    return timers;
  }

  /** Returns where the loop's sockets come from. */
  public Poller poller() {
    return poller;
  }

  /** Returns the bounds of the loop. */
  public LoopLimits limits() {
    return limits;
  }

  /** Returns the pool of plain input buffers. */
  public BufferPool heapBuffers() {
    return heapBuffers;
  }

  /** Returns the pool of output buffers. */
  public BufferPool directBuffers() {
    return directBuffers;
  }

  /**
   * Returns the direct buffer that sockets are read into, cleared. Its bytes are to be used or
   * copied before the caller returns to the loop.
   */
  public ByteBuffer readScratch() {
    assert inLoop();
    return readScratch.clear();
  }

  @Override
  public void dispatch(IoHandler handler, TcpSocket socket, int readyOps) {
    counters.onEvent();
    try {
      handler.onReady(readyOps);
    } catch (Throwable failure) {
      lose(handler, socket, failure);
    }
  }

  @Override
  public void lose(IoHandler handler, TcpSocket socket, Throwable failure) {
    counters.onHandlerFailure();
    report("connection lost by a failing handler", failure);
    try {
      handler.onHandlerFailure(failure);
    } catch (Throwable second) {
      report("connection lost by a failing failure handler", second);
    }
    socket.close();
  }

  @Override
  public void report(String what, Throwable failure) {
    try {
      reporter.report(name + ": " + what, failure);
    } catch (Throwable unreported) {
      // There is nobody left to tell; the count is what remains of it.
      counters.onHandlerFailure();
    }
  }

  private void enter() {
    if (threadStarted) {
      assert thread == Thread.currentThread() : "loop " + name + " has a thread of its own";
    } else {
      thread = Thread.currentThread();
    }
    inTurn = true;
  }

  private void runThread() {
    while (!stopRequested) {
      try {
        runOnce(clock.nanoTime());
      } catch (Throwable failure) {
        report("turn failed", failure);
      }
    }
    finish();
  }

  private void finish() {
    inTurn = true;
    for (int round = 0; round < STOP_ROUNDS_MAX && hasQueued(); round++) {
      runQueued();
    }
    stopped = true;
    // A task that was offered before the line above was seen still runs.
    runQueued();
    poller.close();
    inTurn = false;
  }

  private void runQueued() {
    runTasks();
    run(pending, limits.pendingPerTurnMax());
    run(flushing, flushing.size());
    run(recycling, recycling.size());
  }

  private boolean hasQueued() {
    return !pending.isEmpty() || !flushing.isEmpty() || !recycling.isEmpty() || !tasks.isEmpty();
  }

  private int pollEvents() {
    long timeoutNanos = timeoutNanos();
    if (timeoutNanos > 0 && (stopRequested || !tasks.park())) {
      timeoutNanos = 0;
    }
    // A wait takes time: whoever asks next gets the clock's answer.
    nowStale = timeoutNanos > 0;
    try {
      return poller.poll(timeoutNanos);
    } catch (IOException failure) {
      report("poll failed", failure);
      return 0;
    } finally {
      tasks.unpark();
    }
  }

  private long timeoutNanos() {
    if (hasQueued()) {
      return 0;
    }
    return Deadline.remaining(timers.nextDeadlineNanos(), nowNanos);
  }

  private int fireTimers() {
    int fired = timers.advance(nowNanos(), limits.timersPerTurnMax());
    counters.onTimers(fired);
    return fired;
  }

  private int runTasks() {
    int count = 0;
    while (count < limits.tasksPerTurnMax()) {
      Runnable task = tasks.poll();
      if (task == null) {
        break;
      }
      count++;
      // Another thread has worked on this meanwhile: a handshake may be whole within one turn.
      nowStale = true;
      try {
        task.run();
      } catch (Throwable failure) {
        counters.onHandlerFailure();
        report("task failed", failure);
      }
    }
    counters.onTasks(count);
    return count;
  }

  private int run(TurnList list, int tasksMax) {
    int count = 0;
    while (count < tasksMax) {
      TurnTask task = list.take();
      if (task == null) {
        break;
      }
      count++;
      try {
        task.runTurn();
      } catch (Throwable failure) {
        counters.onHandlerFailure();
        report("turn task failed", failure);
        failTurnTask(task, failure);
      }
    }
    return count;
  }

  private void failTurnTask(TurnTask task, Throwable failure) {
    try {
      task.onTurnFailure(failure);
    } catch (Throwable second) {
      report("failure handler of a turn task failed", second);
    }
  }

  private void onTimerFailure(Timer timer, Throwable failure) {
    counters.onHandlerFailure();
    report("timer failed", failure);
  }
}
