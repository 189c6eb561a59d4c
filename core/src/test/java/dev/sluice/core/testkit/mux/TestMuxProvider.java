package dev.sluice.core.testkit.mux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.MuxOpenException;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxTrait;
import dev.sluice.core.mux.Recognition;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.transport.ApplicationProtocol;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Makes test muxes. Two variants speak the same frames: {@link #multi()} carries several streams at
 * a time, {@link #single()} one after the other and is the default of HTTP, so that they stand to
 * each other as h2 does to h1. Tests set faults, which concern the next muxes to be made.
 */
public final class TestMuxProvider implements MuxProvider {
  /** The ALPN token of the multiplexing variant. */
  public static final String MULTI = "test-multi/1";

  /** The ALPN token of the other. */
  public static final String SINGLE = "test-single/1";

  private static final byte[] PREFACE = TestFrames.PREFACE.getBytes(ISO_8859_1);

  private final String name;
  private final ApplicationProtocol protocol;
  private final boolean multiplexes;
  private int streamsMax;
  private int openFaults;
  private boolean openFaultUnchecked;
  private int attachRefusals;
  private int attachFaults;
  private int opened;

  private TestMuxProvider(String name, String token, int streamsMax) {
    this.name = name;
    this.protocol = ApplicationProtocol.of(token);
    this.multiplexes = streamsMax > 1;
    this.streamsMax = streamsMax;
  }

  /** The variant that carries eight streams at a time. */
  public static TestMuxProvider multi() {
    return new TestMuxProvider("multi", MULTI, 8);
  }

  /** The variant that carries one stream after the other. */
  public static TestMuxProvider single() {
    return new TestMuxProvider("single", SINGLE, 1);
  }

  /** Sets how many streams a mux that multiplexes carries at a time. */
  public TestMuxProvider streamsMax(int count) {
    streamsMax = count;
    return this;
  }

  /** The next muxes can't be made: by the exception that the SPI has for it. */
  public void failOpening(int times) {
    openFaults = times;
    openFaultUnchecked = false;
  }

  /** The next muxes can't be made: by an exception that nobody expects. */
  public void breakOpening(int times) {
    openFaults = times;
    openFaultUnchecked = true;
  }

  /** The next muxes refuse their first stream. */
  public void refuseAttaching(int times) {
    attachRefusals = times;
  }

  /** The next muxes throw when their first stream comes. */
  public void breakAttaching(int times) {
    attachFaults = times;
  }

  /** How many muxes were made. */
  public int opened() {
    return opened;
  }

  int streamsMax() {
    return streamsMax;
  }

  boolean multiplexes() {
    return multiplexes;
  }

  /** Whether a new mux is to refuse its first stream. */
  boolean takeAttachRefusal() {
    return attachRefusals > 0 && attachRefusals-- > 0;
  }

  /** Whether a new mux is to fail at its first stream. */
  boolean takeAttachFault() {
    return attachFaults > 0 && attachFaults-- > 0;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Set<ApplicationProtocol> applicationProtocols() {
    return Set.of(protocol);
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
    return multiplexes
        ? Set.of(MuxTrait.MULTIPLEX, MuxTrait.REUSABLE, MuxTrait.RECOGNIZABLE)
        : Set.of(MuxTrait.REUSABLE);
  }

  @Override
  public boolean defaultFor(Mode mode) {
    return !multiplexes && mode == Mode.HTTP;
  }

  @Override
  public Recognition recognize(ByteBuffer firstBytes) {
    if (!multiplexes) {
      return Recognition.NO;
    }
    int n = Math.min(PREFACE.length, firstBytes.remaining());
    for (int i = 0; i < n; i++) {
      if (firstBytes.get(firstBytes.position() + i) != PREFACE[i]) {
        return Recognition.NO;
      }
    }
    return n == PREFACE.length ? Recognition.YES : Recognition.MORE;
  }

  @Override
  public Mux openFront(MuxHost host, StreamAcceptor acceptor) throws MuxOpenException {
    failIfAsked();
    opened++;
    return new TestMux(this, host, acceptor);
  }

  @Override
  public Mux openBack(MuxHost host) throws MuxOpenException {
    failIfAsked();
    opened++;
    return new TestMux(this, host, null);
  }

  private void failIfAsked() throws MuxOpenException {
    if (openFaults > 0) {
      openFaults--;
      if (openFaultUnchecked) {
        throw new IllegalStateException("a fault that the test asked for");
      }
      throw new MuxOpenException("a fault that the test asked for");
    }
  }
}
