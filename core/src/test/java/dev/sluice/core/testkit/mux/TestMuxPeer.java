package dev.sluice.core.testkit.mux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.ResetCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The other end of a {@link TestMux}, for scripted peers: turns what a test wants to say into
 * frames and what has come into events, and keeps to the windows. Sans-IO.
 */
public final class TestMuxPeer {
  private static final int HEAD_BYTES_MAX = 16 << 10;
  private static final int FIELD_COUNT_MAX = 100;

  /** What has come. */
  public interface Events {
    /** A request's head, to a server; lent for the call. */
    void onRequest(int stream, RequestHead head, boolean end);

    /** A response's head, to a client; lent for the call. */
    void onResponse(int stream, ResponseHead head, boolean end);

    /** Content. */
    void onData(int stream, byte[] data, boolean end);

    /** Trailers, which end the message. */
    void onTrailers(int stream, Fields trailers);

    /** The stream is cut. */
    void onReset(int stream, ResetCode code);

    /** No new streams. */
    void onDrain();
  }

  private final boolean server;
  private final boolean multiplexes;
  private final int streamsMax;
  private final Consumer<byte[]> output;
  private final Events events;
  private final ByteBuffer scratch = TestFrames.scratch();
  private final RequestHead requestHead = new RequestHead(HEAD_BYTES_MAX, FIELD_COUNT_MAX);
  private final ResponseHead responseHead = new ResponseHead(HEAD_BYTES_MAX, FIELD_COUNT_MAX);
  private final Map<Integer, Sending> sending = new LinkedHashMap<>();
  private byte[] input = {};
  private int prefaceLeft;
  private int nextId = 1;
  private boolean malformed;
  private boolean holdsCredit;
  private final Map<Integer, Integer> owed = new LinkedHashMap<>();

  /** What of a stream's content waits for credit. */
  private static final class Sending {
    int window = TestFrames.WINDOW_BYTES;
    byte[] waiting = {};
    boolean end;
    boolean ended;
  }

  /** A peer that has said nothing yet. */
  public TestMuxPeer(
      boolean server, boolean multiplexes, int streamsMax, Consumer<byte[]> output, Events events) {
    this.server = server;
    this.multiplexes = multiplexes;
    this.streamsMax = streamsMax;
    this.output = output;
    this.events = events;
    this.prefaceLeft = server && multiplexes ? TestFrames.PREFACE.length() : 0;
  }

  /** Says what comes before the first stream. */
  public void start() {
    if (server) {
      emit(TestFrames.settings(scratch, streamsMax));
    } else if (multiplexes) {
      output.accept(TestFrames.PREFACE.getBytes(ISO_8859_1));
    }
  }

  /** Says again how many streams it takes; a server's right at any time. */
  public void settings(int streams) {
    emit(TestFrames.settings(scratch, streams));
  }

  /** Gives no credit any more, so that whoever sends has to stop. */
  public void holdCredit() {
    holdsCredit = true;
  }

  /** Gives the credit that was held back, and from now on again. */
  public void giveCredit() {
    holdsCredit = false;
    owed.forEach((stream, bytes) -> emit(TestFrames.credit(scratch, stream, bytes)));
    owed.clear();
  }

  /** Whether something came that is not of this protocol. */
  public boolean malformed() {
    return malformed;
  }

  // ---- what a test says

  /** Begins a request; returns the number of its stream. */
  public int request(String method, String path, boolean end) {
    int id = nextId++;
    RequestHead head = new RequestHead(HEAD_BYTES_MAX, FIELD_COUNT_MAX);
    head.setMethod(method);
    head.setScheme("http");
    head.setAuthority("test.example");
    head.setPath(path);
    sending.put(id, new Sending());
    emit(TestFrames.request(scratch, id, head, end));
    return id;
  }

  /** Begins a response. */
  public void response(int stream, int status, boolean end) {
    ResponseHead head = new ResponseHead(HEAD_BYTES_MAX, FIELD_COUNT_MAX);
    head.setStatus(status);
    response(stream, head, end);
  }

  /** Begins a response with a field. */
  public void response(int stream, int status, String name, String value, boolean end) {
    ResponseHead head = new ResponseHead(HEAD_BYTES_MAX, FIELD_COUNT_MAX);
    head.setStatus(status);
    head.fields().add(name, value);
    response(stream, head, end);
  }

  private void response(int stream, ResponseHead head, boolean end) {
    sending.putIfAbsent(stream, new Sending());
    emit(TestFrames.response(scratch, stream, head, end));
  }

  /** Sends content as far as there is credit, and the rest as credit comes. */
  public void data(int stream, byte[] data, boolean end) {
    Sending state = sending.computeIfAbsent(stream, id -> new Sending());
    int old = state.waiting.length;
    state.waiting = Arrays.copyOf(state.waiting, old + data.length);
    System.arraycopy(data, 0, state.waiting, old, data.length);
    state.end |= end;
    push(stream, state);
  }

  /** Sends content at once, whether there is credit or not. */
  public void dataPastWindow(int stream, byte[] data) {
    emit(TestFrames.finish(TestFrames.begin(scratch, TestFrames.DATA, 0, stream).put(data)));
  }

  /** Ends a message with trailers; all content must have been sent. */
  public void trailers(int stream, String name, String value) {
    Fields section = new Fields(1024, 4);
    section.add(name, value);
    emit(TestFrames.trailers(scratch, stream, section));
  }

  /** Cuts a stream. */
  public void reset(int stream, ResetCode code) {
    sending.remove(stream);
    emit(TestFrames.reset(scratch, stream, code.ordinal()));
  }

  /** Takes no new streams. */
  public void drain() {
    emit(TestFrames.drain(scratch));
  }

  /** Sends a frame of a type that does not exist. */
  public void nonsense() {
    emit(TestFrames.finish(TestFrames.begin(scratch, 99, 0, 0)));
  }

  private void push(int stream, Sending state) {
    int at = 0;
    while (at < state.waiting.length && state.window > 0) {
      int n = Math.min(state.waiting.length - at, TestFrames.DATA_BYTES_MAX);
      n = Math.min(n, state.window);
      boolean last = state.end && at + n == state.waiting.length;
      TestFrames.begin(scratch, TestFrames.DATA, last ? TestFrames.END : 0, stream);
      scratch.put(state.waiting, at, n);
      at += n;
      state.window -= n;
      state.ended |= last;
      emit(TestFrames.finish(scratch));
    }
    state.waiting = Arrays.copyOfRange(state.waiting, at, state.waiting.length);
    if (state.end && !state.ended && state.waiting.length == 0) {
      state.ended = true;
      emit(TestFrames.header(scratch, TestFrames.DATA, TestFrames.END, stream, 0));
    }
  }

  private void emit(ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    output.accept(bytes);
  }

  // ---- what has come

  /** Takes bytes, however cut. */
  public void onBytes(byte[] bytes) {
    int old = input.length;
    input = Arrays.copyOf(input, old + bytes.length);
    System.arraycopy(bytes, 0, input, old, bytes.length);
    ByteBuffer all = ByteBuffer.wrap(input);
    while (prefaceLeft > 0 && all.hasRemaining()) {
      malformed |=
          all.get() != TestFrames.PREFACE.charAt(TestFrames.PREFACE.length() - prefaceLeft);
      prefaceLeft--;
    }
    while (prefaceLeft == 0 && !malformed) {
      int length = TestFrames.frameLength(all);
      malformed |= length < 0;
      if (length <= 0) {
        break;
      }
      ByteBuffer frame = all.slice(all.position(), length);
      all.position(all.position() + length);
      handle(frame);
    }
    input = Arrays.copyOfRange(input, all.position(), input.length);
  }

  private void handle(ByteBuffer frame) {
    int type = frame.get();
    boolean end = (frame.get() & TestFrames.END) != 0;
    int stream = frame.getInt();
    frame.getShort();
    ByteBuffer payload = frame.slice();
    switch (type) {
      case TestFrames.HEAD -> onHead(stream, payload, end);
      case TestFrames.DATA -> {
        byte[] data = new byte[payload.remaining()];
        payload.get(data);
        if (data.length > 0 && !end && holdsCredit) {
          owed.merge(stream, data.length, Integer::sum);
        } else if (data.length > 0 && !end) {
          emit(TestFrames.credit(scratch, stream, data.length));
        }
        events.onData(stream, data, end);
      }
      case TestFrames.TRAILERS -> {
        Fields section = new Fields(HEAD_BYTES_MAX, FIELD_COUNT_MAX);
        malformed |= !TestFrames.readFields(payload, section);
        events.onTrailers(stream, section);
      }
      case TestFrames.RESET -> {
        sending.remove(stream);
        events.onReset(stream, ResetCode.values()[payload.get()]);
      }
      case TestFrames.CREDIT -> {
        Sending state = sending.get(stream);
        if (state != null) {
          state.window += payload.getInt();
          push(stream, state);
        }
      }
      case TestFrames.DRAIN -> events.onDrain();
      case TestFrames.SETTINGS -> {
        // A client of the tests never has more streams than it was told.
      }
      default -> malformed = true;
    }
  }

  private void onHead(int stream, ByteBuffer payload, boolean end) {
    if (server) {
      malformed |= !TestFrames.readRequest(payload, requestHead);
      events.onRequest(stream, requestHead, end);
    } else {
      malformed |= !TestFrames.readResponse(payload, responseHead);
      events.onResponse(stream, responseHead, end);
    }
  }
}
