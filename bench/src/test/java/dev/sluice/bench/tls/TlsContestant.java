package dev.sluice.bench.tls;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * One contender in a process of its own, so that nobody runs code that was compiled for another.
 * For each line that it reads it runs one round and prints a line: how many operations, processor
 * time of the client's side and of the server's in nanoseconds (for a record both together, and 0),
 * and the bytes allocated.
 */
public final class TlsContestant {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final TlsCase what;
  private final TlsPair pair;

  private TlsContestant(TlsCase what, Contender who) {
    this.what = what;
    this.pair = new TlsPair(who.ends(), Math.max(1, what.contentBytes), what.wire);
    if (who != Contender.CIPHER_LOOP) {
      pair.connect(() -> 0);
    }
  }

  /** Arguments: the case, the contender. */
  public static void main(String[] arguments) throws IOException {
    TlsContestant contestant =
        new TlsContestant(TlsCase.valueOf(arguments[0]), Contender.valueOf(arguments[1]));
    PrintStream out = System.out;
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    String line;
    while ((line = commands.readLine()) != null) {
      out.println(contestant.round(Long.parseLong(line)));
    }
  }

  /** One round of at least so much processor time. */
  private String round(long nanos) {
    long operations = 0;
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long clients = pair.clientNanos();
    long servers = pair.serverNanos();
    long start = THREADS.getCurrentThreadCpuTime();
    long took;
    do {
      if (what.isHandshake()) {
        pair.connect(THREADS::getCurrentThreadCpuTime);
        operations++;
      } else {
        for (int i = 0; i < 100; i++) {
          pair.pass();
        }
        operations += 100;
      }
      took = THREADS.getCurrentThreadCpuTime() - start;
    } while (took < nanos);
    allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    return what.isHandshake()
        ? "%d %d %d %d"
            .formatted(
                operations, pair.clientNanos() - clients, pair.serverNanos() - servers, allocated)
        : "%d %d 0 %d".formatted(operations, took, allocated);
  }
}
