package dev.sluice.core.stream;

import dev.sluice.core.backend.Backend;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import dev.sluice.core.transport.TransportTarget;
import java.lang.System.Logger;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks the router and carries out what it says, at once or later. One for each stream, used again.
 * Confined to its loop.
 */
final class Routing implements RoutingCall {
  private static final Logger LOGGER = System.getLogger(Routing.class.getName());

  private final ProxyStream stream;
  private final DeadlineTimer deadlineTimer = new DeadlineTimer();
  private State state = State.CLOSED;
  private @Nullable String backend;
  private @Nullable FixedResponse response;
  private @Nullable TransportTarget destination;
  private @Nullable RoutingSuspension suspension;

  /** What the router has said. */
  private enum State {
    /** It isn't asked. */
    CLOSED,
    /** It is being asked, and has said nothing. */
    ASKED,
    /** Forward, or answer. */
    DECIDED,
    /** Later. */
    SUSPENDED
  }

  Routing(ProxyStream stream) {
    this.stream = stream;
  }

  /** Asks the router, if there is one. */
  void begin() {
    Router router = stream.settings().router();
    if (router == null) {
      followAction();
    } else {
      ask(router);
    }
  }

  /** What the frontend does unless the router has decided. */
  void followAction() {
    StreamSettings settings = stream.settings();
    Backend to = settings.backend();
    FixedResponse answer = settings.response();
    if (to != null) {
      stream.forward(to, null);
    } else if (answer != null) {
      stream.answer(answer);
    } else {
      stream.answerFailure(CloseCause.NO_SERVER, "the frontend has no action");
    }
  }

  private void ask(Router router) {
    state = State.ASKED;
    backend = null;
    response = null;
    destination = null;
    try {
      router.route(this);
    } catch (RuntimeException e) {
      EventLoop loop = stream.loop();
      loop.logLimiter().warn(LOGGER, loop.nowNanos(), "the router failed", e);
      cancel();
      stream.answerFailure(CloseCause.ROUTER_FAILED, "the router failed: " + e);
      return;
    }
    switch (state) {
      case ASKED -> {
        state = State.CLOSED;
        followAction();
      }
      case DECIDED -> carryOut();
      case SUSPENDED -> stream.suspended();
      case CLOSED -> throw new IllegalStateException("the stream ended while its router was asked");
    }
  }

  private void carryOut() {
    state = State.CLOSED;
    FixedResponse answer = response;
    if (answer != null) {
      stream.answer(answer);
      return;
    }
    String name = backend;
    Backend to = name == null ? null : stream.settings().backends().get(name);
    if (to == null) {
      stream.answerFailure(
          CloseCause.ROUTER_FAILED,
          "the router named the backend \"" + name + "\", which does not exist");
      return;
    }
    stream.forward(to, destination);
  }

  /** The decision has come, on the loop. */
  void onResumed(RoutingSuspension from, int generation) {
    if (suspension != from || !stream.isSuspended(generation)) {
      return;
    }
    suspension = null;
    stream.loop().timers().cancel(deadlineTimer);
    backend = from.backend();
    response = from.response();
    carryOut();
  }

  /** The exchange is over: a decision that is still to come is of no use. */
  void cancel() {
    RoutingSuspension waiting = suspension;
    if (waiting != null) {
      suspension = null;
      stream.loop().timers().cancel(deadlineTimer);
      waiting.cancel();
    }
    state = State.CLOSED;
  }

  @Override
  public RequestHead request() {
    return stream.request();
  }

  @Override
  public String frontend() {
    return stream.settings().frontend();
  }

  @Override
  public @Nullable SocketAddress clientAddress() {
    return stream.client().address();
  }

  @Override
  public @Nullable String serverName() {
    return stream.client().serverName();
  }

  @Override
  public void forward(String to) {
    decide(State.DECIDED);
    backend = to;
  }

  @Override
  public void destination(SocketAddress address, @Nullable String serverName) {
    destination = new TransportTarget(address, serverName);
  }

  @Override
  public void answer(FixedResponse with) {
    decide(State.DECIDED);
    response = with;
  }

  @Override
  public Suspension suspend(Duration deadline) {
    decide(State.SUSPENDED);
    RoutingSuspension made = new RoutingSuspension(this, stream.loop(), stream.generation());
    suspension = made;
    stream
        .loop()
        .timers()
        .arm(deadlineTimer, Deadline.after(stream.loop().nowNanos(), deadline.toNanos()));
    return made;
  }

  private void decide(State next) {
    if (state != State.ASKED) {
      throw new IllegalStateException(
          "forward, answer and suspend: exactly one may be called, once, within route");
    }
    state = next;
  }

  private final class DeadlineTimer extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      cancel();
      stream.answerFailure(
          CloseCause.ROUTER_FAILED, "the router's decision did not come by its deadline");
    }

    @Override
    protected void onTimerFailure(Throwable problem) {
      stream.onBroken(problem);
    }
  }
}
