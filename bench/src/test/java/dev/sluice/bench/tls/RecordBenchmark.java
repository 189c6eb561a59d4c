package dev.sluice.bench.tls;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * What one record costs, sealed by a client and opened by a server in the same thread; TLS 1.3,
 * AES-128-GCM. The baseline is {@link Contender#CIPHER_LOOP}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordBenchmark {
  @Param({"CIPHER_LOOP", "SLUICE", "SUN_JSSE", "BC_JSSE", "BCTLS", "TCNATIVE"})
  public Contender contender = Contender.SLUICE;

  @Param({"16352", "1024"})
  public int contentBytes;

  @Param public TlsPair.Wire wire = TlsPair.Wire.HEAP;

  private @Nullable TlsPair pair;

  /** Connects. */
  @Setup
  public void connect() {
    TlsPair made = new TlsPair(contender.ends(), contentBytes, wire);
    if (contender != Contender.CIPHER_LOOP) {
      made.connect(() -> 0);
    }
    pair = made;
  }

  @TearDown
  public void release() {
    Objects.requireNonNull(pair).release();
  }

  @Benchmark
  public int record() {
    return Objects.requireNonNull(pair).pass();
  }
}
