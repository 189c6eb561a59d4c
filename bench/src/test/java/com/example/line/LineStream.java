package com.example.line;

import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.SerialStream;
import java.nio.ByteBuffer;

/**
 * A line and its answer: {@code /path content} is answered by {@code 200 content}. Within content,
 * {@code \n} stands for LF and {@code \\} for a backslash. Confined to its loop.
 */
final class LineStream extends SerialStream {
  private static final byte LF = '\n';
  private static final byte SPACE = ' ';
  private static final byte ESCAPE = '\\';

  private final LineMux mux;
  private final ByteBuffer plain = ByteBuffer.allocate(512).flip();
  private final ByteBuffer coded = ByteBuffer.allocate(512);
  private boolean escaped;

  LineStream(LineMux mux, long number) {
    super(mux, number);
    this.mux = mux;
  }

  // ---- what comes ----

  // guide: read
  @Override
  protected boolean read(ByteBuffer input) {
    if (!headTold()) {
      return readHead(input);
    }
    decode(input);
    if (plain.hasRemaining() && !tellContent(plain)) {
      return false;
    }
    if (input.hasRemaining() && input.get(input.position()) == LF) {
      input.get();
      tellEnd();
    }
    return input.hasRemaining();
  }

  /** Takes content up to the end of the line, unless some is left that was not taken. */
  private void decode(ByteBuffer input) {
    if (plain.hasRemaining()) {
      return;
    }
    plain.clear();
    while (input.hasRemaining() && plain.hasRemaining() && input.get(input.position()) != LF) {
      byte next = input.get();
      if (next == ESCAPE && !escaped) {
        escaped = true;
      } else {
        plain.put(escaped && next == 'n' ? LF : next);
        escaped = false;
      }
    }
    plain.flip();
  }

  // guide: read

  // guide: readHead
  private boolean readHead(ByteBuffer input) {
    int start = input.position();
    int at = start;
    while (at < input.limit() && input.get(at) != SPACE && input.get(at) != LF) {
      at++;
    }
    boolean whole = at < input.limit();
    if (!whole && at - start <= host().limits().headBytesMax()) {
      return false;
    }
    MessageHead head = mux.head(input.array(), input.arrayOffset() + start, at - start);
    if (!whole || head == null) {
      malformed();
      return false;
    }
    input.position(at + 1);
    tellHead(head, input.get(at) == LF);
    return true;
  }

  // guide: readHead

  // ---- what is sent ----

  @Override
  protected void writeHead(MessageHead head, boolean end) {
    if (head instanceof RequestHead request) {
      int length = Math.max(0, request.pathLength());
      writeReserved(ByteBuffer.wrap(request.bytes(), request.pathOffset(), length));
    } else if (head instanceof ResponseHead response) {
      int status = response.status();
      coded.clear().put((byte) ('0' + status / 100)).put((byte) ('0' + status / 10 % 10));
      writeReserved(coded.put((byte) ('0' + status % 10)).flip());
    }
    if (!end) {
      writeReserved(coded.clear().put(SPACE).flip());
    }
  }

  // guide: write
  @Override
  protected void writeContent(ByteBuffer data) {
    while (data.hasRemaining() && encode(data)) {
      host().write(coded.flip());
    }
  }

  /** Fills {@code coded} with as much as the connection certainly takes. */
  private boolean encode(ByteBuffer data) {
    coded.clear().limit(Math.min(coded.capacity(), host().writableBytes()));
    while (data.hasRemaining() && coded.remaining() >= 2) {
      byte next = data.get();
      if (next == LF || next == ESCAPE) {
        coded.put(ESCAPE);
      }
      coded.put(next == LF ? (byte) 'n' : next);
    }
    return coded.position() > 0;
  }

  @Override
  protected void writeEnd() {
    writeReserved(coded.clear().put(LF).flip());
  }
  // guide: write
}
