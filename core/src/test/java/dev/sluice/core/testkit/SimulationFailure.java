package dev.sluice.core.testkit;

import org.jspecify.annotations.Nullable;

/** A simulation went wrong; the message names the seed that makes it go wrong again. */
public final class SimulationFailure extends AssertionError {
  private static final long serialVersionUID = 1L;

  SimulationFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
