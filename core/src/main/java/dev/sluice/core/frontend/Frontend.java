package dev.sluice.core.frontend;

import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.connection.ConnectionSettings;
import dev.sluice.core.connection.ConnectionVisitor;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.EventLoopGroup;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.stream.StreamPool;
import dev.sluice.core.stream.StreamSettings;
import java.util.ArrayList;
import java.util.List;

/** Where connections come in. Immutable but for its listeners and sessions; see each method. */
public final class Frontend {
  private final FrontendConfig config;
  private final EventLoopGroup group;
  private final List<LoopFrontend> homes;
  private final List<Listener> listeners = new ArrayList<>();

  /**
   * A frontend without listeners.
   *
   * @param streams the stream pools of the loops, in the order of their indexes
   */
  public Frontend(
      FrontendConfig config,
      StreamSettings settings,
      EventLoopGroup group,
      List<StreamPool> streams) {
    this.config = config;
    this.group = group;
    List<LoopFrontend> made = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      made.add(new LoopFrontend(group.loop(i), streams.get(i), settings));
    }
    this.homes = List.copyOf(made);
  }

  /** Its name. Any thread. */
  public String name() {
    return config.name();
  }

  /** Adds a listener; before the start. */
  public void add(ListenerConfig listener, ConnectionSettings settings, EventLoop acceptLoop) {
    listeners.add(new Listener(this, listener, settings, acceptLoop));
  }

  /** Its listeners, in the order of the configuration. Any thread, after the start. */
  public List<Listener> listeners() {
    return List.copyOf(listeners);
  }

  /** Shows the clients' connections of a loop. On that loop. */
  public void forEachConnection(EventLoop loop, ConnectionVisitor visitor) {
    homes.get(loop.index()).forEachConnection(visitor);
  }

  /** How many sessions live on a loop. On that loop. */
  public int sessionCount(EventLoop loop) {
    return homes.get(loop.index()).sessionCount();
  }

  /** Tells clients to go elsewhere after one more exchange; refuses nobody. On that loop. */
  public void goAway(EventLoop loop) {
    homes.get(loop.index()).goAway();
  }

  /** Ends idle sessions, and the others when their last exchange is over. On that loop. */
  public void drain(EventLoop loop) {
    homes.get(loop.index()).drain();
  }

  /** Ends sessions at once. On that loop. */
  public void closeAll(EventLoop loop, CloseCause cause) {
    homes.get(loop.index()).closeAll(cause);
  }

  LoopFrontend next() {
    return homes.get(group.next().index());
  }
}
