package dev.sluice.core.testkit;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One direction of a simulated connection: bytes that were written, are under way, or wait to be
 * read, followed by a FIN or a RST.
 *
 * <p>{@code read <= arrived <= written} and {@code acked <= arrived} count bytes since the start.
 * Unacknowledged bytes are bounded by the send buffer, unread ones by the receive buffer.
 */
final class SimPipe {
  /** Lengths of segments that carry no bytes. */
  private static final int FIN = -1;

  private static final int RST = -2;

  private final SimNetwork network;
  private final SimLink link;
  private final SimEndpoint source;
  private final SimEndpoint target;
  private final String name;
  private final SimEvent arrival = new Arrival();
  private final SimEvent acknowledgement = new Acknowledgement();

  private byte[] ring = new byte[1024];
  private long written;
  private long arrived;
  private long acked;
  private long read;

  /** Segments under way, a ring of two columns. */
  private long[] arrivalNanos = new long[8];

  private int[] length = new int[8];
  private int head;
  private int count;

  private long lastArrivalNanos;
  private boolean stalled;
  private boolean ended;
  private boolean finArrived;

  SimPipe(SimLink link, SimEndpoint source, SimEndpoint target, long firstArrivalNanos) {
    this.link = link;
    this.network = link.network();
    this.source = source;
    this.target = target;
    this.name = source.name() + ">" + target.name();
    this.lastArrivalNanos = firstArrivalNanos;
  }

  /** How many bytes a write would take. */
  int room() {
    return ended ? 0 : (int) (network.options().sendBufferBytes() - (written - acked));
  }

  /** How many bytes can be read. */
  int readable() {
    return (int) (arrived - read);
  }

  boolean finArrived() {
    return finArrived;
  }

  boolean empty() {
    return count == 0;
  }

  int write(ByteBuffer bytes) {
    int n = network.shorten(Math.min(bytes.remaining(), room()));
    if (n == 0) {
      return 0;
    }
    ensure((int) (written - read) + n);
    int at = (int) (written % ring.length);
    int first = Math.min(n, ring.length - at);
    bytes.get(ring, at, first);
    bytes.get(ring, 0, n - first);
    written += n;
    depart(n);
    return n;
  }

  int read(ByteBuffer bytes) {
    int n = network.shorten(Math.min(bytes.remaining(), readable()));
    if (n == 0) {
      return 0;
    }
    int at = (int) (read % ring.length);
    int first = Math.min(n, ring.length - at);
    bytes.put(ring, at, first);
    bytes.put(ring, 0, n - first);
    read += n;
    reopen();
    return n;
  }

  /** Sends a FIN behind what was written. */
  void finish() {
    if (!ended) {
      ended = true;
      depart(FIN);
    }
  }

  /**
   * Sends a RST.
   *
   * @param drop whether bytes that are under way never arrive
   */
  void reset(boolean drop) {
    if (drop) {
      count = 0;
      network.events().cancel(arrival);
      stalled = false;
    }
    ended = true;
    depart(RST);
  }

  /** Forgets what has arrived and isn't read. */
  void discardUnread() {
    read = arrived;
  }

  /** Forgets everything: no one is there to read it. */
  void stop() {
    ended = true;
    count = 0;
    network.events().cancel(arrival);
    network.events().cancel(acknowledgement);
  }

  private void depart(int segment) {
    long now = network.clock().nanoTime();
    int last = (head + count - 1) & (length.length - 1);
    if (segment > 0 && count > 0 && length[last] > 0 && network.joins()) {
      length[last] += segment;
      return;
    }
    lastArrivalNanos = Math.max(lastArrivalNanos, now + network.latency() + network.delay());
    if (count == length.length) {
      grow();
    }
    int next = (head + count) & (length.length - 1);
    length[next] = segment;
    arrivalNanos[next] = lastArrivalNanos;
    count++;
    // A full receive window holds up bytes, and what is behind them; a RST is heeded all the same.
    if (stalled && segment == RST) {
      stalled = false;
      dropBytes();
    }
    proceed();
  }

  private void proceed() {
    if (count > 0 && !stalled && !link.cut() && !arrival.scheduled()) {
      long now = network.clock().nanoTime();
      network.events().schedule(arrival, Math.max(now, arrivalNanos[head]));
    }
  }

  private void arrive() {
    network.trace().add("arrive", name, length[head]);
    int segment = length[head];
    if (segment == FIN) {
      pop();
      finArrived = true;
      target.onInput();
    } else if (segment == RST) {
      pop();
      count = 0;
      target.onReset();
    } else if (target.closed()) {
      // RFC 9293 3.10.7.1: whatever comes to a closed connection is answered with a RST.
      pop();
      arrived += segment;
      read = arrived;
      target.answerReset();
    } else {
      deliver(segment);
    }
    proceed();
  }

  private void deliver(int segment) {
    if (network.resets()) {
      link.reset();
      return;
    }
    int window = network.options().receiveBufferBytes() - readable();
    if (window == 0) {
      stalled = true;
      return;
    }
    int n = network.fragment(Math.min(segment, window));
    arrived += n;
    length[head] -= n;
    if (n == segment) {
      pop();
    } else {
      arrivalNanos[head] = network.clock().nanoTime() + network.gap();
    }
    if (!acknowledgement.scheduled()) {
      network.events().schedule(acknowledgement, network.clock().nanoTime() + network.latency());
    }
    target.onInput();
  }

  private void reopen() {
    if (stalled) {
      stalled = false;
      // The sender learns of the room one latency later.
      arrivalNanos[head] =
          Math.max(arrivalNanos[head], network.clock().nanoTime() + network.latency());
      proceed();
    }
  }

  private void dropBytes() {
    while (count > 0 && length[head] != RST) {
      pop();
    }
  }

  private void pop() {
    head = (head + 1) & (length.length - 1);
    count--;
  }

  private void grow() {
    int n = length.length;
    long[] times = new long[n * 2];
    int[] lengths = new int[n * 2];
    for (int i = 0; i < count; i++) {
      times[i] = arrivalNanos[(head + i) & (n - 1)];
      lengths[i] = length[(head + i) & (n - 1)];
    }
    arrivalNanos = times;
    length = lengths;
    head = 0;
  }

  private void ensure(int bytes) {
    if (bytes <= ring.length) {
      return;
    }
    int n = ring.length;
    while (n < bytes) {
      n *= 2;
    }
    byte[] grown = new byte[n];
    // Both sizes are powers of two, so that a run in the old ring is two runs in the new one at
    // most.
    for (long i = read; i < written; ) {
      int from = (int) (i % ring.length);
      int to = (int) (i % n);
      int run = (int) Math.min(written - i, Math.min(ring.length - from, n - to));
      System.arraycopy(ring, from, grown, to, run);
      i += run;
    }
    ring = grown;
  }

  @Override
  public String toString() {
    return name + Arrays.toString(new long[] {written, arrived, acked, read, count});
  }

  private final class Arrival extends SimEvent {
    @Override
    void fire() {
      if (!link.cut() && count > 0) {
        arrive();
      }
    }
  }

  private final class Acknowledgement extends SimEvent {
    @Override
    void fire() {
      if (!link.cut()) {
        acked = arrived;
        source.onOutputRoom();
      }
    }
  }
}
