package dev.sluice.acceptance;

import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxTrait;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.transport.ApplicationProtocol;
import java.nio.ByteBuffer;
import java.util.Set;

/** A front mux of somebody else's that throws as soon as there is input. */
final class ThrowingMux implements Mux {
  static final String NAME = "throwing";

  /** Makes it, where it is forced. */
  static final class Provider implements MuxProvider {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public Set<ApplicationProtocol> applicationProtocols() {
      return Set.of();
    }

    @Override
    public Set<Side> sides() {
      return Set.of(Side.FRONT);
    }

    @Override
    public Set<Mode> modes() {
      return Set.of(Mode.HTTP);
    }

    @Override
    public Set<MuxTrait> traits() {
      return Set.of();
    }

    @Override
    public boolean defaultFor(Mode mode) {
      return false;
    }

    @Override
    public Mux openFront(MuxHost host, StreamAcceptor acceptor) {
      return new ThrowingMux();
    }

    @Override
    public Mux openBack(MuxHost host) {
      throw new IllegalStateException("not at the back");
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void start() {}

  @Override
  public void onInput(ByteBuffer input, boolean ended) {
    throw new IllegalStateException("the mux throws");
  }

  @Override
  public void onInputEnd() {}

  @Override
  public void onWritable() {}

  @Override
  public void onClosed(ResetCode code, CloseCause cause) {}

  @Override
  public boolean attach(StreamEndpoint endpoint) {
    return false;
  }

  @Override
  public int availableStreams() {
    return 0;
  }

  @Override
  public int openStreams() {
    return 0;
  }

  @Override
  public void drain() {}
}
