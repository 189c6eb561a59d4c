package dev.sluice.core.mux;

import dev.sluice.core.mux.tcp.PassThroughMuxProvider;
import dev.sluice.core.testkit.mux.ContractPeer;
import dev.sluice.core.testkit.mux.MuxContract;
import java.io.ByteArrayOutputStream;

/** The pass-through mux keeps the contract. */
class PassThroughMuxContractTest extends MuxContract {
  @Override
  protected MuxProvider provider() {
    return new PassThroughMuxProvider();
  }

  @Override
  protected ContractPeer peer(Side side) {
    return new RawPeer();
  }

  /** Bytes are what they are. */
  private static final class RawPeer implements ContractPeer {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    @Override
    public void begin(Wire wire) {
      // Nothing comes before the bytes.
    }

    @Override
    public void head(Wire wire, int stream, boolean end) {
      if (end) {
        wire.end();
      }
    }

    @Override
    public void content(Wire wire, int stream, byte[] bytes, boolean end) {
      wire.bytes(bytes);
      if (end) {
        wire.end();
      }
    }

    @Override
    public void end(Wire wire, int stream) {
      wire.end();
    }

    @Override
    public boolean reset(Wire wire, int stream) {
      return false;
    }

    @Override
    public void read(byte[] bytes) {
      content.writeBytes(bytes);
    }

    @Override
    public byte[] contentOf(int stream) {
      return content.toByteArray();
    }

    @Override
    public boolean ended(int stream, boolean outputEnded) {
      return outputEnded;
    }
  }
}
