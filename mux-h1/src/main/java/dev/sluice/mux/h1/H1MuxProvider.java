package dev.sluice.mux.h1;

import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxTrait;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.transport.ApplicationProtocol;
import java.util.Set;

/**
 * Provides the HTTP/1.1 mux (RFC 9112) for both sides: by the ALPN protocol {@code http/1.1}, by
 * its name {@code h1}, and as what HTTP means when nothing was agreed on. Immutable; any thread.
 */
public final class H1MuxProvider implements MuxProvider {
  /** The name by which configuration forces this mux. */
  public static final String NAME = "h1";

  /** Made by {@link java.util.ServiceLoader}, or by a program that names its muxes itself. */
  public H1MuxProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<ApplicationProtocol> applicationProtocols() {
    return Set.of(ApplicationProtocol.HTTP_1_1);
  }

  @Override
  public Set<Side> sides() {
    return Set.of(Side.FRONT, Side.BACK);
  }

  @Override
  public Set<Mode> modes() {
    return Set.of(Mode.HTTP);
  }

  @Override
  public Set<MuxTrait> traits() {
    return Set.of(MuxTrait.REUSABLE);
  }

  @Override
  public boolean defaultFor(Mode mode) {
    return mode == Mode.HTTP;
  }

  @Override
  public Mux openFront(MuxHost host, StreamAcceptor acceptor) {
    return new H1FrontMux(host, acceptor);
  }

  @Override
  public Mux openBack(MuxHost host) {
    return new H1BackMux(host);
  }
}
