package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.Side;
import dev.sluice.core.testkit.ThreadAllocations;
import dev.sluice.mux.h2.WirePeer;
import dev.sluice.mux.h2.frame.FrameDecoder;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Settings;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProtocolAllocationTest implements H2Events, FrameOutput {
  private static final int ROUNDS = 20_000;

  private final ResponseHead response = new ResponseHead(1024, 16);
  private final ByteBuffer content = ByteBuffer.allocate(8000);
  private final H2Protocol protocol =
      new H2Protocol(Side.FRONT, H2Options.defaults(), this, this, 1);
  private final ByteBuffer upload;
  private final ByteBuffer update;
  private @Nullable StreamRecord open;
  private int nextId = 1;
  private long told;

  ProtocolAllocationTest() {
    WirePeer peer = new WirePeer();
    response.fields().add(FieldName.SERVER, "sluice");
    response.fields().add("x-own", "value");
    protocol.start(1);
    feed(peer.preface());
    feed(peer.settings(Settings.INITIAL_WINDOW_SIZE, 1 << 20));
    feed(peer.settingsAck());
    byte[] block =
        WirePeer.literalBlock(
            ":method", "POST", ":scheme", "https", ":path", "/a", ":authority", "h", "x-a", "b");
    byte[] head = peer.raw(FrameType.HEADERS, FrameFlags.END_HEADERS, 1, block);
    byte[] data = peer.data(1, new byte[3000], true);
    upload = ByteBuffer.allocate(head.length + data.length).put(head).put(data);
    dataAt = head.length;
    update = ByteBuffer.wrap(peer.windowUpdate(0, content.capacity()));
  }

  private final int dataAt;

  private void feed(byte[] bytes) {
    protocol.receive(ByteBuffer.wrap(bytes), 1);
  }

  @Test
  void exchangesAllocateNothing() {
    for (int i = 0; i < ROUNDS; i++) {
      exchange();
    }
    long allocated =
        ThreadAllocations.during(
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                exchange();
              }
            });
    // Leaves room for the meter and a late compilation, not for one byte an exchange.
    assertThat(allocated).isLessThan(ROUNDS);
    assertThat(told).isGreaterThanOrEqualTo(2L * ROUNDS * 3000);
    assertThat(protocol.failed()).isFalse();
  }

  private void exchange() {
    upload.putInt(5, nextId).putInt(dataAt + 5, nextId).clear();
    assert upload.get(0) == 0 && FrameDecoder.HEADER_BYTES == 9;
    nextId += 2;
    protocol.beginTurn();
    protocol.receive(upload, 1);
    StreamRecord stream = Objects.requireNonNull(open);
    protocol.sendResponse(stream, response, false);
    content.clear();
    while (content.hasRemaining()) {
      protocol.send(stream, content, true);
    }
    update.clear();
    protocol.receive(update, 1);
    protocol.serveWaiting(1);
    protocol.release(stream);
  }

  @Override
  public void onRequest(StreamRecord stream, RequestHead head, boolean end) {
    open = stream;
  }

  @Override
  public void onData(StreamRecord stream, ByteBuffer data, boolean end) {
    told += data.remaining();
    protocol.consumed(stream, data.remaining());
  }

  @Override
  public int room() {
    return 1 << 20;
  }

  @Override
  public boolean write(ByteBuffer bytes) {
    bytes.position(bytes.limit());
    return true;
  }

  @Override
  public void onResponse(StreamRecord stream, ResponseHead head, boolean end) {
    throw new AssertionError(head);
  }

  @Override
  public void onTrailers(StreamRecord stream, Fields trailers) {
    throw new AssertionError(trailers);
  }

  @Override
  public void onEnd(StreamRecord stream) {
    throw new AssertionError(stream);
  }

  @Override
  public void onReset(StreamRecord stream, H2ErrorCode code, boolean byPeer, String reason) {
    throw new AssertionError(reason);
  }

  @Override
  public void onWritable(StreamRecord stream) {}

  @Override
  public void onRejected(int status, String reason) {
    throw new AssertionError(reason);
  }

  @Override
  public void onCapacityChanged() {}
}
