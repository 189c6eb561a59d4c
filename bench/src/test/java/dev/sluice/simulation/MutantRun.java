package dev.sluice.simulation;

import java.util.function.LongConsumer;

/** One run of whatever engine the loader of this class has loaded; takes the seed. */
public final class MutantRun implements LongConsumer {
  /** For the loader. */
  public MutantRun() {}

  @Override
  public void accept(long seed) {
    new EngineRun(new RunPlan(seed, false), null, null).run();
  }
}
