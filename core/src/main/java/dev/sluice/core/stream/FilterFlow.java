package dev.sluice.core.stream;

import dev.sluice.core.message.Fields;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an exchange through its filters: the head, the content, the trailers and the end
 * go from place to place; where a filter holds them, or its output is full, they stop. Confined to
 * its loop.
 *
 * <p>Content goes down the places by calls within calls; what the next place does not take stays in
 * the buffer of a filter that rewrites, or with the caller. Head and end go from one place to the
 * next only after the callback has returned, so that a filter can hold them.
 */
abstract class FilterFlow {
  final FilterChain chain;
  private FilterPort[] ports = new FilterPort[0];
  private int count;

  /** Places before this one are passed by. */
  private int first;

  private int headAt;
  private int endAt;
  private boolean headCame;
  private boolean headEnds;
  private boolean headPassed;
  private boolean rewritten;
  private boolean ended;
  private boolean endPassed;
  private boolean hasTrailers;
  private boolean tunnel;
  private @Nullable Fields trailers;

  FilterFlow(FilterChain chain) {
    this.chain = chain;
  }

  // ---- what a direction is ----

  abstract void callHead(FilterPort port, boolean end);

  abstract void callData(FilterPort port, ByteBuffer data);

  abstract void callTrailers(FilterPort port, Fields section);

  abstract boolean callEnd(FilterPort port);

  abstract void passHead(boolean end);

  abstract void passData(ByteBuffer data, boolean end);

  abstract void passTrailers(Fields section);

  abstract void passEnd();

  /** A filter will change the length of the content. */
  void onRewriting() {
    rewritten = true;
  }

  // ---- the beginning ----

  void open(FilterPort[] inOrder, int portCount) {
    ports = inOrder;
    count = portCount;
    restart(0);
  }

  /** Begins anew behind some places; what they hold is forgotten. */
  void restart(int firstPlace) {
    for (int i = 0; i < count; i++) {
      ports[i].clear();
    }
    first = firstPlace;
    headAt = firstPlace;
    endAt = firstPlace;
    headCame = false;
    headEnds = false;
    headPassed = false;
    rewritten = false;
    ended = false;
    endPassed = false;
    hasTrailers = false;
    tunnel = false;
  }

  /** Nothing passes the filters any more: what comes goes by them. */
  void enterTunnel() {
    tunnel = true;
    for (int i = 0; i < count; i++) {
      ports[i].cancelHold();
    }
  }

  // ---- what comes ----

  void head(boolean end) {
    headCame = true;
    headEnds = end;
    ended = end;
    advance();
  }

  int data(ByteBuffer data, boolean end) {
    int from = data.position();
    if (chain.halted() || !headPassed) {
      return 0;
    }
    flush();
    if (tunnel) {
      if (!pending()) {
        passData(data, end);
      }
    } else if (!chain.halted()) {
      offer(first, data);
      if (end && !data.hasRemaining()) {
        end();
      }
    }
    return data.position() - from;
  }

  void trailers(Fields section) {
    Fields kept = trailers;
    if (kept == null) {
      kept = new Fields(section.fieldBytesMax(), section.fieldCountMax());
      trailers = kept;
    }
    hasTrailers = kept.copyFrom(section);
    end();
  }

  void end() {
    if (tunnel) {
      passEnd();
      return;
    }
    ended = true;
    advance();
  }

  // ---- how it goes on ----

  /** Goes as far as it can: after something came, was let go of, or found room. */
  void advance() {
    if (chain.halted() || !headCame || !headsTold()) {
      return;
    }
    if (!headPassed && (!headEnds || rewritten)) {
      headPassed = true;
      passHead(false);
    }
    if (headPassed) {
      flush();
    }
    if (ended && !tunnel) {
      advanceEnd();
    }
  }

  private boolean headsTold() {
    while (true) {
      if (headAt > first && ports[headAt - 1].held()) {
        return false;
      }
      if (headAt == count) {
        return true;
      }
      FilterPort port = ports[headAt++];
      port.stage.enter(port, true);
      try {
        callHead(port, headEnds);
      } catch (RuntimeException e) {
        chain.broken(e);
      } finally {
        port.stage.leave();
      }
      if (chain.halted()) {
        return false;
      }
    }
  }

  /** Offers content to a place; its position moves by what is consumed there. */
  private void offer(int place, ByteBuffer data) {
    if (place == count) {
      passData(data, false);
      return;
    }
    FilterPort port = ports[place];
    if (port.held() || !data.hasRemaining()) {
      return;
    }
    int from = data.position();
    long before = port.written;
    port.stage.enter(port, false);
    try {
      callData(port, data);
    } catch (RuntimeException e) {
      chain.broken(e);
    } finally {
      port.stage.leave();
    }
    if (!port.rewrites && port.written - before != data.position() - from && !chain.halted()) {
      chain.fail("a filter changed the length of the content without rewriteContent");
    }
  }

  /** What a filter puts out. */
  int write(FilterPort port, ByteBuffer bytes) {
    int from = bytes.position();
    if (headPassed && port.buffer.isEmpty() && !chain.halted()) {
      offer(port.place + 1, bytes);
    }
    if (port.rewrites && bytes.hasRemaining() && !chain.halted()) {
      if (!port.buffer.put(chain.stream().loop().heapBuffers(), bytes)) {
        chain.exhausted();
      }
    }
    int taken = bytes.position() - from;
    port.written += taken;
    return taken;
  }

  /** Whether a filter's output waits. */
  boolean pending() {
    for (int i = first; i < count; i++) {
      if (!ports[i].buffer.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  boolean held() {
    for (int i = first; i < count; i++) {
      if (ports[i].held()) {
        return true;
      }
    }
    return false;
  }

  private void flush() {
    for (int i = count - 1; i >= first && !chain.halted(); i--) {
      FilterBuffer buffer = ports[i].buffer;
      if (!buffer.isEmpty()) {
        offer(i + 1, buffer.lend());
        buffer.returned();
      }
    }
  }

  private void advanceEnd() {
    while (!stopped(endAt)) {
      if (endAt == count) {
        finish();
        return;
      }
      FilterPort port = ports[endAt];
      if (port.held()) {
        return;
      }
      if (hasTrailers && !port.trailersTold) {
        port.trailersTold = true;
        tellTrailers(port);
      } else if (tellEnd(port)) {
        endAt++;
      } else if (port.held() || !port.buffer.isEmpty()) {
        return;
      }
    }
  }

  /** Whether the end can't come to a place yet. */
  private boolean stopped(int place) {
    if (chain.halted()) {
      return true;
    }
    if (place == first) {
      return false;
    }
    FilterPort before = ports[place - 1];
    return before.held() || !before.buffer.isEmpty();
  }

  private void tellTrailers(FilterPort port) {
    Fields section = trailers;
    assert section != null;
    port.stage.enter(port, false);
    try {
      callTrailers(port, section);
    } catch (RuntimeException e) {
      chain.broken(e);
    } finally {
      port.stage.leave();
    }
  }

  /** Whether the filter has written everything. */
  private boolean tellEnd(FilterPort port) {
    long before = port.written;
    port.stage.enter(port, false);
    boolean done = false;
    try {
      done = callEnd(port);
    } catch (RuntimeException e) {
      chain.broken(e);
    } finally {
      port.stage.leave();
    }
    if (!port.rewrites && port.written != before && !chain.halted()) {
      chain.fail("a filter added content without rewriteContent");
    }
    if (!done && port.written == before && !port.held() && port.buffer.isEmpty()) {
      if (!chain.halted()) {
        chain.fail("a filter has more to write, and did not write it");
      }
    }
    return done;
  }

  private void finish() {
    if (endPassed) {
      return;
    }
    endPassed = true;
    Fields section = trailers;
    if (!headPassed) {
      headPassed = true;
      passHead(true);
    } else if (hasTrailers && section != null) {
      passTrailers(section);
    } else {
      passEnd();
    }
  }

  final boolean headHasPassed() {
    return headPassed;
  }
}
