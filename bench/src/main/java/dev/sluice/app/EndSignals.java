package dev.sluice.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The signals that ask the program to end, SIGTERM and SIGINT. The JDK's handler of signals is not
 * part of its API, though every JDK has it; it is reached by name, and where it is missing a
 * shutdown hook takes its place, which hears the first signal only.
 */
final class EndSignals {
  /** What a shell tells of a process that a signal has ended: 128 and the signal's number. */
  private static final int EXIT_SIGNAL = 128;

  private static final int NUMBER_INT = 2;
  private static final int NUMBER_TERM = 15;

  private final CountDownLatch over = new CountDownLatch(1);
  private volatile int lastNumber = NUMBER_TERM;

  private EndSignals() {}

  /** Calls a task, on a thread of its own, for each signal. */
  static EndSignals to(Runnable task) {
    EndSignals signals = new EndSignals();
    boolean handled =
        handle("TERM", signals.noting(NUMBER_TERM, task))
            && handle("INT", signals.noting(NUMBER_INT, task));
    if (!handled) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> signals.hook(task), "end-signal"));
    }
    return signals;
  }

  /** Calls a task, on a thread of its own, for each SIGHUP, where there is such a signal. */
  static void onHangup(Runnable task) {
    handle("HUP", task);
  }

  private Runnable noting(int number, Runnable task) {
    return () -> {
      lastNumber = number;
      task.run();
    };
  }

  /**
   * What to exit with if the last signal has ended the program: 143 for SIGTERM, 130 for SIGINT.
   */
  int exitCode() {
    return EXIT_SIGNAL + lastNumber;
  }

  /** The program ends by itself now. */
  void over() {
    over.countDown();
  }

  private void hook(Runnable task) {
    if (over.getCount() == 0) {
      return;
    }
    task.run();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Ended by a signal, and as it was asked to.
    Runtime.getRuntime().halt(0);
  }

  private static boolean handle(String name, Runnable task) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler call = (proxy, method, args) -> onSignal(method.getName(), task, args);
      Object made =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, call);
      Object named = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handler).invoke(null, named, made);
      return true;
    } catch (ReflectiveOperationException | LinkageError | IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable Object onSignal(String method, Runnable task, Object @Nullable [] args) {
    return switch (method) {
      case "handle" -> {
        task.run();
        yield null;
      }
      case "hashCode" -> task.hashCode();
      case "equals" -> args != null && args.length == 1 && args[0] == task;
      default -> "signals to " + task;
    };
  }
}
