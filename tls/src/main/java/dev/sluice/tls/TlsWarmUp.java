package dev.sluice.tls;

import dev.sluice.core.time.NanoClock;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsPrimitives;
import dev.sluice.tls.engine.bc.PrimitiveProbe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings handshakes and records to their steady state before the first client comes: as bytecode
 * that the JIT has not compiled yet, public-key arithmetic and AEAD run at a small fraction of
 * their speed for the first seconds. Engines talk to each other in memory, with certificates of
 * their own, until the pace no longer rises or the budget is used up. Any thread; takes a whole
 * processor.
 */
public final class TlsWarmUp {
  private static final NanoClock CLOCK = NanoClock.system();
  private static final int HANDSHAKES_PER_ROUND = 20;
  private static final int RECORDS_PER_ROUND = 200;

  /** Rounds in a row without a faster one: the pace no longer rises. */
  private static final int STEADY_ROUNDS = 8;

  private static final int STEADY_PERCENT = 97;
  private static final String NAME = "warm-up.invalid";

  /**
   * What a warm-up came to.
   *
   * @param took how long it took
   * @param handshakes how many handshakes were made
   * @param records how many full records were sealed and opened
   * @param steady whether it ended because the pace no longer rose
   */
  public record Report(Duration took, int handshakes, int records, boolean steady) {}

  private final ByteBuffer up = ByteBuffer.allocate(2 * TlsEngine.RECORD_BYTES_MAX).limit(0);
  private final ByteBuffer down = ByteBuffer.allocate(2 * TlsEngine.RECORD_BYTES_MAX).limit(0);
  private final ByteBuffer plain = ByteBuffer.allocate(TlsEngine.PLAIN_BYTES_MAX);
  private final ByteBuffer content = ByteBuffer.allocate(TlsEngine.CONTENT_BYTES_MAX);
  private final List<Pair> pairs = new ArrayList<>();
  private int handshakes;
  private int records;

  private record Pair(TlsClientConfig client, TlsServerConfig server) {}

  private TlsWarmUp() {
    DevelopmentCertificates authority = DevelopmentCertificates.create();
    TlsTrust trust = TlsTrust.of(authority.certificate());
    // Twice as often the kind of certificate that most will have.
    for (KeyType kind : List.of(KeyType.ECDSA_P256, KeyType.ECDSA_P256, KeyType.RSA_2048)) {
      pairs.add(
          new Pair(
              TlsClientConfig.builder()
                  .trust(trust)
                  .applicationProtocols("h2")
                  .sessionLifetime(Duration.ZERO)
                  .build(),
              TlsServerConfig.builder()
                  .identity(authority.server(kind, NAME))
                  .applicationProtocols("h2")
                  .build()));
    }
  }

  /**
   * Warms up.
   *
   * @param budget how long it may take
   */
  public static Report run(Duration budget) {
    return new TlsWarmUp().warm(CLOCK.nanoTime(), budget.toNanos());
  }

  /**
   * Measures which of JDK and BouncyCastle computes each primitive faster here; of use only once
   * both are warm, so it warms each of them before.
   *
   * @param each how long to spend on each of the six primitives and each of the two, once to warm
   *     up and once to measure
   */
  public static TlsPrimitives.Probe probe(Duration each) {
    return PrimitiveProbe.measure(each.toNanos(), CLOCK::nanoTime);
  }

  private Report warm(long began, long budgetNanos) {
    long best = Long.MAX_VALUE;
    int steady = 0;
    while (steady < STEADY_ROUNDS && CLOCK.nanoTime() - began < budgetNanos) {
      long start = CLOCK.nanoTime();
      for (int i = 0; i < HANDSHAKES_PER_ROUND; i++) {
        connect(pairs.get(i % pairs.size()), i == 0);
      }
      long took = CLOCK.nanoTime() - start;
      boolean faster = took < best * STEADY_PERCENT / 100;
      steady = faster ? 0 : steady + 1;
      best = Math.min(best, took);
    }
    Duration took = Duration.ofNanos(CLOCK.nanoTime() - began);
    return new Report(took, handshakes, records, steady == STEADY_ROUNDS);
  }

  private void connect(Pair pair, boolean withRecords) {
    TlsEngine client = pair.client.newEngine(NAME);
    TlsEngine server = pair.server.newEngine();
    up.clear().limit(0);
    down.clear().limit(0);
    while (client.state() == TlsEngineState.HANDSHAKING
        || server.state() == TlsEngineState.HANDSHAKING) {
      step(client, down, up);
      step(server, up, down);
    }
    if (client.state() != TlsEngineState.OPEN || server.state() != TlsEngineState.OPEN) {
      throw new IllegalStateException(
          "a warm-up handshake failed: " + client.failure() + ", " + server.failure());
    }
    handshakes++;
    for (int i = 0; withRecords && i < RECORDS_PER_ROUND; i++) {
      pass(client, server, up);
      pass(server, client, down);
    }
  }

  private static void step(TlsEngine engine, ByteBuffer in, ByteBuffer out) {
    engine.offer(in);
    if (engine.handshakeWorkPending()) {
      engine.runHandshakeStep();
    }
    out.compact();
    engine.drainOutput(out);
    out.flip();
  }

  private void pass(TlsEngine from, TlsEngine to, ByteBuffer wire) {
    content.clear();
    wire.compact();
    from.seal(content, wire);
    wire.flip();
    plain.clear();
    to.open(wire, plain);
    records++;
  }
}
