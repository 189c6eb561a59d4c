package dev.sluice.mux.h2;

import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.Side;
import dev.sluice.core.testkit.mux.ContractPeer;
import dev.sluice.core.testkit.mux.MultiplexMuxContract;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import org.jspecify.annotations.Nullable;

/** The h2 mux keeps the contract of muxes, on both sides. */
class H2MuxContractTest extends MultiplexMuxContract {
  @Override
  protected MuxProvider provider() {
    return new H2MuxProvider();
  }

  @Override
  protected ContractPeer peer(Side side) {
    return new FramePeer(side);
  }

  private static final class FramePeer implements ContractPeer {
    private final Side side;
    private final WirePeer frames = new WirePeer();
    private @Nullable Wire beginning;

    FramePeer(Side side) {
      this.side = side;
    }

    private static int id(int stream) {
      // RFC 9113 5.1.1: those of clients are odd.
      return 2 * stream - 1;
    }

    @Override
    public void begin(Wire wire) {
      beginning = wire;
      if (side == Side.FRONT) {
        wire.bytes(frames.preface());
      }
      wire.bytes(frames.settings());
    }

    @Override
    public void head(Wire wire, int stream, boolean end) {
      if (side == Side.FRONT) {
        wire.bytes(
            frames.headers(
                id(stream),
                end,
                ":method",
                "POST",
                ":scheme",
                "http",
                ":authority",
                "test.example",
                ":path",
                "/"));
      } else {
        wire.bytes(frames.headers(id(stream), end, ":status", "200"));
      }
    }

    @Override
    public void content(Wire wire, int stream, byte[] content, boolean end) {
      wire.bytes(frames.data(id(stream), content, end));
    }

    @Override
    public void end(Wire wire, int stream) {
      wire.bytes(frames.data(id(stream), new byte[0], true));
    }

    @Override
    public boolean reset(Wire wire, int stream) {
      wire.bytes(frames.rst(id(stream), H2ErrorCode.CANCEL));
      return true;
    }

    @Override
    public void read(byte[] bytes) {
      for (String line : frames.read(bytes)) {
        Wire wire = beginning;
        if (wire != null && line.startsWith("PING ") && !line.endsWith(" ACK")) {
          // RFC 9113 6.7. The mux asks before the final GOAWAY of a drain.
          wire.bytes(frames.ping(true, Long.parseUnsignedLong(line.substring(5), 16)));
        }
      }
    }

    @Override
    public byte[] contentOf(int stream) {
      return frames.content(id(stream));
    }

    @Override
    public boolean ended(int stream, boolean outputEnded) {
      return frames.ended(id(stream));
    }
  }
}
