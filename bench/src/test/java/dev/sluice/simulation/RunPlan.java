package dev.sluice.simulation;

import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.handshake.PeerScript.Moment;
import dev.sluice.simulation.Exchange.ClientTurn;
import dev.sluice.simulation.Exchange.Framing;
import dev.sluice.simulation.Exchange.ServerTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What the seed has planned for one run: the network, the engine, and the peers. */
final class RunPlan {
  private static final long MILLI = 1_000_000L;

  /** How a run ends. */
  enum Finish {
    /** Everybody comes to an end by himself. */
    QUIET,
    /** The engine is drained in the middle of things. */
    DRAIN,
    /** The engine is stopped in the middle of things. */
    STOP
  }

  /** Something that goes wrong with a server at a time. */
  enum Trouble {
    /** It refuses connections for a while. */
    REFUSES,
    /** It answers no attempt to connect for a while. */
    UNREACHABLE,
    /** It closes whatever connections are idle. */
    CLOSES_IDLE,
    /** It resets whatever connections are idle. */
    RESETS_IDLE,
    /** The network resets its oldest connection. */
    LINK_RESET,
    /** The executor does nothing for a while. */
    STEPS_HELD,
    /** The next mux to it can't be made; the test mux only. */
    NO_MUX,
    /** The next mux to it refuses its first stream; the test mux only. */
    NO_ATTACH
  }

  /** A trouble with its time. */
  record Incident(Kind kind, Trouble trouble, long atNanos, long nanos) {}

  /** What a server does in the handshake of one connection; {@code silent} means nothing. */
  record Death(Moment moment, boolean byReset, boolean silent, long delayNanos) {
    static final Death NONE = new Death(Moment.NEVER, false, false, 0);

    boolean isFault() {
      return silent || moment != Moment.NEVER;
    }
  }

  /** One client: where it connects, what it speaks, how it sends, what it asks for. */
  record Client(
      boolean secure,
      boolean h2,
      boolean offersAlpn,
      int depth,
      long startNanos,
      boolean dud,
      Moment dudMoment,
      boolean dudByReset,
      List<Exchange> exchanges) {}

  final long seed;
  final boolean realTls;
  final boolean hostile;
  final SimOptions options;
  final int loops;
  final int lentSteps;
  final boolean limited;
  final long idleNanos;
  final Finish finish;
  final long finishNanos;
  final double suspendRate;
  final List<Client> clients = new ArrayList<>();
  final List<Incident> incidents = new ArrayList<>();
  private final SplittableRandom random;
  private final double deathRate;
  private int nextId = 1;

  RunPlan(long seed, boolean realTls) {
    this.seed = seed;
    this.realTls = realTls;
    // Apart from the simulation's own, which begins with the same seed.
    random = new SplittableRandom(seed ^ 0x5DEECE66DL).split().split();
    hostile = random.nextInt(3) == 0;
    SimOptions rough = SimOptions.rough(random);
    rough =
        rough.withBuffers(
            Math.max(2048, rough.sendBufferBytes()), Math.max(2048, rough.receiveBufferBytes()));
    options =
        hostile
            ? rough.withFaults(
                random.nextDouble(0.1),
                random.nextDouble(0.05),
                random.nextDouble(0.02),
                random.nextDouble(0.02),
                random.nextLong(1, 1_500 * MILLI),
                1 + random.nextInt(6))
            : rough;
    limited = random.nextInt(3) == 0;
    loops = List.of(1, 2, 4).get(random.nextInt(3));
    lentSteps = random.nextInt(3);
    idleNanos = List.of(20 * MILLI, 300 * MILLI, 10_000 * MILLI).get(random.nextInt(3));
    finish =
        switch (random.nextInt(6)) {
          case 0 -> Finish.DRAIN;
          case 1 -> Finish.STOP;
          default -> Finish.QUIET;
        };
    finishNanos = random.nextLong(60 * MILLI);
    suspendRate = random.nextInt(3) == 0 ? 0.2 : 0;
    deathRate = random.nextInt(2) == 0 ? 0.15 : 0;
    planClients();
    planIncidents();
  }

  private void planClients() {
    int count = 8 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      boolean secure = i % 2 == 1;
      List<Exchange> exchanges = new ArrayList<>();
      int asks = 3 + random.nextInt(3);
      // Three clients at least do something wrong in every run.
      int wrong = i < 3 || random.nextInt(5) == 0 ? random.nextInt(asks) : -1;
      for (int j = 0; j < asks; j++) {
        exchanges.add(exchange(secure, j == wrong));
      }
      boolean dud = random.nextInt(6) == 0;
      boolean h2 = random.nextInt(3) == 0;
      Moment[] moments = {
        Moment.AFTER_ACCEPT, Moment.AFTER_HELLO, Moment.IN_ANSWER, Moment.AFTER_HANDSHAKE
      };
      clients.add(
          new Client(
              secure,
              h2,
              random.nextInt(3) > 0,
              1 + random.nextInt(3),
              random.nextLong(100 * MILLI),
              dud,
              moments[random.nextInt(4)],
              random.nextBoolean(),
              exchanges));
    }
  }

  private Exchange exchange(boolean secure, boolean clientFault) {
    Kind kind =
        Kind.values()[
            random.nextInt(20) == 0
                ? 3
                : List.of(0, 1, 2, 4, 0, 1, 5, 6, 3).get(random.nextInt(9))];
    String method = List.of("GET", "GET", "POST", "PUT", "HEAD").get(random.nextInt(5));
    boolean content = method.equals("POST") || method.equals("PUT");
    ClientTurn clientTurn = ClientTurn.NONE;
    if (clientFault) {
      clientTurn =
          List.of(
                  ClientTurn.RESET_IN_REQUEST,
                  ClientTurn.CLOSE_AFTER_REQUEST,
                  ClientTurn.CLOSE_AFTER_REQUEST,
                  ClientTurn.RESET_AFTER_REQUEST,
                  ClientTurn.RESET_AFTER_REQUEST,
                  ClientTurn.RESET_IN_ANSWER,
                  ClientTurn.STALL)
              .get(random.nextInt(7));
    } else if (!secure && random.nextInt(10) == 0) {
      clientTurn = ClientTurn.HALF_CLOSE;
    }
    ServerTurn serverTurn = ServerTurn.NONE;
    Framing framing = random.nextInt(3) == 0 ? Framing.CHUNKED : Framing.LENGTH;
    if (!kind.multiplexes() && random.nextInt(8) == 0) {
      framing = Framing.UNTIL_CLOSE;
    }
    int dice = random.nextInt(24);
    if (dice < 7) {
      serverTurn =
          List.of(
                  ServerTurn.RESET,
                  ServerTurn.CLOSE,
                  ServerTurn.RESET_IN_CONTENT,
                  ServerTurn.CLOSE_IN_CONTENT,
                  ServerTurn.SILENCE,
                  ServerTurn.GARBAGE,
                  ServerTurn.DEAF)
              .get(dice);
    } else if (dice < 9) {
      serverTurn = ServerTurn.LAST_ONE;
    }
    if (serverTurn == ServerTurn.CLOSE_IN_CONTENT && framing == Framing.UNTIL_CLOSE) {
      // Nobody could tell that from a good end.
      serverTurn = ServerTurn.RESET_IN_CONTENT;
    }
    int requestBytes = content ? size() : 0;
    if (serverTurn == ServerTurn.DEAF) {
      method = "POST";
      requestBytes = 150_000;
      content = true;
    }
    return new Exchange(
        nextId++,
        kind,
        method,
        requestBytes,
        content && random.nextInt(3) == 0 ? Framing.CHUNKED : Framing.LENGTH,
        size(),
        framing,
        random.nextInt(4) == 0 ? random.nextLong(50 * MILLI) : 0,
        clientTurn,
        serverTurn,
        1 + random.nextInt(2));
  }

  private int size() {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> random.nextInt(30_000);
      case 2, 3, 4 -> random.nextInt(4_000);
      default -> random.nextInt(600);
    };
  }

  private void planIncidents() {
    int count = random.nextInt(4);
    Trouble[] troubles = Trouble.values();
    for (int i = 0; i < count; i++) {
      Trouble trouble = troubles[random.nextInt(troubles.length)];
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      if (trouble == Trouble.NO_MUX || trouble == Trouble.NO_ATTACH) {
        kind = Kind.MULTI;
      }
      incidents.add(
          new Incident(
              kind,
              trouble,
              random.nextLong(400 * MILLI),
              random.nextLong(
                  trouble == Trouble.UNREACHABLE || trouble == Trouble.STEPS_HELD
                      ? 4_000 * MILLI
                      : 300 * MILLI)));
    }
  }

  /** What the next connection that a server accepts comes to; asked in the order of accepting. */
  Death nextDeath(Kind kind) {
    if (!kind.shakesHands() || random.nextDouble() >= deathRate) {
      return new Death(
          Moment.NEVER, false, false, random.nextInt(4) == 0 ? random.nextLong(80 * MILLI) : 0);
    }
    Moment[] moments = {
      Moment.AFTER_ACCEPT, Moment.AFTER_HELLO, Moment.IN_ANSWER, Moment.AFTER_HANDSHAKE
    };
    boolean silent = random.nextInt(5) == 0;
    return new Death(
        silent ? Moment.NEVER : moments[random.nextInt(4)], random.nextBoolean(), silent, 0);
  }

  /** Randomness for decisions on the way. */
  SplittableRandom random() {
    return random;
  }

  List<Exchange> exchanges() {
    List<Exchange> all = new ArrayList<>();
    for (Client client : clients) {
      all.addAll(client.exchanges());
    }
    return all;
  }
}
