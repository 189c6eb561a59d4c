package dev.sluice.mux.h2.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.core.message.FieldName;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class HpackAllocationTest {
  private static final int ROUNDS = 20_000;
  private static final String[] NAMES = {
    ":method",
    "GET",
    ":scheme",
    "https",
    ":authority",
    "www.example.com",
    "user-agent",
    "curl/8",
    "accept",
    "*/*",
    "cookie",
    "session=0123456789abcdef",
    "x-forwarded-for",
    "192.0.2.1"
  };

  private final byte[][] names = new byte[NAMES.length / 2][];
  private final byte[][] values = new byte[NAMES.length / 2][];
  private final byte[] counter = Bytes.ofText("id-00000000");
  private final byte[] counterName = Bytes.ofText("x-trace");
  private final HpackEncoder encoder = new HpackEncoder(4096);
  private final HpackDecoder decoder = new HpackDecoder(4096, 16384);
  private int bytesSeen;

  @Test
  void roundTripsAllocateNothingOnceTheTablesHaveGrown() {
    for (int i = 0; i < names.length; i++) {
      names[i] = Bytes.ofText(NAMES[2 * i]);
      values[i] = Bytes.ofText(NAMES[2 * i + 1]);
    }
    FieldHandler handler =
        (known, name, nameOffset, nameLength, value, valueOffset, valueLength, never) ->
            bytesSeen += nameLength + valueLength;
    run(handler);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    run(handler);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    // The bound leaves room for the meter itself and a late compilation, not for one byte a round.
    assertThat(allocated).isLessThan(ROUNDS);
    assertThat(bytesSeen).isPositive();
  }

  private void run(FieldHandler handler) {
    for (int round = 0; round < ROUNDS; round++) {
      encoder.beginBlock();
      for (int i = 0; i < names.length; i++) {
        byte[] name = names[i];
        byte[] value = values[i];
        FieldName known = FieldName.lookup(name, 0, name.length);
        switch (i) {
          case 0 -> encoder.method(value, 0, value.length);
          case 1 -> encoder.scheme(true);
          case 2 -> encoder.authority(value, 0, value.length);
          default -> encoder.field(known, name, 0, name.length, value, 0, value.length, false);
        }
      }
      for (int digit = counter.length - 1, rest = round; digit > 2; digit--, rest /= 10) {
        counter[digit] = (byte) ('0' + rest % 10);
      }
      // Twice, so that the second one is indexed and old entries are evicted all the time.
      for (int i = 0; i < 2; i++) {
        encoder.field(null, counterName, 0, counterName.length, counter, 0, counter.length, false);
      }
      if (decoder.decode(encoder.block(), 0, encoder.length(), handler) != HpackStatus.OK
          || decoder.endBlock() != HpackStatus.OK) {
        throw new AssertionError("round " + round);
      }
    }
  }
}
