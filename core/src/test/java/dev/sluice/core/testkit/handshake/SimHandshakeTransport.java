package dev.sluice.core.testkit.handshake;

import dev.sluice.core.buffer.BufferQueue;
import dev.sluice.core.buffer.IoBuffer;
import dev.sluice.core.loop.Interest;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.SessionFacts;
import dev.sluice.core.transport.ApplicationProtocol;
import dev.sluice.core.transport.HandshakeStatus;
import dev.sluice.core.transport.LentStep;
import dev.sluice.core.transport.Transport;
import dev.sluice.core.transport.TransportHost;
import dev.sluice.core.transport.TransportRole;
import dev.sluice.core.transport.TransportTarget;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A transport with a handshake that agrees on a protocol, lends steps, closes like TLS, and has
 * records that are opened only into room for a whole one; without cryptography. Confined to its
 * loop.
 *
 * <p>The lent steps come between the peer's first record and what follows from it. They hold the
 * input buffer until they return, as an engine would that decrypts into it.
 */
public final class SimHandshakeTransport implements Transport {
  private static final int RESERVE_BYTES = 128 << 10;
  private static final int RECORD_BYTES_MAX =
      SimRecords.HEADER_BYTES + SimRecords.PAYLOAD_BYTES_MAX;

  private final TransportHost host;
  private final SimHandshakeConfig config;
  private final TransportRole role;
  private final TransportTarget target;
  private final BufferQueue output;
  private final ByteBuffer scratch = ByteBuffer.allocate(RECORD_BYTES_MAX);

  private HandshakeStatus status = HandshakeStatus.NOT_STARTED;
  private ApplicationProtocol protocol = ApplicationProtocol.NONE;
  private @Nullable String serverName;
  private @Nullable Failure failure;

  /** Wire bytes that are not opened yet, between start and end; held only while there are any. */
  private @Nullable IoBuffer wire;

  private int start;
  private int end;

  private boolean helloHeard;
  private boolean released;
  private boolean closeHeard;
  private boolean endAsked;
  private boolean finSent;

  SimHandshakeTransport(
      TransportHost host, SimHandshakeConfig config, TransportRole role, TransportTarget target) {
    this.host = host;
    this.config = config;
    this.role = role;
    this.target = target;
    this.output = new BufferQueue(host.directBuffers(), host.outputBytesMax(), RESERVE_BYTES);
  }

  // ---- the handshake

  @Override
  public void start() {
    status = HandshakeStatus.IN_PROGRESS;
    if (role == TransportRole.CLIENT && config.fault() != SimHandshakeConfig.Fault.SILENT) {
      String name = target.serverName();
      put(SimRecords.hello(config.applicationProtocols(), name == null ? "" : name));
    }
    sendAndWatch();
  }

  @Override
  public HandshakeStatus handshakeStatus() {
    return status;
  }

  @Override
  public void onReady(int readyOps) {
    if (status != HandshakeStatus.IN_PROGRESS) {
      // A step is lent: the engine is not the loop's until it comes back.
      return;
    }
    if ((readyOps & Interest.READ) != 0) {
      int count = fill();
      while (status == HandshakeStatus.IN_PROGRESS && recordIsHere()) {
        handle();
      }
      if (status == HandshakeStatus.IN_PROGRESS && count < 0) {
        Failure socket = host.socketFailure();
        fail(
            CloseCause.HANDSHAKE_CLOSED,
            socket == null ? "peer closed within the handshake" : socket.detail());
      }
    }
    sendAndWatch();
  }

  private void handle() {
    ByteBuffer record = takeRecord();
    int type = record.get();
    record.getShort();
    if (config.fault() == SimHandshakeConfig.Fault.SILENT) {
      return;
    }
    switch (type) {
      case SimRecords.HELLO -> onHello(record);
      case SimRecords.ANSWER -> onAnswer(record);
      case SimRecords.FINISHED -> {
        if (role == TransportRole.SERVER && helloHeard) {
          complete();
        } else {
          refuse(CloseCause.HANDSHAKE_FAILED, "out of order", SimRecords.HANDSHAKE_FAILURE);
        }
      }
      case SimRecords.ALERT -> {
        int code = record.get() & 0xff;
        fail(
            code == SimRecords.NO_APPLICATION_PROTOCOL
                ? CloseCause.NO_COMMON_PROTOCOL
                : CloseCause.HANDSHAKE_FAILED,
            "peer sent alert " + code);
      }
      default -> refuse(CloseCause.HANDSHAKE_FAILED, "no handshake", SimRecords.HANDSHAKE_FAILURE);
    }
  }

  private void onHello(ByteBuffer payload) {
    if (role != TransportRole.SERVER || helloHeard) {
      refuse(CloseCause.HANDSHAKE_FAILED, "out of order", SimRecords.HANDSHAKE_FAILURE);
      return;
    }
    helloHeard = true;
    List<String> theirs = SimRecords.protocols(payload);
    String name = SimRecords.text(payload);
    serverName = name.isEmpty() ? null : name;
    if (!theirs.isEmpty() && !config.applicationProtocols().isEmpty()) {
      for (String own : config.applicationProtocols()) {
        if (theirs.contains(own)) {
          protocol = ApplicationProtocol.of(own);
          break;
        }
      }
      if (protocol.isNone()) {
        refuse(
            CloseCause.NO_COMMON_PROTOCOL,
            "client offers " + theirs,
            SimRecords.NO_APPLICATION_PROTOCOL);
        return;
      }
    }
    lendOrGoOn(config.lentSteps());
  }

  private void onAnswer(ByteBuffer payload) {
    if (role != TransportRole.CLIENT || helloHeard) {
      refuse(CloseCause.HANDSHAKE_FAILED, "out of order", SimRecords.HANDSHAKE_FAILURE);
      return;
    }
    helloHeard = true;
    protocol = ApplicationProtocol.of(SimRecords.text(payload));
    if (config.checksAnswer()
        && !protocol.isNone()
        && !config.applicationProtocols().contains(protocol.token())) {
      refuse(
          CloseCause.PROTOCOL_NOT_OFFERED,
          "server chose " + protocol,
          SimRecords.ILLEGAL_PARAMETER);
      return;
    }
    lendOrGoOn(config.lentSteps());
  }

  private void lendOrGoOn(int stepsLeft) {
    if (stepsLeft > 0) {
      status = HandshakeStatus.LENT;
      holdWire();
      host.lend(new Step(stepsLeft));
      return;
    }
    if (config.fault() == SimHandshakeConfig.Fault.VERIFY_FAILS) {
      refuse(CloseCause.HANDSHAKE_FAILED, "peer is not trusted", SimRecords.HANDSHAKE_FAILURE);
      return;
    }
    if (role == TransportRole.SERVER) {
      put(SimRecords.answer(protocol.token()));
    } else {
      put(SimRecords.empty(SimRecords.FINISHED));
      complete();
    }
  }

  /** A buffer that belongs to the lent steps, as the input of an engine would. */
  private void holdWire() {
    if (wire == null) {
      wire = host.heapBuffers().acquire();
      start = 0;
      end = 0;
    }
  }

  private void complete() {
    status = HandshakeStatus.COMPLETE;
  }

  private void refuse(CloseCause cause, String detail, int alert) {
    put(SimRecords.alert(alert));
    fail(cause, detail);
    host.send(output);
  }

  private void fail(CloseCause cause, String detail) {
    failure = new Failure(cause, detail);
    status = HandshakeStatus.FAILED;
  }

  private void sendAndWatch() {
    if (status == HandshakeStatus.FAILED) {
      return;
    }
    boolean all = host.send(output);
    if (!all && host.socketFailure() != null && status == HandshakeStatus.IN_PROGRESS) {
      fail(CloseCause.HANDSHAKE_CLOSED, "socket broke within the handshake");
      return;
    }
    switch (status) {
      case IN_PROGRESS -> host.interest(Interest.READ | (all ? 0 : Interest.WRITE));
      case LENT -> host.interest(Interest.NONE);
      case COMPLETE, FAILED, NOT_STARTED -> {
        // The connection's from now on.
      }
    }
  }

  // ---- afterwards

  @Override
  public ApplicationProtocol applicationProtocol() {
    return protocol;
  }

  @Override
  public @Nullable String serverName() {
    return serverName;
  }

  @Override
  public SessionFacts sessionFacts() {
    String asked = role == TransportRole.CLIENT ? target.serverName() : serverName;
    return new SessionFacts("simulated", "none", "", asked, protocol.token(), false);
  }

  @Override
  public int readRoomMin() {
    return SimRecords.PAYLOAD_BYTES_MAX;
  }

  @Override
  public int read(ByteBuffer plain) {
    assert plain.remaining() >= readRoomMin() : "no room for a whole record";
    if (failure != null) {
      return FAILED;
    }
    int taken = 0;
    int count = 0;
    while (!closeHeard) {
      if (recordIsHere()) {
        if (plain.remaining() < SimRecords.PAYLOAD_BYTES_MAX) {
          break;
        }
        ByteBuffer record = takeRecord();
        int type = record.get();
        record.getShort();
        if (type == SimRecords.CLOSE) {
          closeHeard = true;
        } else if (type == SimRecords.DATA) {
          taken += record.remaining();
          plain.put(record);
        } else {
          failure = new Failure(CloseCause.HANDSHAKE_FAILED, "unexpected record " + type);
        }
      } else {
        count = failure == null ? fill() : 0;
        if (count <= 0) {
          break;
        }
      }
    }
    freeIfEmpty();
    if (taken > 0) {
      return taken;
    }
    if (closeHeard) {
      return END;
    }
    if (count == END && failure == null) {
      failure = new Failure(CloseCause.TRUNCATED, "peer closed without saying so");
    }
    return failure != null || count == FAILED ? FAILED : 0;
  }

  @Override
  public boolean hasBufferedInput() {
    return closeHeard || recordIsHere();
  }

  @Override
  public int write(ByteBuffer plain) {
    int taken = 0;
    while (plain.hasRemaining() && !endAsked) {
      int n = Math.min(plain.remaining(), SimRecords.PAYLOAD_BYTES_MAX);
      n = Math.min(n, output.room() - SimRecords.HEADER_BYTES);
      if (n <= 0 || !putData(plain, n)) {
        break;
      }
      taken += n;
    }
    return taken;
  }

  @Override
  public boolean writeReserved(ByteBuffer plain) {
    while (plain.hasRemaining()) {
      if (!putData(plain, Math.min(plain.remaining(), SimRecords.PAYLOAD_BYTES_MAX))) {
        return false;
      }
    }
    return true;
  }

  private boolean putData(ByteBuffer plain, int length) {
    scratch.clear();
    SimRecords.header(scratch, SimRecords.DATA, length);
    scratch.put(scratch.position(), plain, plain.position(), length);
    scratch.position(scratch.position() + length).flip();
    if (!output.putReserved(scratch)) {
      return false;
    }
    plain.position(plain.position() + length);
    return true;
  }

  @Override
  public int writableBytes() {
    int room = output.room();
    int records = room / RECORD_BYTES_MAX + 1;
    return endAsked ? 0 : Math.max(0, room - records * SimRecords.HEADER_BYTES);
  }

  @Override
  public boolean flush() {
    if (!host.send(output)) {
      return false;
    }
    if (endAsked && !finSent) {
      finSent = true;
      host.shutdownOutput();
    }
    return true;
  }

  @Override
  public boolean hasPendingOutput() {
    return !output.isEmpty() || (endAsked && !finSent);
  }

  @Override
  public boolean supportsHalfClose() {
    return false;
  }

  @Override
  public void endOutput() {
    if (!endAsked) {
      endAsked = true;
      put(SimRecords.empty(SimRecords.CLOSE));
    }
  }

  @Override
  public @Nullable Failure failure() {
    Failure own = failure;
    return own != null ? own : host.socketFailure();
  }

  @Override
  public boolean movable() {
    return failure == null && wire == null && output.isEmpty() && !endAsked && !closeHeard;
  }

  @Override
  public void onMoved() {
    output.moveTo(host.directBuffers());
  }

  @Override
  public void release() {
    released = true;
    output.clear();
    if (status != HandshakeStatus.LENT) {
      freeWire();
    }
  }

  // ---- the wire

  private void put(byte[] record) {
    // What a handshake says is small; where even the reserve has no room, its peer hears nothing.
    output.putReserved(record, 0, record.length);
  }

  private int fill() {
    IoBuffer held = wire;
    if (held == null) {
      held = host.heapBuffers().acquire();
      if (held == null) {
        return 0;
      }
      wire = held;
      start = 0;
      end = 0;
    }
    ByteBuffer bytes = held.bytes();
    if (bytes.capacity() - end < RECORD_BYTES_MAX) {
      bytes.limit(end).position(start);
      bytes.compact();
      end -= start;
      start = 0;
    }
    bytes.limit(bytes.capacity()).position(end);
    int count = host.receive(bytes);
    if (count > 0) {
      end += count;
    }
    return count;
  }

  private boolean recordIsHere() {
    IoBuffer held = wire;
    if (held == null || end - start < SimRecords.HEADER_BYTES || failure != null) {
      return false;
    }
    ByteBuffer bytes = held.bytes().limit(end);
    int length = bytes.getShort(start + 1) & 0xffff;
    if (!SimRecords.valid(bytes.get(start), length)) {
      if (status == HandshakeStatus.COMPLETE) {
        failure = new Failure(CloseCause.HANDSHAKE_FAILED, "no record");
      } else {
        refuse(CloseCause.HANDSHAKE_FAILED, "no record", SimRecords.HANDSHAKE_FAILURE);
      }
      return false;
    }
    return end - start >= SimRecords.HEADER_BYTES + length;
  }

  /** The first record, which must be here, from its type on. */
  private ByteBuffer takeRecord() {
    ByteBuffer bytes = Objects.requireNonNull(wire).bytes();
    int length = SimRecords.HEADER_BYTES + (bytes.getShort(start + 1) & 0xffff);
    bytes.limit(start + length).position(start);
    start += length;
    return bytes;
  }

  private void freeIfEmpty() {
    if (start == end) {
      freeWire();
    }
  }

  private void freeWire() {
    IoBuffer held = wire;
    if (held != null) {
      wire = null;
      start = 0;
      end = 0;
      held.release();
    }
  }

  private final class Step implements LentStep {
    private final int stepsLeft;
    private int work;

    Step(int stepsLeft) {
      this.stepsLeft = stepsLeft;
    }

    @Override
    public void run() {
      // Reads what the loop must not touch meanwhile.
      IoBuffer held = wire;
      work = held == null ? 1 : held.generation() + 1;
    }

    @Override
    public void onRefused(Failure why) {
      assert status == HandshakeStatus.LENT : status;
      status = HandshakeStatus.FAILED;
      failure = why;
      freeWire();
    }

    @Override
    public void onReturned() {
      assert work != 0 : "a step returned that did not run";
      assert status == HandshakeStatus.LENT : status;
      if (released || host.closed()) {
        status = HandshakeStatus.FAILED;
        freeWire();
        return;
      }
      status = HandshakeStatus.IN_PROGRESS;
      lendOrGoOn(stepsLeft - 1);
      // Records that came before the loan are here already, and raise no event.
      while (status == HandshakeStatus.IN_PROGRESS && recordIsHere()) {
        handle();
      }
      sendAndWatch();
      freeIfEmpty();
    }
  }
}
