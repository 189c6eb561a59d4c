package dev.sluice.bench.reuse;

import dev.sluice.bench.reuse.ReuseOrigin.Manner;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/** The scripted loads. */
enum ReuseLoad {
  /** Every request by a new client connection, eight at a time. */
  SHORT_CLIENTS(2, 0, Integer.MAX_VALUE, Integer.MAX_VALUE) {
    @Override
    void run(int port, Statuses statuses) throws InterruptedException {
      inParallel(
          8,
          number -> {
            for (int i = 0; i < 250; i++) {
              askOnce(port, "GET", statuses);
            }
          });
    }
  },
  /** Sixteen clients that keep their connections, and think between two requests. */
  KEPT_CLIENTS(2, 0, Integer.MAX_VALUE, Integer.MAX_VALUE) {
    @Override
    void run(int port, Statuses statuses) throws InterruptedException {
      inParallel(
          16,
          number -> {
            SplittableRandom random = new SplittableRandom(number);
            try (ReuseClient client = new ReuseClient(port)) {
              for (int i = 0; i < 150; i++) {
                statuses.add(client.ask("GET"));
                pause(random.nextInt(6));
              }
            }
          });
    }
  },
  /** Forty new clients at once, ten times, and a pause after each. */
  BURSTS(5, 0, Integer.MAX_VALUE, Integer.MAX_VALUE) {
    @Override
    void run(int port, Statuses statuses) throws InterruptedException {
      for (int burst = 0; burst < 10; burst++) {
        inParallel(40, number -> askOnce(port, "GET", statuses));
        pause(100);
      }
    }
  },
  /** The server ends what is idle for 50 ms; a request comes every 45 to 55 ms. */
  IDLE_RACE(0, 50, Integer.MAX_VALUE, Integer.MAX_VALUE) {
    @Override
    void run(int port, Statuses statuses) {
      List<String> methods = List.of("GET", "PUT", "POST");
      SplittableRandom random = new SplittableRandom(1);
      try (ReuseClient client = new ReuseClient(port)) {
        for (int i = 0; i < 210; i++) {
          statuses.add(client.ask(methods.get(i % 3)));
          pause(45 + random.nextInt(11));
        }
      }
    }
  },
  /** The server ends each connection after 20 answers, without having said so. */
  CUT_SHORT(1, 0, 20, Integer.MAX_VALUE) {
    @Override
    void run(int port, Statuses statuses) throws InterruptedException {
      inParallel(
          8,
          number -> {
            try (ReuseClient client = new ReuseClient(port)) {
              for (int i = 0; i < 200; i++) {
                statuses.add(client.ask("GET"));
                pause(2);
              }
            }
          });
    }
  },
  /** Thirty requests at once, five times, where two may be with the server. */
  LIMITED(5, 0, Integer.MAX_VALUE, 2) {
    @Override
    void run(int port, Statuses statuses) throws InterruptedException {
      for (int round = 0; round < 5; round++) {
        inParallel(30, number -> askOnce(port, "GET", statuses));
      }
    }
  };

  private final int answerMillis;
  private final int idleMillis;
  private final int answersMax;

  /** How many requests may be with the server at a time. */
  final int requestsMax;

  ReuseLoad(int answerMillis, int idleMillis, int answersMax, int requestsMax) {
    this.answerMillis = answerMillis;
    this.idleMillis = idleMillis;
    this.answersMax = answersMax;
    this.requestsMax = requestsMax;
  }

  /** How the server behaves. */
  Manner manner() {
    return new Manner(answerMillis, idleMillis, answersMax);
  }

  abstract void run(int port, Statuses statuses) throws InterruptedException;

  /** How many answers had which status; 0 stands for none. Any thread. */
  static final class Statuses {
    private final AtomicIntegerArray counts = new AtomicIntegerArray(1000);

    void add(int status) {
      counts.incrementAndGet(status);
    }

    int count() {
      int sum = 0;
      for (int i = 0; i < counts.length(); i++) {
        sum += counts.get(i);
      }
      return sum;
    }

    int failed() {
      return count() - counts.get(200);
    }
  }

  private interface Work {
    void run(int number);
  }

  private static void inParallel(int count, Work work) throws InterruptedException {
    CountDownLatch begin = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  begin.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                work.run(number);
              });
      thread.start();
      threads.add(thread);
    }
    begin.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void askOnce(int port, String method, Statuses statuses) {
    try (ReuseClient client = new ReuseClient(port)) {
      statuses.add(client.ask(method));
    }
  }

  private static void pause(int millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
