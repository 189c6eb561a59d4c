package dev.sluice.mux.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.time.TimerWheel;
import dev.sluice.core.transport.ApplicationProtocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection without a socket: what the test receives is offered as a connection offers it, what
 * the mux writes is kept, and what it asks for is noted.
 */
final class FakeHost implements MuxHost {
  private final Side side;
  private final BufferPool pool = new BufferPool(32 << 10, false, 8, 8, 8);
  private final TimerWheel timers;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private byte[] waiting = {};
  private boolean fresh;
  private boolean pending;
  private boolean ended;
  private boolean endTold;
  private boolean wantsWritable;
  private @Nullable Mux mux;

  /** Whether the mux is being called from the dispatch, so that it may call handlers. */
  boolean dispatching;

  LimitConfig limits = LimitConfig.defaults();
  boolean halfClose = true;
  boolean secure;
  int room = 64 << 10;
  int reserve = 128 << 10;
  boolean outputEnded;
  int capacityChanges;
  long now = 1_000_000_000L;

  /** How the mux closed: "gracefully CAUSE", "now CAUSE", or empty. */
  String closed = "";

  FakeHost(Side side) {
    this.side = side;
    timers =
        new TimerWheel(
            now,
            (timer, failure) -> {
              throw new AssertionError(failure);
            });
  }

  void install(Mux installed) {
    mux = installed;
    installed.start();
    settle();
  }

  // ---- what the test does

  void receive(byte[] more) {
    byte[] joined = Arrays.copyOf(waiting, waiting.length + more.length);
    System.arraycopy(more, 0, joined, waiting.length, more.length);
    waiting = joined;
    fresh = true;
    pending = true;
    settle();
  }

  void receiveByteByByte(byte[] bytes) {
    for (byte one : bytes) {
      receive(new byte[] {one});
    }
  }

  void receiveEnd() {
    ended = true;
    fresh = true;
    pending = true;
    settle();
  }

  /** Room for so many bytes; the mux is told if it waits for that. */
  void makeRoom(int bytes) {
    room = bytes;
    if (wantsWritable && room > 0) {
      wantsWritable = false;
      dispatch(() -> mux().onWritable());
    }
    settle();
  }

  void advance(long nanos) {
    now += nanos;
    dispatch(() -> timers.advance(now, Integer.MAX_VALUE));
    settle();
  }

  /** The connection dies, or is closed as the mux asked. */
  void die(ResetCode code, CloseCause cause) {
    dispatch(() -> mux().onClosed(code, cause));
    assertThat(timers.size()).as("timers after the end").isZero();
    assertThat(pool.live()).as("buffers after the end").isZero();
  }

  /** Runs what a turn has left to do, as the loop does after anything that calls down. */
  void settle() {
    for (int turns = 0; pending && closed.isEmpty(); turns++) {
      assertThat(turns).as("turns without rest").isLessThan(10_000);
      pending = false;
      dispatch(this::offer);
    }
  }

  void settleUnlessDispatching() {
    if (!dispatching) {
      settle();
    }
  }

  private void offer() {
    boolean again = true;
    while (again && fresh && closed.isEmpty()) {
      fresh = false;
      ByteBuffer in = ByteBuffer.wrap(waiting).slice();
      mux().onInput(in, ended);
      again = in.position() > 0;
      waiting = Arrays.copyOfRange(waiting, in.position(), waiting.length);
    }
    if (fresh) {
      pending = true;
    }
    if (ended && !endTold && waiting.length == 0 && closed.isEmpty()) {
      endTold = true;
      mux().onInputEnd();
    }
  }

  private void dispatch(Runnable call) {
    dispatching = true;
    try {
      call.run();
    } finally {
      dispatching = false;
    }
  }

  byte[] take() {
    byte[] bytes = written.toByteArray();
    written.reset();
    return bytes;
  }

  int unread() {
    return waiting.length;
  }

  int armedTimers() {
    return timers.size();
  }

  private Mux mux() {
    assertThat(mux).isNotNull();
    return Objects.requireNonNull(mux);
  }

  // ---- what the mux asks

  @Override
  public Side side() {
    return side;
  }

  @Override
  public ApplicationProtocol applicationProtocol() {
    return ApplicationProtocol.NONE;
  }

  @Override
  public boolean secure() {
    return secure;
  }

  @Override
  public int write(ByteBuffer bytes) {
    assertThat(outputEnded).as("written after the end").isFalse();
    int count = closed.isEmpty() ? Math.min(bytes.remaining(), room) : 0;
    byte[] taken = new byte[count];
    bytes.get(taken);
    written.writeBytes(taken);
    room -= count;
    wantsWritable |= bytes.hasRemaining();
    return count;
  }

  @Override
  public boolean writeReserved(ByteBuffer bytes) {
    assertThat(outputEnded).as("written after the end").isFalse();
    if (!closed.isEmpty() || bytes.remaining() > reserve) {
      return false;
    }
    byte[] taken = new byte[bytes.remaining()];
    bytes.get(taken);
    written.writeBytes(taken);
    reserve -= Math.max(0, taken.length - room);
    room = Math.max(0, room - taken.length);
    return true;
  }

  @Override
  public int writableBytes() {
    return closed.isEmpty() ? room : 0;
  }

  @Override
  public void wantWritable() {
    wantsWritable = true;
  }

  @Override
  public void resumeInput() {
    fresh = true;
    pending = true;
  }

  @Override
  public boolean supportsHalfClose() {
    return halfClose;
  }

  @Override
  public void endOutput() {
    outputEnded = true;
  }

  @Override
  public void closeGracefully(CloseCause cause) {
    if (closed.isEmpty()) {
      closed = "gracefully " + cause;
    }
  }

  @Override
  public void closeNow(CloseCause cause) {
    if (!closed.startsWith("now")) {
      closed = "now " + cause;
    }
  }

  @Override
  public void capacityChanged() {
    capacityChanges++;
  }

  @Override
  public LimitConfig limits() {
    return limits;
  }

  @Override
  public TimeoutConfig timeouts() {
    return TimeoutConfig.defaults();
  }

  @Override
  public TimerWheel timers() {
    return timers;
  }

  @Override
  public long nowNanos() {
    return now;
  }

  @Override
  public EventLoop loop() {
    throw new AssertionError("the mux needs no loop");
  }

  @Override
  public BufferPool heapBuffers() {
    return pool;
  }
}
