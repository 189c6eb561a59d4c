package dev.sluice.bench;

import dev.sluice.mux.h2.frame.FrameDecoder;
import dev.sluice.mux.h2.frame.FrameEncoder;
import dev.sluice.mux.h2.frame.FrameEvent;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.Settings;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the frames of one response cost: HEADERS, DATA of 1 KiB, WINDOW_UPDATE; the baseline copies
 * the same bytes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class H2FrameBenchmark {
  private static final int CONTENT_BYTES = 1 << 10;

  private final byte[] block = BenchHeads.responseBlock(CONTENT_BYTES);
  private final byte[] content = new byte[CONTENT_BYTES];
  private final ByteBuffer out = ByteBuffer.allocate(4 << 10);
  private final FrameDecoder decoder = new FrameDecoder(Settings.FRAME_BYTES_MIN);
  private final ByteBuffer frames = ByteBuffer.allocate(4 << 10);
  private final byte[] copied;

  /** Encodes what is decoded. */
  public H2FrameBenchmark() {
    put(frames);
    frames.flip();
    copied = new byte[frames.remaining()];
  }

  private void put(ByteBuffer to) {
    FrameEncoder.header(to, block.length, FrameType.HEADERS, FrameFlags.END_HEADERS, 1);
    to.put(block);
    FrameEncoder.header(to, content.length, FrameType.DATA, FrameFlags.END_STREAM, 1);
    to.put(content);
    FrameEncoder.windowUpdate(to, 0, CONTENT_BYTES);
  }

  @Benchmark
  public byte[] baselineCopyOfTheFrames() {
    frames.rewind().get(copied);
    return copied;
  }

  @Benchmark
  public int decode() {
    frames.rewind();
    int events = 0;
    while (decoder.next(frames) != FrameEvent.NEED_INPUT) {
      events++;
    }
    return events;
  }

  @Benchmark
  public ByteBuffer encode() {
    put(out.clear());
    return out;
  }
}
