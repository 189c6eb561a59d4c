package dev.sluice.bench;

import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.mux.h2.hpack.FieldHandler;
import dev.sluice.mux.h2.hpack.HpackDecoder;
import dev.sluice.mux.h2.hpack.HpackEncoder;
import dev.sluice.mux.h2.hpack.HpackStatus;
import java.util.Arrays;
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
 * What one block of HPACK costs: a request whose fields are all in the table, as most of a
 * connection's are, and the baseline, the same request with every string coded by Huffman and no
 * table.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HpackBenchmark {
  private static final int LIST_BYTES_MAX = 64 << 10;

  private final RequestHead request = BenchHeads.decodedRequest();
  private final ResponseHead response = BenchHeads.decodedResponse(0);

  private final HpackEncoder requestEncoder = new HpackEncoder(HpackEncoder.DEFAULT_TABLE_SIZE);
  private final HpackEncoder responseEncoder = new HpackEncoder(HpackEncoder.DEFAULT_TABLE_SIZE);
  private final HpackEncoder tableless = new HpackEncoder(0);
  private final HpackDecoder decoder = decoder();
  private final HpackDecoder literalDecoder = decoder();
  private final byte[] block;
  private final byte[] literals = BenchHeads.requestBlock();
  private long valueBytes;
  private final FieldHandler handler =
      (known, name, nameOffset, nameLength, value, valueOffset, valueLength, never) ->
          valueBytes += valueLength;

  /** Brings decoder and encoder to where the table holds all. */
  public HpackBenchmark() {
    HpackEncoder encoder = new HpackEncoder(HpackEncoder.DEFAULT_TABLE_SIZE);
    for (int i = 0; i < 3; i++) {
      BenchHeads.encode(encoder, request);
      decode(decoder, Arrays.copyOf(encoder.block(), encoder.length()));
    }
    BenchHeads.encode(encoder, request);
    block = Arrays.copyOf(encoder.block(), encoder.length());
  }

  private static HpackDecoder decoder() {
    return new HpackDecoder(HpackEncoder.DEFAULT_TABLE_SIZE, LIST_BYTES_MAX);
  }

  private HpackStatus decode(HpackDecoder by, byte[] bytes) {
    HpackStatus status = by.decode(bytes, 0, bytes.length, handler);
    return status == HpackStatus.OK ? by.endBlock() : status;
  }

  @Benchmark
  public int baselineEncodeRequestWithoutTable() {
    BenchHeads.encode(tableless, request);
    return tableless.length();
  }

  @Benchmark
  public int encodeRequest() {
    BenchHeads.encode(requestEncoder, request);
    return requestEncoder.length();
  }

  @Benchmark
  public int encodeResponse() {
    BenchHeads.encode(responseEncoder, response);
    return responseEncoder.length();
  }

  @Benchmark
  public HpackStatus baselineDecodeRequestWithoutTable() {
    return decode(literalDecoder, literals);
  }

  @Benchmark
  public HpackStatus decodeRequest() {
    return decode(decoder, block);
  }
}
