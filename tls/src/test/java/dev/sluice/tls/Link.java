package dev.sluice.tls;

import java.util.Arrays;
import java.util.Random;

/** A wire between two peers that cuts the bytes as it is told. */
final class Link {
  /** How many bytes the next piece has, of those that are left. */
  interface Cut {
    int next(int left);
  }

  static final Cut WHOLE = left -> left;
  static final Cut SINGLE_BYTES = left -> 1;

  private Link() {}

  static Cut random(long seed) {
    Random random = new Random(seed);
    return left -> 1 + random.nextInt(Math.min(left, random.nextBoolean() ? 20 : 5_000));
  }

  /** Passes bytes both ways until nothing moves any more. */
  static void run(TlsPeer client, TlsPeer server, Cut cut) {
    for (int turn = 0; turn < 10_000; turn++) {
      boolean moved = pass(client, server, cut);
      moved |= pass(server, client, cut);
      if (!moved) {
        return;
      }
    }
    throw new AssertionError("the peers never come to rest");
  }

  static void run(TlsPeer client, TlsPeer server) {
    run(client, server, WHOLE);
  }

  /** Passes what one end has to say. */
  static boolean pass(TlsPeer from, TlsPeer to, Cut cut) {
    byte[] bytes = from.drain();
    deliver(bytes, to, cut);
    return bytes.length > 0;
  }

  static void deliver(byte[] bytes, TlsPeer to, Cut cut) {
    int at = 0;
    while (at < bytes.length) {
      int end = at + cut.next(bytes.length - at);
      to.feed(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
  }
}
