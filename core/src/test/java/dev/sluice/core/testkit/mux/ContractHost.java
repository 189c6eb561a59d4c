package dev.sluice.core.testkit.mux;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.time.TimerWheel;
import dev.sluice.core.transport.ApplicationProtocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The connection under a mux whose contract is being checked: does what a connection does, when the
 * test says so, and notes what it is asked. Input is offered by {@link #feed}, everything that the
 * mux has asked for is done by {@link #pump}.
 */
public final class ContractHost implements MuxHost {
  private static final int RESERVE_BYTES = 1 << 20;

  /** A connection does not tell of a few bytes of room, which no frame fits into. */
  private static final int ROOM_WORTH_TELLING_BYTES = 256;

  private static final int ROUNDS_MAX = 10_000;

  private final Simulation simulation;
  private final EventLoop loop;
  private final Side side;
  private final boolean halfClose;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private @Nullable Mux mux;
  private byte[] input = {};
  private int room = 1 << 20;
  private boolean fresh;
  private boolean ended;
  private boolean endTold;
  private boolean writableWanted;
  private boolean outputEnded;
  private boolean closing;
  private boolean closed;
  private ResetCode closeCode = ResetCode.CONNECTION_CLOSED;
  private @Nullable CloseCause closeCause;
  private int capacityChanges;

  /** Set while a test makes a call down, in which no handler may be called. */
  private boolean down;

  ContractHost(Simulation simulation, EventLoop loop, Side side, boolean halfClose) {
    this.simulation = simulation;
    this.loop = loop;
    this.side = side;
    this.halfClose = halfClose;
  }

  void mux(Mux made) {
    mux = made;
  }

  private Mux theMux() {
    Mux present = mux;
    if (present == null) {
      throw new AssertionError("the mux asks before it is there");
    }
    return present;
  }

  // ---- what a test does

  /** Bytes of the peer are here. */
  void feed(byte[] bytes) {
    int old = input.length;
    input = Arrays.copyOf(input, old + bytes.length);
    System.arraycopy(bytes, 0, input, old, bytes.length);
    fresh = true;
    pump();
  }

  /** The peer has ended its direction. */
  void end() {
    ended = true;
    fresh = true;
    pump();
  }

  /** The socket takes so many more bytes. */
  void room(int bytes) {
    room = bytes;
    pump();
  }

  /** Whoever has the connection closes it: the mux hears of that from the dispatch. */
  void closeFromAbove(ResetCode code, CloseCause cause) {
    if (!closing) {
      closing = true;
      closeCode = code;
      closeCause = cause;
    }
  }

  /** Makes a call down, and fails if it calls a handler. */
  void down(Runnable call) {
    loop.runInTurn(
        () -> {
          assert !down : "calls down are not nested here";
          down = true;
          try {
            call.run();
          } finally {
            down = false;
          }
        });
    pump();
  }

  boolean inCallDown() {
    return down;
  }

  /** Does everything that was asked for, as the dispatch of a loop would. */
  void pump() {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      boolean worked = loop.runOnce(simulation.clock().nanoTime()) > 0;
      boolean[] more = {false};
      loop.runInTurn(() -> more[0] = dispatch());
      if (!worked && !more[0]) {
        return;
      }
    }
    throw new AssertionError("a mux that never comes to rest: " + mux);
  }

  private boolean dispatch() {
    if (closed) {
      return false;
    }
    if (closing) {
      closed = true;
      CloseCause cause = closeCause;
      theMux().onClosed(closeCode, cause == null ? CloseCause.COMPLETE : cause);
      return true;
    }
    boolean worked = false;
    if (writableWanted && room >= ROOM_WORTH_TELLING_BYTES) {
      writableWanted = false;
      theMux().onWritable();
      worked = true;
    }
    if (fresh && !closing) {
      fresh = false;
      ByteBuffer bytes = ByteBuffer.allocate(input.length + 64);
      bytes.put(input).flip();
      theMux().onInput(bytes, ended);
      input = Arrays.copyOfRange(input, bytes.position(), input.length);
      worked = true;
    }
    if (ended && !endTold && input.length == 0 && !closing) {
      endTold = true;
      theMux().onInputEnd();
      worked = true;
    }
    return worked;
  }

  /** Lets time pass, and timers fire. */
  void elapse(long nanos) {
    simulation.clock().advance(nanos);
    pump();
  }

  // ---- what a test asks

  /** What the mux has written since the last call. */
  byte[] written() {
    byte[] bytes = output.toByteArray();
    output.reset();
    return bytes;
  }

  boolean outputEnded() {
    return outputEnded;
  }

  /** Whether the mux, or whoever, has asked for the end of the connection. */
  boolean closing() {
    return closing;
  }

  int capacityChanges() {
    return capacityChanges;
  }

  // ---- MuxHost

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
    return false;
  }

  @Override
  public int write(ByteBuffer bytes) {
    if (closing) {
      return 0;
    }
    assert !outputEnded : "write after the end";
    int n = Math.min(bytes.remaining(), room);
    for (int i = 0; i < n; i++) {
      output.write(bytes.get());
    }
    room -= n;
    if (bytes.hasRemaining()) {
      writableWanted = true;
    }
    return n;
  }

  @Override
  public boolean writeReserved(ByteBuffer bytes) {
    if (closing || bytes.remaining() > RESERVE_BYTES) {
      return false;
    }
    assert !outputEnded : "write after the end";
    room = Math.max(0, room - bytes.remaining());
    while (bytes.hasRemaining()) {
      output.write(bytes.get());
    }
    return true;
  }

  @Override
  public int writableBytes() {
    return closing ? 0 : room;
  }

  @Override
  public void wantWritable() {
    writableWanted = true;
  }

  @Override
  public void resumeInput() {
    fresh = true;
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
    closeFromAbove(ResetCode.CONNECTION_CLOSED, cause);
  }

  @Override
  public void closeNow(CloseCause cause) {
    closeFromAbove(ResetCode.CONNECTION_CLOSED, cause);
  }

  @Override
  public void capacityChanged() {
    capacityChanges++;
  }

  @Override
  public LimitConfig limits() {
    return LimitConfig.defaults();
  }

  @Override
  public TimeoutConfig timeouts() {
    return TimeoutConfig.defaults();
  }

  @Override
  public TimerWheel timers() {
    return loop.timers();
  }

  @Override
  public long nowNanos() {
    return loop.nowNanos();
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public BufferPool heapBuffers() {
    return loop.heapBuffers();
  }
}
