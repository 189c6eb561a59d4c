package dev.sluice.core.testkit.engine;

import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.util.function.Consumer;

/**
 * What an origin does with one connection.
 *
 * @param script the handshake
 * @param multiplexes whether it speaks the multiplexing variant where the handshake agreed on
 *     nothing
 * @param streamsMax how many streams it takes at a time
 * @param settingsDelayNanos how long it waits with its first frame
 * @param answer called with each request whose head has come
 */
public record OriginPlan(
    PeerScript script,
    boolean multiplexes,
    int streamsMax,
    long settingsDelayNanos,
    Consumer<OriginRequest> answer) {

  /** A clear origin that answers every request when it is complete. */
  public static OriginPlan clear() {
    return new OriginPlan(PeerScript.clear(), false, 8, 0, OriginRequest::answerWhenComplete);
  }

  /** An origin that agrees on the multiplexing variant, and answers. */
  public static OriginPlan multi() {
    return clear().with(PeerScript.agreeing(TestMuxProvider.MULTI));
  }

  /** An origin that agrees on the variant of one stream after the other, and answers. */
  public static OriginPlan single() {
    return clear().with(PeerScript.agreeing(TestMuxProvider.SINGLE));
  }

  /** The same with another handshake. */
  public OriginPlan with(PeerScript newScript) {
    return new OriginPlan(newScript, multiplexes, streamsMax, settingsDelayNanos, answer);
  }

  /** The same, speaking the multiplexing variant where nothing was agreed on. */
  public OriginPlan multiplexing() {
    return new OriginPlan(script, true, streamsMax, settingsDelayNanos, answer);
  }

  /** The same with another number of streams. */
  public OriginPlan streamsMax(int count) {
    return new OriginPlan(script, multiplexes, count, settingsDelayNanos, answer);
  }

  /** The same, late with its first frame. */
  public OriginPlan settingsAfter(long nanos) {
    return new OriginPlan(script, multiplexes, streamsMax, nanos, answer);
  }

  /** The same, answering differently. */
  public OriginPlan answering(Consumer<OriginRequest> newAnswer) {
    return new OriginPlan(script, multiplexes, streamsMax, settingsDelayNanos, newAnswer);
  }
}
