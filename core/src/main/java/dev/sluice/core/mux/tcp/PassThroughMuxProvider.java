package dev.sluice.core.mux.tcp;

import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxTrait;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.transport.ApplicationProtocol;
import java.util.Set;

/** Makes pass-through muxes: the default of TCP mode on both sides, whatever ALPN says. */
public final class PassThroughMuxProvider implements MuxProvider {
  /** Stateless. */
  public PassThroughMuxProvider() {}

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public Set<ApplicationProtocol> applicationProtocols() {
    return Set.of();
  }

  @Override
  public Set<Side> sides() {
    return Set.of(Side.FRONT, Side.BACK);
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.TCP);
  }

  @Override
  public Set<MuxTrait> traits() {
    return Set.of();
  }

  @Override
  public boolean defaultFor(Mode mode) {
    return mode == Mode.TCP;
  }

  @Override
  public Mux openFront(MuxHost host, StreamAcceptor acceptor) {
    return PassThroughMux.front(host, acceptor);
  }

  @Override
  public Mux openBack(MuxHost host) {
    return PassThroughMux.back(host);
  }
}
