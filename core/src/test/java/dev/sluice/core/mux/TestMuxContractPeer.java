package dev.sluice.core.mux;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.testkit.mux.ContractPeer;
import dev.sluice.core.testkit.mux.TestMuxPeer;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The test protocol, as the contract wants it spoken. */
final class TestMuxContractPeer implements ContractPeer, TestMuxPeer.Events {
  private final boolean server;
  private final TestMuxPeer frames;
  private final Map<Integer, ByteArrayOutputStream> contents = new HashMap<>();
  private final Set<Integer> ended = new HashSet<>();
  private @Nullable Wire wire;

  /** A server for a mux at the back, a client for the other. */
  TestMuxContractPeer(Side side, boolean multiplexes) {
    this.server = side == Side.BACK;
    this.frames = new TestMuxPeer(server, multiplexes, multiplexes ? 8 : 1, this::emit, this);
  }

  private void emit(byte[] bytes) {
    Wire to = wire;
    if (to != null) {
      to.bytes(bytes);
    }
  }

  @Override
  public void begin(Wire to) {
    wire = to;
    frames.start();
  }

  @Override
  public void head(Wire to, int stream, boolean end) {
    wire = to;
    if (server) {
      frames.response(stream, 200, end);
    } else {
      frames.request("POST", "/", end);
    }
  }

  @Override
  public void content(Wire to, int stream, byte[] content, boolean end) {
    wire = to;
    frames.data(stream, content, end);
  }

  @Override
  public void end(Wire to, int stream) {
    wire = to;
    frames.data(stream, new byte[0], true);
  }

  @Override
  public boolean reset(Wire to, int stream) {
    wire = to;
    frames.reset(stream, ResetCode.CANCEL);
    return true;
  }

  @Override
  public void read(byte[] bytes) {
    frames.onBytes(bytes);
  }

  @Override
  public byte[] contentOf(int stream) {
    return contents.getOrDefault(stream, new ByteArrayOutputStream()).toByteArray();
  }

  @Override
  public boolean ended(int stream, boolean outputEnded) {
    return ended.contains(stream);
  }

  @Override
  public void onRequest(int stream, RequestHead head, boolean end) {
    note(stream, end);
  }

  @Override
  public void onResponse(int stream, ResponseHead head, boolean end) {
    note(stream, end);
  }

  @Override
  public void onData(int stream, byte[] data, boolean end) {
    contents.computeIfAbsent(stream, id -> new ByteArrayOutputStream()).writeBytes(data);
    note(stream, end);
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    note(stream, true);
  }

  @Override
  public void onReset(int stream, ResetCode code) {
    // The kit asks the handler.
  }

  @Override
  public void onDrain() {
    // The kit asks the host.
  }

  private void note(int stream, boolean end) {
    if (end) {
      ended.add(stream);
    }
  }
}
