package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.Side;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Two protocols, a client and a server, joined by two queues of bytes, driven by a random number
 * generator: requests, responses, content, consumption, resets, in any order and any cutting.
 */
final class Duet {
  /** One exchange as both ends see it. */
  static final class Exchange {
    final int number;
    final long requestBytes;
    final long responseBytes;
    final String tag;
    @Nullable StreamRecord client;
    @Nullable StreamRecord server;
    long requestSent;
    long requestRead;
    long responseSent;
    long responseRead;
    boolean refused;
    boolean reset;
    boolean requestEnded;
    boolean responseEnded;
    boolean responded;

    Exchange(int number, Random random) {
      this.number = number;
      this.requestBytes = random.nextInt(4) == 0 ? random.nextInt(60_000) : 0;
      this.responseBytes = random.nextInt(3) == 0 ? random.nextInt(60_000) : random.nextInt(100);
      this.tag = "tag-" + random.nextInt(40);
    }
  }

  private final class End implements H2Events, FrameOutput {
    private byte[] out = new byte[1 << 18];
    private int written;
    final H2Protocol protocol;
    final Map<StreamRecord, Integer> unread = new HashMap<>();
    private int delivered;

    End(Side side, H2Options options) {
      protocol = new H2Protocol(side, options, this, this, now);
      protocol.start(now);
    }

    @Override
    public int room() {
      return Math.max(0, 100_000 - (written - delivered));
    }

    @Override
    public boolean write(ByteBuffer bytes) {
      int length = bytes.remaining();
      if (written + length > out.length) {
        out = Arrays.copyOf(out, 2 * (written + length));
      }
      bytes.get(out, written, length);
      written += length;
      return true;
    }

    /** Gives a random number of the bytes that wait to the other end. */
    boolean deliver(End to) {
      int waiting = written - delivered;
      if (waiting == 0) {
        return false;
      }
      int length = random.nextInt(5) == 0 ? 1 : 1 + random.nextInt(Math.min(waiting, 20_000));
      length = Math.min(length, waiting);
      ByteBuffer in = ByteBuffer.wrap(out, delivered, length).slice();
      delivered += length;
      to.protocol.receive(in, now);
      if (delivered == written) {
        written = 0;
        delivered = 0;
      }
      return true;
    }

    @Override
    public void onRequest(StreamRecord stream, RequestHead head, boolean end) {
      Exchange exchange = exchanges.get(number(head.fields()));
      // That the fields arrive as they were sent shows that the HPACK tables are equal.
      assertThat(head.fields().value("x-tag")).isEqualTo(exchange.tag);
      assertThat(head.path()).isEqualTo("/" + exchange.number);
      exchange.server = stream;
      stream.attach(exchange);
      exchange.requestEnded = end;
    }

    @Override
    public void onResponse(StreamRecord stream, ResponseHead head, boolean end) {
      Exchange exchange = exchange(stream);
      assertThat(number(head.fields())).isEqualTo(exchange.number);
      assertThat(head.fields().value("x-tag")).isEqualTo(exchange.tag);
      exchange.responseEnded = end;
    }

    @Override
    public void onData(StreamRecord stream, ByteBuffer content, boolean end) {
      Exchange exchange = exchange(stream);
      int length = content.remaining();
      if (this == server) {
        exchange.requestRead += length;
        exchange.requestEnded = end;
      } else {
        exchange.responseRead += length;
        exchange.responseEnded = end;
      }
      unread.merge(stream, length, Integer::sum);
      assertThat(unread.get(stream))
          .isLessThanOrEqualTo(Math.max(65_535, protocol.options.streamWindowBytes()));
    }

    @Override
    public void onTrailers(StreamRecord stream, Fields trailers) {
      onEnd(stream);
    }

    @Override
    public void onEnd(StreamRecord stream) {
      if (this == server) {
        exchange(stream).requestEnded = true;
      } else {
        exchange(stream).responseEnded = true;
      }
    }

    @Override
    public void onReset(StreamRecord stream, H2ErrorCode code, boolean byPeer, String reason) {
      assertThat(byPeer).as(reason).isTrue();
      Exchange exchange = exchange(stream);
      exchange.reset = true;
      exchange.refused |= code == H2ErrorCode.REFUSED_STREAM;
    }

    @Override
    public void onWritable(StreamRecord stream) {
      write(exchange(stream));
    }

    void write(Exchange exchange) {
      boolean request = this == client;
      StreamRecord stream = request ? exchange.client : exchange.server;
      if (stream == null || !stream.state().sendOpen() || stream.attachment() != exchange) {
        return;
      }
      long left =
          request
              ? exchange.requestBytes - exchange.requestSent
              : exchange.responseBytes - exchange.responseSent;
      int offered = (int) Math.min(left, 1 + random.nextInt(40_000));
      int taken = protocol.send(stream, ByteBuffer.allocate(offered), offered == left);
      if (request) {
        exchange.requestSent += taken;
      } else {
        exchange.responseSent += taken;
      }
    }

    void consume() {
      for (StreamRecord stream : List.copyOf(unread.keySet())) {
        int waiting = unread.get(stream);
        int length = quiet ? waiting : random.nextInt(waiting + 1);
        protocol.consumed(stream, length);
        if (length == waiting) {
          unread.remove(stream);
        } else {
          unread.put(stream, waiting - length);
        }
      }
    }

    void release() {
      for (StreamRecord stream = protocol.streams.first(); stream != null; ) {
        StreamRecord next = protocol.streams.after(stream);
        if (stream.state().closed() && (quiet || random.nextInt(3) == 0)) {
          unread.remove(stream);
          protocol.release(stream);
        }
        stream = next;
      }
    }

    void check() {
      assertThat(protocol.failed())
          .as("%s %s", protocol.faultCode(), protocol.faultReason())
          .isFalse();
      ReceiveWindow window = protocol.receiveWindow();
      assertThat((long) window.open() + window.unread() + window.credit()).isEqualTo(window.size());
      long sum = 0;
      for (StreamRecord each = protocol.streams.first();
          each != null;
          each = protocol.streams.after(each)) {
        sum += each.unreadBytes();
        assertThat(each.sendWindowBytes()).isLessThanOrEqualTo(FlowWindow.BYTES_MAX);
      }
      // Frames of no stream are paid back at once, so unread content is that of streams.
      assertThat((long) window.unread()).isEqualTo(sum);
    }

    @Override
    public void onRejected(int status, String reason) {
      assertThat(reason).isEqualTo("more streams than the limit");
      refusals++;
    }

    @Override
    public void onCapacityChanged() {}
  }

  private final Random random;
  private final long now = 1;
  private final Map<Integer, Exchange> exchanges = new HashMap<>();
  private final End client;
  private final End server;
  private int begun;
  private boolean quiet;
  int refusals;

  Duet(long seed, H2Options clientOptions, H2Options serverOptions) {
    random = new Random(seed);
    client = new End(Side.BACK, clientOptions);
    server = new End(Side.FRONT, serverOptions);
  }

  /** Runs so many random steps, then lets everything come to rest and checks what is left. */
  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
      client.check();
      server.check();
    }
    quiet = true;
    for (int i = 0; i < 20_000 && !step(); i++) {}
    client.release();
    server.release();
    client.check();
    server.check();
    for (Exchange each : exchanges.values()) {
      if (!each.reset) {
        assertThat(each.requestRead).isEqualTo(each.requestBytes);
        assertThat(each.responseRead).isEqualTo(each.responseBytes);
        assertThat(each.requestEnded && each.responseEnded).isTrue();
      }
    }
    assertThat(client.protocol.openStreams()).isZero();
    assertThat(server.protocol.openStreams()).isZero();
    assertThat(client.protocol.receiveWindow().unread()).isZero();
    assertThat(server.protocol.receiveWindow().unread()).isZero();
  }

  int begun() {
    return begun;
  }

  /** True if nothing is left to do. */
  private boolean step() {
    boolean idle = true;
    if (!quiet && random.nextInt(3) == 0) {
      begin();
    }
    for (Exchange each : exchanges.values()) {
      if (!quiet && random.nextInt(400) == 0) {
        reset(each);
      }
      idle &= proceed(each);
    }
    client.protocol.beginTurn();
    server.protocol.beginTurn();
    client.protocol.serveWaiting(1);
    server.protocol.serveWaiting(1);
    if (quiet || random.nextBoolean()) {
      client.consume();
    }
    if (quiet || random.nextBoolean()) {
      server.consume();
    }
    client.release();
    server.release();
    idle &= !client.deliver(server);
    idle &= !server.deliver(client);
    return idle;
  }

  private void begin() {
    StreamRecord stream = client.protocol.open();
    if (stream == null) {
      return;
    }
    Exchange exchange = new Exchange(begun++, random);
    exchanges.put(exchange.number, exchange);
    exchange.client = stream;
    stream.attach(exchange);
    RequestHead head = new RequestHead(8192, 50);
    head.setScheme("https");
    head.setAuthority("example.com");
    head.setPath("/" + exchange.number);
    tag(head.fields(), exchange);
    assertThat(client.protocol.sendRequest(stream, head, exchange.requestBytes == 0)).isTrue();
  }

  private boolean proceed(Exchange exchange) {
    StreamRecord stream = exchange.server;
    if (stream != null && stream.attachment() == exchange && !exchange.responded) {
      exchange.responded = true;
      ResponseHead head = new ResponseHead(8192, 50);
      tag(head.fields(), exchange);
      server.protocol.sendResponse(stream, head, exchange.responseBytes == 0);
    }
    if (exchange.requestSent < exchange.requestBytes) {
      client.write(exchange);
    }
    if (exchange.responded && exchange.responseSent < exchange.responseBytes) {
      server.write(exchange);
    }
    return exchange.reset || (exchange.requestEnded && exchange.responseEnded);
  }

  private void reset(Exchange exchange) {
    boolean byClient = random.nextBoolean();
    StreamRecord stream = byClient ? exchange.client : exchange.server;
    if (stream != null && stream.attachment() == exchange && !stream.state().closed()) {
      exchange.reset = true;
      (byClient ? client : server).protocol.reset(stream, H2ErrorCode.CANCEL);
    }
  }

  private static void tag(Fields fields, Exchange exchange) {
    fields.add("x-number", Integer.toString(exchange.number));
    fields.add("x-tag", exchange.tag);
    fields.add("x-" + exchange.tag, "repeated for the table");
  }

  private static int number(Fields fields) {
    String value = fields.value("x-number");
    assertThat(value).isNotNull();
    return Integer.parseInt(value);
  }

  private static Exchange exchange(StreamRecord stream) {
    Object attachment = stream.attachment();
    assertThat(attachment).isInstanceOf(Exchange.class);
    return (Exchange) attachment;
  }
}
