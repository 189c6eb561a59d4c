package dev.sluice.mux.h2;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxTrait;
import dev.sluice.core.mux.Recognition;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.transport.ApplicationProtocol;
import dev.sluice.mux.h2.frame.Preface;
import dev.sluice.mux.h2.protocol.H2Options;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Provides the HTTP/2 mux (RFC 9113) for both sides: by the ALPN protocol {@code h2}, by its name
 * {@code h2}, and on a clear listener by the preface that a client begins with. Immutable; any
 * thread.
 */
public final class H2MuxProvider implements MuxProvider {
  /** The name by which configuration forces this mux. */
  public static final String NAME = "h2";

  private final Supplier<? extends RandomGenerator> randoms;

  /** Made by {@link java.util.ServiceLoader}, or by a program that names its muxes itself. */
  public H2MuxProvider() {
    this(SplittableRandom::new);
  }

  /**
   * With randomness of one's own, for runs that can be repeated.
   *
   * @param randoms asked by each mux of the front side once, on the mux's loop; what it gives is
   *     used by that mux alone, for the keys of websockets, which are no secrets
   */
  public H2MuxProvider(Supplier<? extends RandomGenerator> randoms) {
    this.randoms = Objects.requireNonNull(randoms, "randoms");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<ApplicationProtocol> applicationProtocols() {
    return Set.of(ApplicationProtocol.H2);
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
    return Set.of(MuxTrait.MULTIPLEX, MuxTrait.HOL_RISK, MuxTrait.REUSABLE, MuxTrait.RECOGNIZABLE);
  }

  @Override
  public boolean defaultFor(Mode mode) {
    return false;
  }

  @Override
  public Recognition recognize(ByteBuffer firstBytes) {
    int matched = Preface.match(firstBytes, 0);
    if (matched < 0) {
      return Recognition.NO;
    }
    return matched == Preface.LENGTH ? Recognition.YES : Recognition.MORE;
  }

  @Override
  public Mux openFront(MuxHost host, StreamAcceptor acceptor) {
    return new H2FrontMux(host, acceptor, options(host), randoms.get());
  }

  @Override
  public Mux openBack(MuxHost host) {
    return new H2BackMux(host, options(host));
  }

  private static H2Options options(MuxHost host) {
    LimitConfig limits = host.limits();
    return H2Options.defaults().withHeads(limits.headBytesMax(), limits.fieldCountMax());
  }
}
