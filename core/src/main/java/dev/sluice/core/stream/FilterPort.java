package dev.sluice.core.stream;

import org.jspecify.annotations.Nullable;

/** One direction of an exchange at one filter. Confined to its loop. */
final class FilterPort {
  final FilterStage stage;
  final FilterFlow flow;
  final FilterBuffer buffer = new FilterBuffer();

  /** Its place in the order of its direction. */
  int place;

  /** It changes the content. */
  boolean rewrites;

  boolean trailersTold;

  /** How many bytes it has passed on. */
  long written;

  /** Set while the filter holds this direction. */
  @Nullable FilterHold hold;

  FilterPort(FilterStage stage, FilterFlow flow) {
    this.stage = stage;
    this.flow = flow;
  }

  ExchangeFilter filter() {
    return stage.filter();
  }

  boolean held() {
    return hold != null;
  }

  void cancelHold() {
    FilterHold cancelled = hold;
    if (cancelled != null) {
      hold = null;
      cancelled.cancel();
    }
  }

  void clear() {
    cancelHold();
    buffer.clear();
    rewrites = false;
    trailersTold = false;
    written = 0;
  }
}
