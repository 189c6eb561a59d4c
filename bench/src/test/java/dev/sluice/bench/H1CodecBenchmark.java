package dev.sluice.bench;

import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.mux.h1.codec.H1Decoder;
import dev.sluice.mux.h1.codec.H1Encoder;
import dev.sluice.mux.h1.codec.H1RequestDecoder;
import dev.sluice.mux.h1.codec.H1ResponseDecoder;
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

/** What one head of HTTP/1.1 costs, read or written; the baseline copies the same bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class H1CodecBenchmark {
  private final byte[] request = BenchHeads.request();
  private final byte[] response = BenchHeads.response(0);
  private final ByteBuffer requestBytes = ByteBuffer.wrap(request);
  private final ByteBuffer responseBytes = ByteBuffer.wrap(response);
  private final ByteBuffer out = ByteBuffer.allocate(16 << 10);

  private final H1RequestDecoder requests = new H1RequestDecoder(BenchHeads.HEAD_BYTES_MAX);
  private final H1ResponseDecoder responses = new H1ResponseDecoder(BenchHeads.HEAD_BYTES_MAX);
  private final RequestHead requestRead =
      new RequestHead(BenchHeads.HEAD_BYTES_MAX, BenchHeads.FIELDS_MAX);
  private final ResponseHead responseRead =
      new ResponseHead(BenchHeads.HEAD_BYTES_MAX, BenchHeads.FIELDS_MAX);
  private final RequestHead requestWritten = BenchHeads.decodedRequest();
  private final ResponseHead responseWritten = BenchHeads.decodedResponse(0);

  @Benchmark
  public ByteBuffer baselineCopyOfTheRequest() {
    return out.clear().put(request);
  }

  @Benchmark
  public H1Decoder.Outcome decodeRequest() {
    requestBytes.clear();
    requests.begin(requestRead);
    return requests.decode(requestBytes);
  }

  @Benchmark
  public H1Decoder.Outcome decodeResponse() {
    responseBytes.clear();
    responses.begin(responseRead, Method.GET, false);
    return responses.decode(responseBytes);
  }

  @Benchmark
  public ByteBuffer encodeRequest() {
    out.clear();
    H1Encoder.put(out, requestWritten, H1Encoder.Framing.AS_GIVEN, H1Encoder.Persistence.DEFAULT);
    return out;
  }

  @Benchmark
  public ByteBuffer encodeResponse() {
    out.clear();
    H1Encoder.put(out, responseWritten, H1Encoder.Framing.AS_GIVEN, H1Encoder.Persistence.DEFAULT);
    return out;
  }
}
