package com.example.line;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.Side;
import dev.sluice.core.testkit.mux.ContractPeer;
import dev.sluice.core.testkit.mux.HttpMuxContract;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** The line mux keeps the contract of muxes. */
class LineMuxContractTest extends HttpMuxContract {
  @Override
  protected MuxProvider provider() {
    return new LineMuxProvider();
  }

  @Override
  protected ContractPeer peer(Side side) {
    return new LinePeer(side == Side.FRONT ? "/" : "200");
  }

  // guide: peer
  /** Speaks the protocol in the simplest way; lines and streams are counted alike. */
  private static final class LinePeer implements ContractPeer {
    private final List<ByteArrayOutputStream> lines = new ArrayList<>();
    private final String word;
    private int whole;
    private boolean inContent;
    private boolean escaped;

    LinePeer(String word) {
      this.word = word;
    }

    @Override
    public void begin(Wire wire) {
      // A connection begins with the first line.
    }

    @Override
    public void head(Wire wire, int stream, boolean end) {
      wire.bytes((word + (end ? "\n" : " ")).getBytes(US_ASCII));
    }

    @Override
    public void content(Wire wire, int stream, byte[] content, boolean end) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (byte b : content) {
        if (b == '\n' || b == '\\') {
          line.write('\\');
        }
        line.write(b == '\n' ? 'n' : b);
      }
      if (end) {
        line.write('\n');
      }
      wire.bytes(line.toByteArray());
    }

    @Override
    public void end(Wire wire, int stream) {
      wire.bytes(new byte[] {'\n'});
    }

    @Override
    public boolean reset(Wire wire, int stream) {
      return false;
    }

    @Override
    public void read(byte[] bytes) {
      for (byte b : bytes) {
        if (b == '\n') {
          line(whole);
          whole++;
          inContent = false;
        } else if (!inContent) {
          inContent = b == ' ';
        } else if (escaped || b != '\\') {
          line(whole).write(escaped && b == 'n' ? '\n' : b);
          escaped = false;
        } else {
          escaped = true;
        }
      }
    }

    private ByteArrayOutputStream line(int index) {
      while (lines.size() <= index) {
        lines.add(new ByteArrayOutputStream());
      }
      return lines.get(index);
    }

    @Override
    public byte[] contentOf(int stream) {
      return line(stream - 1).toByteArray();
    }

    @Override
    public boolean ended(int stream, boolean outputEnded) {
      return whole >= stream;
    }
  }
  // guide: peer
}
