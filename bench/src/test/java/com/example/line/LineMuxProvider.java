package com.example.line;

import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxTrait;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.transport.ApplicationProtocol;
import java.util.EnumSet;
import java.util.Set;

/** Makes muxes of a protocol in which each line is a request, and is answered by a line. */
public final class LineMuxProvider implements MuxProvider {
  // guide: provider
  @Override
  public String name() {
    return "line";
  }

  @Override
  public Set<ApplicationProtocol> applicationProtocols() {
    return Set.of(ApplicationProtocol.of("line/1"));
  }

  @Override
  public Set<Mode> modes() {
    return EnumSet.of(Mode.HTTP);
  }

  @Override
  public Set<MuxTrait> traits() {
    return EnumSet.of(MuxTrait.REUSABLE);
  }

  @Override
  public Mux openFront(MuxHost host, StreamAcceptor acceptor) {
    return new LineMux(host, acceptor);
  }

  @Override
  public Mux openBack(MuxHost host) {
    return new LineMux(host, null);
  }
  // guide: provider
}
