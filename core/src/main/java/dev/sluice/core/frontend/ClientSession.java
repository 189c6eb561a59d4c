package dev.sluice.core.frontend;

import dev.sluice.core.backend.pool.SessionConnections;
import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionKeeper;
import dev.sluice.core.loop.Interest;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.ClientFacts;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.stream.StreamSettings;
import org.jspecify.annotations.Nullable;

/** A client's connection, as its frontend sees it. Confined to the connection's loop. */
final class ClientSession implements StreamAcceptor, ConnectionKeeper {
  private final LoopFrontend home;
  private final Listener listener;
  private final SessionConnections serverConnections = new SessionConnections();
  private @Nullable Connection connection;
  private @Nullable ClientFacts facts;

  /** Its place in the list of its loop. */
  int index;

  private boolean hadMux;
  private long exchanges;

  /** When the head began that is being read, if {@link #headUnderWay}. */
  private long headBeganNanos;

  private boolean headUnderWay;

  ClientSession(LoopFrontend home, Listener listener) {
    this.home = home;
    this.listener = listener;
  }

  void connection(Connection accepted) {
    connection = accepted;
  }

  @Nullable Connection connection() {
    return connection;
  }

  /** How many exchanges it has brought. */
  long exchanges() {
    return exchanges;
  }

  @Override
  public void headBegun() {
    headUnderWay = true;
    headBeganNanos = home.loop().nowNanos();
  }

  private long takeBeginning(long nowNanos) {
    long began = headUnderWay ? headBeganNanos : nowNanos;
    headUnderWay = false;
    return began;
  }

  @Override
  public StreamHandler accept(MuxStream stream) {
    long began = takeBeginning(home.loop().nowNanos());
    exchanges++;
    return home.streams().accept(stream, home.settings(), facts(), serverConnections, began);
  }

  private ClientFacts facts() {
    ClientFacts known = facts;
    if (known == null) {
      Connection c = connection;
      known =
          c == null
              ? ClientFacts.NONE
              : new ClientFacts(c.remoteAddress(), c.localAddress(), c.sessionFacts());
      facts = known;
    }
    return known;
  }

  @Override
  public void rejected(int status, CloseCause cause, String detail) {
    // No stream was made for it, so the record is made here; this is the error path.
    StreamSettings settings = home.settings();
    ExchangeRecord record = new ExchangeRecord();
    long now = home.loop().nowNanos();
    Connection c = connection;
    String protocol = c == null || c.mux() == null ? "" : c.mux().name();
    record.begin(settings.frontend(), protocol, facts(), takeBeginning(now));
    record.status(status);
    if (status > 0) {
      record.firstByte(now);
    }
    // What befalls any connection, as a truncation does, befell the client's here.
    CloseCause.Origin by = cause.origin();
    by = by == CloseCause.Origin.SERVER ? CloseCause.Origin.CLIENT : by;
    record.end(cause, by, detail, now);
    settings.sink().onBegin(home.loop().index());
    settings.sink().onEnd(home.loop().index(), record);
  }

  @Override
  public void onReady(Connection ready) {
    hadMux = true;
    if (home.leaving()) {
      goAway();
    }
  }

  /** The client is told to go elsewhere after one more exchange. */
  void goAway() {
    Connection c = connection;
    Mux mux = c == null ? null : c.mux();
    if (mux != null) {
      mux.goAway();
    }
  }

  /**
   * Closes the connection if it is idle, or when its last exchange is over. One whose handshake is
   * under way goes on to its only exchange; its deadlines hold.
   */
  void drain() {
    Connection c = connection;
    if (c == null) {
      return;
    }
    // A request that is in the socket already came in time. To ask once too often does no harm.
    c.onReady(Interest.READ);
    if (!c.closed() && (c.mux() != null || c.bytesRead() == 0)) {
      c.drain();
    }
  }

  @Override
  public void onCapacityChanged(Connection changed) {
    // A front connection lives as long as its mux wants.
  }

  @Override
  public void onClosed(Connection closed, Failure failure) {
    connection = null;
    serverConnections.end();
    home.remove(this);
    listener.onConnectionClosed();
    if (!hadMux && failure.cause() != CloseCause.CLIENT_ABORT) {
      home.settings()
          .sink()
          .onClientFailed(home.loop().index(), home.settings().frontend(), failure);
    }
  }
}
