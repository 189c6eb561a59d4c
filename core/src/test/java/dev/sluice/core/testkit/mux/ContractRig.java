package dev.sluice.core.testkit.mux;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxOpenException;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.LeakCheck;
import dev.sluice.core.testkit.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One mux on a {@link ContractHost}, with its peer and the streams it has had. */
final class ContractRig {
  final ContractHost host;
  final Mux mux;
  final ContractPeer peer;
  final ContractPeer.Wire wire;
  final List<ContractHandler> handlers = new ArrayList<>();
  final List<MuxStream> streams = new ArrayList<>();
  final List<String> rejected = new ArrayList<>();

  /** Called with each handler before the mux gets it. */
  Consumer<ContractHandler> prepare = handler -> {};

  private final Side side;
  private final boolean http;
  private final LeakCheck leaks;

  ContractRig(MuxProvider provider, ContractPeer peer, Side side, boolean http, boolean halfClose) {
    this.side = side;
    this.http = http;
    this.peer = peer;
    Simulation simulation = new Simulation(1);
    EventLoop loop = simulation.addLoop();
    this.leaks = simulation.leakCheck();
    this.host = new ContractHost(simulation, loop, side, halfClose);
    try {
      this.mux =
          side == Side.FRONT ? provider.openFront(host, new Acceptor()) : provider.openBack(host);
    } catch (MuxOpenException e) {
      throw new AssertionError(e);
    }
    host.mux(mux);
    this.wire =
        new ContractPeer.Wire() {
          @Override
          public void bytes(byte[] bytes) {
            host.feed(bytes);
          }

          @Override
          public void end() {
            host.end();
          }
        };
  }

  /** Starts the mux; at the back with its first stream, as the installer does. */
  ContractRig start() {
    if (side == Side.BACK) {
      attach(true);
    }
    host.down(mux::start);
    peer.begin(wire);
    return this;
  }

  /** Offers a new stream to a mux at the back. */
  StreamEndpoint attach(boolean taken) {
    ContractHandler handler = new ContractHandler(host);
    prepare.accept(handler);
    StreamEndpoint endpoint = new StreamEndpoint(handler);
    boolean[] answer = new boolean[1];
    host.down(() -> answer[0] = mux.attach(endpoint));
    if (answer[0] != taken) {
      throw new AssertionError("attach returned " + answer[0] + ", room " + mux.availableStreams());
    }
    if (taken) {
      MuxStream stream = endpoint.stream();
      if (stream == null) {
        throw new AssertionError("attached without a stream");
      }
      handlers.add(handler);
      streams.add(stream);
    }
    return endpoint;
  }

  /** Has the first stream, with our message begun as far as the side allows. */
  ContractRig open() {
    start();
    openStream(1);
    return this;
  }

  /** Begins the exchange of a stream: at the front the peer does, at the back we do. */
  void openStream(int number) {
    if (side == Side.BACK) {
      if (handlers.size() < number) {
        attach(true);
      }
      if (http) {
        host.down(() -> streams.get(number - 1).sendHead(request(), false));
      }
      // A protocol without heads begins with whatever comes.
      peer.head(wire, number, false);
    } else {
      peer.head(wire, number, false);
      if (handlers.size() != number) {
        throw new AssertionError("no stream was accepted: " + rejected);
      }
      if (http && !streams.isEmpty() && !handlers.get(number - 1).released()) {
        host.down(() -> streams.get(number - 1).sendHead(response(), false));
      }
    }
  }

  ContractHandler handler() {
    return handlers.get(0);
  }

  MuxStream stream() {
    return streams.get(0);
  }

  /** Has the peer read what was written. */
  void read() {
    peer.read(host.written());
  }

  /** Ends the connection, whatever is going on, and checks that nothing is left. */
  void finish() {
    host.closeFromAbove(ResetCode.CONNECTION_CLOSED, CloseCause.SHUTDOWN);
    host.pump();
    for (ContractHandler handler : handlers) {
      if (!handler.released()) {
        throw new AssertionError("never released: " + handler.calls());
      }
    }
    if (mux.openStreams() != 0) {
      throw new AssertionError("streams after the end: " + mux.openStreams());
    }
    leaks.verify();
  }

  static RequestHead request() {
    LimitConfig limits = LimitConfig.defaults();
    RequestHead head = new RequestHead(limits.headBytesMax(), limits.fieldCountMax());
    head.setMethod("POST");
    head.setScheme("http");
    head.setAuthority("test.example");
    head.setPath("/");
    return head;
  }

  static ResponseHead response() {
    LimitConfig limits = LimitConfig.defaults();
    ResponseHead head = new ResponseHead(limits.headBytesMax(), limits.fieldCountMax());
    head.setStatus(200);
    return head;
  }

  private final class Acceptor implements StreamAcceptor {
    @Override
    public StreamHandler accept(MuxStream stream) {
      if (host.inCallDown()) {
        throw new AssertionError("accept from within a call down");
      }
      ContractHandler handler = new ContractHandler(host);
      prepare.accept(handler);
      handlers.add(handler);
      streams.add(stream);
      return handler;
    }

    @Override
    public void rejected(int status, CloseCause cause, String detail) {
      rejected.add(status + " " + cause + " " + detail);
    }
  }
}
