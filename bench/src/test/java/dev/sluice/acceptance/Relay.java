package dev.sluice.acceptance;

import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.IntSupplier;

/**
 * Stands between two ends of TCP connections and cuts what passes anew, in both directions. Every
 * piece arrives at a time of its own, so that each is a read of its own. Watches the records that
 * pass: none may be longer than TLS allows (RFC 8446 5.2, RFC 5246 6.2.3).
 */
final class Relay {
  private static final int HEADER_BYTES = 5;
  private static final int RECORD_BYTES_MAX = 16_384 + 256;
  private static final int PIECE_BYTES_MAX = 65_536;
  private static final int PARTS = 7;
  private static final long GAP_NANOS = 1_000;
  private static final long HOLD_NANOS = 2_000_000;

  private final Simulation simulation;
  private final Cutting cutting;
  private int names;

  private Relay(Simulation simulation, Cutting cutting) {
    this.simulation = simulation;
    this.cutting = cutting;
  }

  /** Listens at an address, and connects each connection on to another. */
  static void between(
      Simulation simulation, InetSocketAddress here, InetSocketAddress there, Cutting cutting) {
    Relay relay = new Relay(simulation, cutting);
    SimServer.listen(
        simulation,
        here,
        near -> {
          ScriptedPeer far =
              ScriptedPeer.connect(
                  simulation, "relay-" + here.getPort() + "-" + relay.names++, there);
          relay.new Direction(near, far);
          relay.new Direction(far, near);
        });
  }

  private final class Direction {
    private final ScriptedPeer to;
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private byte[] record = {};
    private boolean sending;
    private boolean flushing;
    private boolean ended;
    private boolean byReset;

    Direction(ScriptedPeer from, ScriptedPeer to) {
      this.to = to;
      from.onBytes((peer, bytes) -> onBytes(bytes));
      from.onEnd(
          peer -> {
            ended = true;
            byReset = peer.wasReset() || peer.refused();
            flushHeld();
            proceed();
          });
    }

    private void onBytes(byte[] bytes) {
      watch(bytes);
      switch (cutting) {
        case BYTES -> cut(bytes, () -> 1);
        case RANDOM -> cut(bytes, () -> simulation.random().nextInt(1, 2_001));
        case COALESCED -> {
          held.writeBytes(bytes);
          if (!flushing) {
            flushing = true;
            simulation.network().schedule(HOLD_NANOS, this::flushHeld);
          }
        }
        case RECORDS_IN_PARTS -> {
          // The watch has kept what is no whole record yet.
        }
      }
      proceed();
    }

    private void cut(byte[] bytes, IntSupplier length) {
      for (int at = 0; at < bytes.length; ) {
        int n = Math.min(length.getAsInt(), bytes.length - at);
        pieces.add(Arrays.copyOfRange(bytes, at, at + n));
        at += n;
      }
    }

    private void flushHeld() {
      flushing = false;
      if (held.size() > 0) {
        byte[] all = held.toByteArray();
        held.reset();
        cut(all, () -> PIECE_BYTES_MAX);
        proceed();
      }
    }

    private void watch(byte[] bytes) {
      byte[] all = Arrays.copyOf(record, record.length + bytes.length);
      System.arraycopy(bytes, 0, all, record.length, bytes.length);
      int at = 0;
      while (all.length - at >= HEADER_BYTES) {
        int length = ((all[at + 3] & 0xff) << 8) | (all[at + 4] & 0xff);
        if (length > RECORD_BYTES_MAX) {
          throw new AssertionError("a record of " + length + " bytes");
        }
        int end = at + HEADER_BYTES + length;
        if (end > all.length) {
          break;
        }
        if (cutting == Cutting.RECORDS_IN_PARTS) {
          int part = Math.max(1, (end - at + PARTS - 1) / PARTS);
          cut(Arrays.copyOfRange(all, at, end), () -> part);
        }
        at = end;
      }
      record = Arrays.copyOfRange(all, at, all.length);
    }

    private void proceed() {
      if (sending) {
        return;
      }
      byte[] next = pieces.poll();
      if (next != null) {
        sending = true;
        to.write(next);
        simulation
            .network()
            .schedule(
                GAP_NANOS,
                () -> {
                  sending = false;
                  proceed();
                });
      } else if (ended && !flushing) {
        if (byReset) {
          to.resetNow();
        } else {
          to.shutdownOutput();
        }
      }
    }
  }
}
