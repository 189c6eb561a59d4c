package dev.sluice.mux.h2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The upper half of one exchange: notes what it is told, and answers as the test says. */
final class Upper implements StreamHandler {
  private final FakeHost host;

  /** What was told, in order; content of calls in a row is joined. */
  final List<String> events = new ArrayList<>();

  @Nullable MuxStream stream;
  final RequestHead request = new RequestHead(65536, 200);
  final ResponseHead response = new ResponseHead(65536, 200);

  /** How many bytes of content are taken, in all. */
  int appetite = Integer.MAX_VALUE;

  Runnable onHead = () -> {};
  Runnable onData = () -> {};
  Runnable onEnd = () -> {};
  Runnable onWritable = () -> {};
  Runnable onReleased = () -> {};

  Upper(FakeHost host) {
    this.host = host;
  }

  MuxStream stream() {
    return Objects.requireNonNull(stream);
  }

  // ---- answers

  void sendResponse(int status, boolean end, String... fields) {
    stream().sendHead(responseHead(status, fields), end);
    host.settleUnlessDispatching();
  }

  void sendRequest(String method, String path, boolean end, String... fields) {
    RequestHead head = new RequestHead(65536, 200);
    head.setMethod(method);
    head.setScheme("https");
    head.setAuthority("h:80");
    if (head.isConnect()) {
      head.clearPath();
    } else {
      head.setPath(path);
    }
    add(head, fields);
    stream().sendHead(head, end);
    host.settleUnlessDispatching();
  }

  static ResponseHead responseHead(int status, String... fields) {
    ResponseHead head = new ResponseHead(65536, 200);
    head.setStatus(status);
    add(head, fields);
    return head;
  }

  private static void add(MessageHead head, String... fields) {
    for (String field : fields) {
      int colon = field.indexOf(':');
      String value = field.substring(colon + 1).trim();
      if (field.startsWith("protocol:")) {
        head.setProtocol(value);
      } else {
        head.fields().add(field.substring(0, colon), value);
      }
    }
  }

  int send(String content, boolean end) {
    int taken = stream().send(ByteBuffer.wrap(content.getBytes(ISO_8859_1)), end);
    host.settleUnlessDispatching();
    return taken;
  }

  void sendEnd() {
    stream().sendEnd();
    host.settleUnlessDispatching();
  }

  void sendTrailers(String name, String value) {
    Fields trailers = new Fields(1024, 8);
    trailers.add(name, value);
    stream().sendTrailers(trailers);
    host.settleUnlessDispatching();
  }

  void reset(ResetCode code) {
    stream().reset(code);
    host.settleUnlessDispatching();
  }

  void eat(int more) {
    appetite += more;
    stream().resume();
    host.settleUnlessDispatching();
  }

  // ---- what is told

  private void note(String event) {
    assertThat(host.dispatching).as("%s outside of the dispatch", event).isTrue();
    assertThat(events).as("nothing after the release").doesNotContain("released");
    events.add(event);
  }

  @Override
  public void onHead(MessageHead head, boolean end) {
    if (head instanceof RequestHead r) {
      assertThat(request.copyFrom(r)).isTrue();
      note("head " + r.methodName() + " " + r.path() + (end ? " end" : ""));
    } else if (head instanceof ResponseHead r) {
      assertThat(response.copyFrom(r)).isTrue();
      note("head " + r.status() + (end ? " end" : ""));
    }
    onHead.run();
  }

  @Override
  public int onData(ByteBuffer data, boolean end) {
    assertThat(data.hasRemaining()).as("content of no bytes").isTrue();
    int count = Math.min(appetite, data.remaining());
    byte[] taken = new byte[count];
    data.get(taken);
    appetite -= count;
    boolean whole = end && !data.hasRemaining();
    if (count > 0) {
      String text = new String(taken, ISO_8859_1);
      int last = events.size() - 1;
      if (last >= 0 && events.get(last).startsWith("data ")) {
        events.set(last, events.get(last) + text + (whole ? " end" : ""));
      } else {
        note("data " + text + (whole ? " end" : ""));
      }
    }
    onData.run();
    return count;
  }

  @Override
  public void onTrailers(Fields trailers) {
    note("trailers " + trailers.toString().trim());
    onEnd.run();
  }

  @Override
  public void onEnd() {
    note("end");
    onEnd.run();
  }

  @Override
  public void onReset(ResetCode code, CloseCause cause) {
    note("reset " + code + " " + cause);
  }

  @Override
  public void onWritable() {
    note("writable");
    onWritable.run();
  }

  @Override
  public void onReleased() {
    note("released");
    onReleased.run();
  }
}
