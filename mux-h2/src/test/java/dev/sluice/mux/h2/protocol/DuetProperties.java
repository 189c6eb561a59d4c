package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Two protocols that talk to each other agree, whatever happens and however bytes are cut. */
class DuetProperties {
  private static final H2Options USUAL = H2Options.defaults();

  @Property(tries = 30)
  void creditIsConservedAndContentArrives(
      @ForAll long seed,
      @ForAll @IntRange(min = 200, max = 70_000) int streamWindow,
      @ForAll @IntRange(min = 65_535, max = 400_000) int connectionWindow) {
    H2Options options = USUAL.withWindows(streamWindow, connectionWindow);
    Duet duet = new Duet(seed, options, options);
    duet.run(120);
    assertThat(duet.begun()).isPositive();
  }

  @Property(tries = 30)
  void tablesStayEqualWhenStreamsAreRefused(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int limit) {
    // The client assumes ten before the server's SETTINGS are here.
    Duet duet = new Duet(seed, USUAL, USUAL.withConcurrentStreamsMax(limit));
    duet.run(120);
    assertThat(duet.begun()).isPositive();
  }
}
