package dev.sluice.core.testkit;

import dev.sluice.core.loop.AcceptHandler;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.IoHandler;
import dev.sluice.core.loop.ListenOptions;
import dev.sluice.core.loop.LooseSocket;
import dev.sluice.core.loop.Poller;
import dev.sluice.core.loop.PollerHost;
import dev.sluice.core.loop.TcpAcceptor;
import dev.sluice.core.loop.TcpSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The poller of one simulated loop. It never waits: {@link Simulation} drives the loop when there
 * is something to do, and moves the clock when there isn't.
 *
 * <p>Ready sockets are reported level-triggered like a selector does, in an order and in portions
 * that the seed decides.
 */
public final class SimPoller implements Poller {
  private final SimNetwork network;
  private final SplittableRandom random;
  private final List<TcpSocket> open = new ArrayList<>();
  private final List<TcpAcceptor> acceptors = new ArrayList<>();

  /** Whatever may have become ready; those that turn out not to be leave the list. */
  private SimReady[] candidates = new SimReady[16];

  private int candidateCount;
  private SimReady[] polled = new SimReady[16];
  private @Nullable PollerHost host;
  private boolean closed;
  private long emptyReads;

  SimPoller(SimNetwork network, SplittableRandom random) {
    this.network = network;
    this.random = random;
  }

  void onRead(int count) {
    if (count == 0) {
      emptyReads++;
    }
  }

  /** Returns how many reads of the loop's sockets have found nothing. */
  public long emptyReads() {
    return emptyReads;
  }

  @Override
  public void attach(PollerHost host) {
    this.host = host;
  }

  @Override
  public TcpSocket connect(SocketAddress remote, @Nullable SocketAddress local, IoHandler handler)
      throws IOException {
    assertInLoop();
    return add(new SimSocket(this, network.connect(remote, local), handler));
  }

  @Override
  public TcpSocket adopt(LooseSocket accepted, IoHandler handler) {
    assertInLoop();
    if (!(accepted instanceof SimLooseSocket simulated)) {
      throw new IllegalArgumentException("not accepted by a simulated poller: " + accepted);
    }
    return add(new SimSocket(this, simulated.take(), handler));
  }

  @Override
  public LooseSocket release(TcpSocket socket) {
    assertInLoop();
    if (!(socket instanceof SimSocket simulated) || !simulated.open()) {
      throw new IllegalArgumentException("not an open socket of a simulated poller: " + socket);
    }
    return simulated.loosen();
  }

  @Override
  public TcpAcceptor listen(SocketAddress local, ListenOptions options, AcceptHandler handler)
      throws IOException {
    assertInLoop();
    SimAcceptor acceptor = new SimAcceptor(this, network, local, options, handler);
    acceptors.add(acceptor);
    return acceptor;
  }

  @Override
  public int poll(long timeoutNanos) {
    int count = candidateCount;
    if (polled.length < count) {
      polled = new SimReady[candidates.length];
    }
    System.arraycopy(candidates, 0, polled, 0, count);
    // Now and then a selector returns before all that is going to be ready is.
    int portion = count > 1 && random.nextInt(4) == 0 ? 1 + random.nextInt(count) : count;
    int dispatched = 0;
    for (int i = 0; i < count; i++) {
      int pick = i + random.nextInt(count - i);
      SimReady ready = polled[pick];
      polled[pick] = polled[i];
      polled[i] = ready;
      if (dispatched >= portion) {
        continue;
      }
      int ops = ready.readyOps();
      if (ops == 0 && ready.wantedOps() != 0 && network.spurious()) {
        ops = ready.wantedOps();
      }
      if (ops != 0) {
        dispatched++;
        ready.dispatch(ops);
      }
    }
    return dispatched;
  }

  @Override
  public void wakeup() {
    // A simulated poller never waits.
  }

  @Override
  public int openSockets() {
    return open.size();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (TcpSocket socket : List.copyOf(open)) {
      socket.close();
    }
    for (TcpAcceptor acceptor : List.copyOf(acceptors)) {
      acceptor.close();
    }
  }

  /** Returns how many sockets listen on this poller. */
  public int openAcceptors() {
    return acceptors.size();
  }

  /** Returns the sockets that are open, in the order of their opening. */
  public List<TcpSocket> sockets() {
    return List.copyOf(open);
  }

  /** Told of each open socket, by its handler and its end of the connection. */
  @FunctionalInterface
  public interface SocketVisitor {
    /** Called for one of them; must only look. */
    void visit(IoHandler handler, SimEndpoint endpoint);
  }

  /** Shows all open sockets to a visitor, in the order of their opening. */
  public void visit(SocketVisitor visitor) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i) instanceof SimSocket socket) {
        visitor.visit(socket.handler(), socket.endpoint());
      }
    }
  }

  /** Tells whether a poll would report something. */
  boolean hasReady() {
    boolean found = false;
    int kept = 0;
    for (int i = 0; i < candidateCount; i++) {
      SimReady candidate = candidates[i];
      if (candidate.readyOps() == 0) {
        candidate.listed = false;
      } else {
        found = true;
        candidates[kept++] = candidate;
      }
    }
    candidateCount = kept;
    return found;
  }

  void addCandidate(SimReady ready) {
    if (ready.listed) {
      return;
    }
    ready.listed = true;
    if (candidateCount == candidates.length) {
      candidates = Arrays.copyOf(candidates, candidateCount * 2);
    }
    candidates[candidateCount++] = ready;
  }

  void dispatch(IoHandler handler, TcpSocket socket, int readyOps) {
    host().dispatch(handler, socket, readyOps);
  }

  void report(String what, Throwable failure) {
    host().report(what, failure);
  }

  void onClosed(Object closed) {
    open.remove(closed);
    acceptors.remove(closed);
  }

  void assertInLoop() {
    if (host instanceof EventLoop loop) {
      assert loop.inLoop() : "touched from outside of its loop: " + loop.name();
    }
  }

  private TcpSocket add(SimSocket socket) {
    open.add(socket);
    return socket;
  }

  private PollerHost host() {
    PollerHost attached = host;
    if (attached == null) {
      throw new IllegalStateException("no loop drives this poller");
    }
    return attached;
  }
}
