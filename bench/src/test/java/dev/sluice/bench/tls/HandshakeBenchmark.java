package dev.sluice.bench.tls;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one handshake costs, client and server in the same thread; TLS 1.3, X25519, a certificate on
 * P-256. The counters beside it are each side's processor time in all the iterations that were
 * measured: what they have to do with each other is each side's share. Beside Sluice's full
 * handshake stands its resumption.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 10, time = 2)
@Measurement(iterations = 5, time = 2)
public class HandshakeBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  @Param({"SLUICE", "SLUICE_RESUMED", "SUN_JSSE", "BC_JSSE", "BCTLS", "TCNATIVE"})
  public Contender contender = Contender.SLUICE;

  private @Nullable TlsPair pair;

  /** Whose processor time it was. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Sides {
    public long clientCpuMicros;
    public long serverCpuMicros;
  }

  /** Makes the contexts, and the session that may be resumed. */
  @Setup
  public void open() {
    TlsPair made = new TlsPair(contender.ends(), 1, TlsPair.Wire.HEAP);
    made.connect(() -> 0);
    pair = made;
  }

  @TearDown
  public void release() {
    Objects.requireNonNull(pair).release();
  }

  @Benchmark
  public void handshake(Sides sides) {
    TlsPair connected = Objects.requireNonNull(pair);
    long client = connected.clientNanos();
    long server = connected.serverNanos();
    connected.connect(THREADS::getCurrentThreadCpuTime);
    sides.clientCpuMicros += (connected.clientNanos() - client) / 1_000;
    sides.serverCpuMicros += (connected.serverNanos() - server) / 1_000;
  }
}
