package dev.sluice.core.testkit;

import dev.sluice.core.backend.resolve.NameAnswer;
import dev.sluice.core.backend.resolve.NameResolver;
import dev.sluice.core.loop.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A resolver that says what the test has told it to; fails the run if it is asked on a loop. */
public final class ScriptedResolver implements NameResolver {
  private final Simulation simulation;
  private final List<String> hosts = new ArrayList<>();
  private final List<CompletableFuture<NameAnswer>> unanswered = new ArrayList<>();
  private @Nullable NameAnswer answer;
  private @Nullable IOException failure;

  /** Leaves lookups unanswered until told otherwise. */
  public ScriptedResolver(Simulation simulation) {
    this.simulation = simulation;
  }

  /** Answers with these addresses from now on, which hold for a while. */
  public ScriptedResolver answers(Duration ttl, String... addresses) {
    return answersWith(new NameAnswer(addresses(addresses), ttl));
  }

  /** Answers with these addresses from now on, and doesn't tell for how long they hold. */
  public ScriptedResolver answersWithoutTtl(String... addresses) {
    return answersWith(new NameAnswer(addresses(addresses), null));
  }

  private ScriptedResolver answersWith(NameAnswer with) {
    answer = with;
    failure = null;
    return this;
  }

  /** Fails from now on. */
  public ScriptedResolver fails() {
    failure = new UnknownHostException("told to fail");
    return this;
  }

  /** Leaves lookups unanswered from now on. */
  public ScriptedResolver hangs() {
    answer = null;
    failure = null;
    return this;
  }

  /** Answers what was left unanswered, in the way that holds now. */
  public void answerLate() {
    NameAnswer with = answer;
    assert with != null : "nothing to answer";
    List<CompletableFuture<NameAnswer>> waiting = List.copyOf(unanswered);
    unanswered.clear();
    waiting.forEach(each -> each.complete(with));
  }

  /** Returns the hosts that were asked for, in their order. */
  public List<String> hosts() {
    return List.copyOf(hosts);
  }

  /** Returns how often it was asked. */
  public int lookups() {
    return hosts.size();
  }

  @Override
  public CompletionStage<NameAnswer> resolve(String host) throws IOException {
    for (EventLoop loop : simulation.loops()) {
      if (loop.inLoop()) {
        throw simulation.failure("a lookup on the loop " + loop.name(), null);
      }
    }
    hosts.add(host);
    IOException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
    NameAnswer with = answer;
    if (with != null) {
      return CompletableFuture.completedFuture(with);
    }
    CompletableFuture<NameAnswer> later = new CompletableFuture<>();
    unanswered.add(later);
    return later;
  }

  private static List<InetAddress> addresses(String... texts) {
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : texts) {
      try {
        addresses.add(InetAddress.getByName(text));
      } catch (UnknownHostException e) {
        throw new AssertionError("only literal addresses are looked up by nobody", e);
      }
    }
    return addresses;
  }
}
