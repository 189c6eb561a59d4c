package dev.sluice.core.stream;

/**
 * Makes the filters of one sort; given to the engine's builder. Called on the loops, several at a
 * time, so it must not block.
 */
@FunctionalInterface
public interface FilterFactory {
  /**
   * The filter for a new exchange, whose head has come. One without state of its own may be the
   * same for all; one with state is new, or was used before and is over with its exchange. What is
   * thrown has the effect of a filter that throws.
   */
  ExchangeFilter create();
}
