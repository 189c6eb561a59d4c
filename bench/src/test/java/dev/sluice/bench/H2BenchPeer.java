package dev.sluice.bench;

import dev.sluice.mux.h2.frame.FrameDecoder;
import dev.sluice.mux.h2.frame.FrameEncoder;
import dev.sluice.mux.h2.frame.FrameEvent;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.Preface;
import dev.sluice.mux.h2.frame.Settings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An h2 client, or with an answer an h2 origin. Its own heads are encoded once, beforehand. */
final class H2BenchPeer implements BenchPeer.Client {
  private static final int CREDIT_BYTES = 16 << 10;

  private final FrameDecoder decoder = new FrameDecoder(Settings.FRAME_BYTES_MIN);
  private final ByteBuffer out = ByteBuffer.allocate(64 << 10);
  private final byte[] block;
  private final byte[] content;
  private final boolean answers;
  private @Nullable BenchWire wire;
  private int prefaceLeft;
  private int nextStream = 1;
  private int uncredited;
  private long whole;

  private H2BenchPeer(byte[] block, int contentBytes, boolean answers) {
    this.block = block;
    this.content = new byte[contentBytes];
    Arrays.fill(content, (byte) 'x');
    this.answers = answers;
    this.prefaceLeft = answers ? Preface.LENGTH : 0;
  }

  static H2BenchPeer client(byte[] requestBlock) {
    return new H2BenchPeer(requestBlock, 0, false);
  }

  static H2BenchPeer origin(byte[] responseBlock, int contentBytes) {
    return new H2BenchPeer(responseBlock, contentBytes, true);
  }

  @Override
  public void onReady(BenchWire ready) {
    wire = ready;
    if (!answers) {
      Preface.write(out);
    }
    FrameEncoder.header(out, 0, FrameType.SETTINGS, FrameFlags.NONE, 0);
    flush(ready);
  }

  @Override
  public void onBytes(BenchWire from, byte[] bytes, int length) {
    int skipped = Math.min(prefaceLeft, length);
    prefaceLeft -= skipped;
    ByteBuffer in = ByteBuffer.wrap(bytes, skipped, length - skipped);
    while (true) {
      FrameEvent event = decoder.next(in);
      if (event == FrameEvent.NEED_INPUT) {
        break;
      }
      if (event == FrameEvent.ERROR) {
        throw new IllegalStateException(decoder.reason());
      }
      if (event == FrameEvent.END) {
        onFrame();
      }
    }
    flush(from);
  }

  private void onFrame() {
    switch (decoder.type()) {
      case FrameType.SETTINGS -> {
        if (!decoder.has(FrameFlags.ACK)) {
          FrameEncoder.settingsAck(out);
        }
      }
      case FrameType.PING -> {
        if (!decoder.has(FrameFlags.ACK)) {
          FrameEncoder.ping(out, true, decoder.opaque());
        }
      }
      case FrameType.HEADERS -> onPart();
      case FrameType.DATA -> {
        uncredited += decoder.length();
        if (uncredited >= CREDIT_BYTES) {
          FrameEncoder.windowUpdate(out, 0, uncredited);
          uncredited = 0;
        }
        onPart();
      }
      case FrameType.RST_STREAM, FrameType.GOAWAY ->
          throw new IllegalStateException("frame " + decoder.type() + ", " + decoder.word());
      default -> {
        // Windows are large enough for one exchange at a time.
      }
    }
  }

  private void onPart() {
    if (decoder.has(FrameFlags.END_STREAM)) {
      whole++;
      if (answers) {
        putMessage(decoder.streamId());
      }
    }
  }

  private void putMessage(int stream) {
    int flags = FrameFlags.END_HEADERS | (content.length == 0 ? FrameFlags.END_STREAM : 0);
    FrameEncoder.header(out, block.length, FrameType.HEADERS, flags, stream);
    out.put(block);
    if (content.length > 0) {
      FrameEncoder.header(out, content.length, FrameType.DATA, FrameFlags.END_STREAM, stream);
      out.put(content);
    }
  }

  private void flush(BenchWire to) {
    if (out.position() > 0) {
      byte[] bytes = Arrays.copyOf(out.array(), out.position());
      out.clear();
      to.send(bytes);
    }
  }

  @Override
  public void request() {
    BenchWire to = Objects.requireNonNull(wire);
    putMessage(nextStream);
    nextStream += 2;
    flush(to);
  }

  @Override
  public boolean ready() {
    return wire != null;
  }

  @Override
  public long responses() {
    return whole;
  }
}
