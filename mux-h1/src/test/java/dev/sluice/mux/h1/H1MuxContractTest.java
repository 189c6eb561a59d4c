package dev.sluice.mux.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.Side;
import dev.sluice.core.testkit.mux.ContractPeer;
import dev.sluice.core.testkit.mux.HttpMuxContract;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** The h1 mux keeps the contract of muxes, on both sides. */
class H1MuxContractTest extends HttpMuxContract {
  @Override
  protected MuxProvider provider() {
    return new H1MuxProvider();
  }

  @Override
  protected ContractPeer peer(Side side) {
    return new ChunkPeer(side);
  }

  /** Speaks in chunks, and reads them: the kit's messages have no Content-Length. */
  private static final class ChunkPeer implements ContractPeer {
    private final Side side;
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();

    ChunkPeer(Side side) {
      this.side = side;
    }

    @Override
    public void begin(Wire wire) {
      // Nothing comes before the first message.
    }

    @Override
    public void head(Wire wire, int stream, boolean end) {
      String start =
          side == Side.FRONT ? "POST / HTTP/1.1\r\nHost: test.example\r\n" : "HTTP/1.1 200 OK\r\n";
      String framing = end ? "Content-Length: 0\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n";
      wire.bytes((start + framing).getBytes(ISO_8859_1));
    }

    @Override
    public void content(Wire wire, int stream, byte[] content, boolean end) {
      ByteArrayOutputStream chunk = new ByteArrayOutputStream();
      chunk.writeBytes((Integer.toHexString(content.length) + "\r\n").getBytes(ISO_8859_1));
      chunk.writeBytes(content);
      chunk.writeBytes((end ? "\r\n0\r\n\r\n" : "\r\n").getBytes(ISO_8859_1));
      wire.bytes(chunk.toByteArray());
    }

    @Override
    public void end(Wire wire, int stream) {
      wire.bytes("0\r\n\r\n".getBytes(ISO_8859_1));
    }

    @Override
    public boolean reset(Wire wire, int stream) {
      return false;
    }

    @Override
    public void read(byte[] bytes) {
      input.writeBytes(bytes);
    }

    @Override
    public byte[] contentOf(int stream) {
      List<Message> messages = messages();
      return messages.size() < stream
          ? new byte[0]
          : messages.get(stream - 1).content.toByteArray();
    }

    @Override
    public boolean ended(int stream, boolean outputEnded) {
      List<Message> messages = messages();
      return messages.size() >= stream && messages.get(stream - 1).ended;
    }

    private List<Message> messages() {
      String text = input.toString(ISO_8859_1);
      List<Message> messages = new ArrayList<>();
      int at = 0;
      for (int end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n", at)) {
        Message message = new Message();
        messages.add(message);
        at = message.read(text, end + 4);
        if (!message.ended) {
          break;
        }
      }
      return messages;
    }
  }

  private static final class Message {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private boolean ended;

    /** Reads chunks as far as they are here, and returns where the next message begins. */
    private int read(String text, int from) {
      int at = from;
      for (int end = text.indexOf("\r\n", at); end >= 0; end = text.indexOf("\r\n", at)) {
        int length = Integer.parseInt(text.substring(at, end), 16);
        int first = end + 2;
        if (length == 0) {
          int trailersEnd =
              text.startsWith("\r\n", first) ? first : text.indexOf("\r\n\r\n", first);
          ended = trailersEnd >= 0;
          return trailersEnd == first ? first + 2 : trailersEnd + 4;
        }
        content.writeBytes(
            text.substring(first, Math.min(text.length(), first + length)).getBytes(ISO_8859_1));
        at = first + length + 2;
        if (at > text.length()) {
          break;
        }
      }
      return text.length();
    }
  }
}
