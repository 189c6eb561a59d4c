package dev.sluice.core.engine;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What an origin of a simulation does, by chance: mostly right, and wrong in every way. */
final class RandomAnswers {
  private static final long MILLI = 1_000_000L;

  private final SplittableRandom random;
  private final boolean negotiates;
  private final boolean multi;
  private final Set<Long> seenPosts = new HashSet<>();
  private final Set<Long> refusedPosts = new HashSet<>();
  private final List<Long> repeated = new ArrayList<>();
  private int faults;

  RandomAnswers(SplittableRandom random, boolean negotiates, boolean multi) {
    this.random = random;
    this.negotiates = negotiates;
    this.multi = multi;
  }

  int faults() {
    return faults;
  }

  /** Requests that came twice although the first had not been refused. */
  List<Long> unsafeRepetitions() {
    return repeated;
  }

  /** The plan of a connection. */
  OriginPlan plan(int number) {
    OriginPlan plan = OriginPlan.clear().answering(this::answer).streamsMax(1 + random.nextInt(8));
    if (random.nextInt(5) == 0) {
      plan = plan.settingsAfter(random.nextLong(200 * MILLI));
    }
    if (!negotiates) {
      PeerScript script = PeerScript.clear();
      if (random.nextInt(12) == 0) {
        faults++;
        script = script.dying(PeerScript.Moment.AFTER_ACCEPT, random.nextBoolean());
      }
      plan = plan.with(script);
      return multi ? plan.multiplexing() : plan;
    }
    return plan.with(script());
  }

  private PeerScript script() {
    // The server changes its mind between connections, as one that is being changed does.
    PeerScript script =
        switch (random.nextInt(4)) {
          case 0 -> PeerScript.agreeing(TestMuxProvider.MULTI);
          case 1 -> PeerScript.agreeing(TestMuxProvider.SINGLE);
          case 2 -> PeerScript.agreeing("");
          default -> PeerScript.agreeing();
        };
    switch (random.nextInt(12)) {
      case 0 -> {
        faults++;
        PeerScript.Moment[] moments = PeerScript.Moment.values();
        script = script.dying(moments[random.nextInt(moments.length)], random.nextBoolean());
      }
      case 1 -> {
        faults++;
        PeerScript.Answer[] wrong = {
          PeerScript.Answer.ALERT, PeerScript.Answer.GARBAGE, PeerScript.Answer.SILENCE
        };
        script = PeerScript.answering(wrong[random.nextInt(wrong.length)]);
      }
      case 2 -> {
        faults++;
        script = PeerScript.agreeing("spdy/3");
      }
      default -> {
        // As it is.
      }
    }
    return random.nextInt(3) == 0 ? script.after(random.nextLong(600 * MILLI)) : script;
  }

  private void answer(OriginRequest request) {
    if (request.method().equals("POST")
        && !seenPosts.add(request.seed())
        && !refusedPosts.contains(request.seed())) {
      repeated.add(request.seed());
    }
    switch (random.nextInt(14)) {
      case 0 ->
          request.whenComplete(() -> request.after(random.nextLong(300 * MILLI), request::answer));
      case 1 -> {
        faults++;
        request.connection().wire().close();
      }
      case 2 -> {
        faults++;
        request.whenComplete(() -> request.connection().wire().reset());
      }
      case 3 -> {
        faults++;
        request.whenComplete(
            () -> {
              request.answerInPart(1);
              request.after(random.nextLong(50 * MILLI), request.connection().wire()::closeNow);
            });
      }
      case 4 -> {
        faults++;
        refusedPosts.add(request.seed());
        request.reset(ResetCode.REFUSED);
      }
      case 5 -> {
        faults++;
        request.reset(ResetCode.INTERNAL_ERROR);
      }
      case 6 -> request.answer();
      case 7 -> {
        request.answerWhenComplete();
        request.connection().peer().drain();
      }
      case 8 -> {
        if (random.nextInt(4) == 0) {
          faults++;
          // Never an answer.
          break;
        }
        request.answerWhenComplete();
      }
      default -> request.answerWhenComplete();
    }
  }
}
