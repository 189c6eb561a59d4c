package dev.sluice.core.stream;

import dev.sluice.core.backend.pool.SessionConnections;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.ClientFacts;
import java.util.ArrayList;
import java.util.List;

/**
 * The streams of a loop: used again, so that an exchange allocates nothing. Confined to its loop.
 */
public final class StreamPool {
  private final EventLoop loop;
  private final int idleMax;
  private final List<ProxyStream> idle = new ArrayList<>();
  private int live;

  /**
   * An empty pool.
   *
   * @param idleMax how many free streams are kept
   */
  public StreamPool(EventLoop loop, int idleMax) {
    this.loop = loop;
    this.idleMax = idleMax;
  }

  /** How many exchanges are under way. */
  public int live() {
    return live;
  }

  /**
   * A front mux has a new exchange.
   *
   * @param session the private connections of the client
   * @param beganNanos when it began, by the loop's clock; now or earlier
   * @return the handler for what the client sends
   */
  public StreamHandler accept(
      MuxStream lower,
      StreamSettings settings,
      ClientFacts client,
      SessionConnections session,
      long beganNanos) {
    ProxyStream stream =
        idle.isEmpty() ? new ProxyStream(loop, this, settings) : idle.remove(idle.size() - 1);
    live++;
    StreamHandler handler = stream.accept(lower, settings, client, session, beganNanos);
    if (settings.mode() == Mode.TCP) {
      stream.beginTcp();
    }
    return handler;
  }

  void giveBack(ProxyStream stream) {
    live--;
    if (idle.size() < idleMax) {
      idle.add(stream);
    }
  }
}
