package dev.sluice.mux.h2;

import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
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
import java.nio.ByteBuffer;
import java.util.List;
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

  private final H2Config front;
  private final H2Config back;
  private final Supplier<? extends RandomGenerator> randoms;

  /** With defaults: what {@link java.util.ServiceLoader} makes. */
  public H2MuxProvider() {
    this(H2Config.defaults(), H2Config.defaults());
  }

  /**
   * With settings of one's own.
   *
   * @param front for connections of clients
   * @param back for connections to servers
   */
  public H2MuxProvider(H2Config front, H2Config back) {
    this(front, back, SplittableRandom::new);
  }

  /**
   * With settings and with randomness of one's own, for runs that can be repeated.
   *
   * @param front for connections of clients
   * @param back for connections to servers
   * @param randoms asked by each mux of the front side once, on the mux's loop; what it gives is
   *     used by that mux alone, for the keys of websockets, which are no secrets
   */
  public H2MuxProvider(H2Config front, H2Config back, Supplier<? extends RandomGenerator> randoms) {
    this.front = Objects.requireNonNull(front, "front");
    this.back = Objects.requireNonNull(back, "back");
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
  public List<ConfigSchema> schemas() {
    return List.of(H2Section.SCHEMA, H2Section.SIDE);
  }

  @Override
  public MuxProvider configured(ConfigNode section, ConfigProblems problems) {
    H2Section read = H2Section.read(section, problems);
    return new H2MuxProvider(read.front(), read.back(), randoms);
  }

  @Override
  public Mux openFront(MuxHost host, StreamAcceptor acceptor) {
    return new H2FrontMux(host, acceptor, front.options(host.limits()), randoms.get());
  }

  @Override
  public Mux openBack(MuxHost host) {
    return new H2BackMux(host, back.options(host.limits()));
  }
}
