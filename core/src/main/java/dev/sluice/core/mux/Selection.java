package dev.sluice.core.mux;

import dev.sluice.core.observe.Failure;
import org.jspecify.annotations.Nullable;

/**
 * What {@link MuxRegistry#select} found: a provider, or the reason why there is none. Exactly one
 * of the two is set.
 *
 * @param provider the provider to take, or null
 * @param failure why there is none, or null
 */
public record Selection(@Nullable MuxProvider provider, @Nullable Failure failure) {

  /** Checks that exactly one is set. */
  public Selection {
    if ((provider == null) == (failure == null)) {
      throw new IllegalArgumentException("a selection is either a provider or a failure");
    }
  }

  static Selection of(MuxProvider provider) {
    return new Selection(provider, null);
  }

  static Selection none(Failure failure) {
    return new Selection(null, failure);
  }
}
