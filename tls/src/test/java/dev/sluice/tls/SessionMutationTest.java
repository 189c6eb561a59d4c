package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Valid sessions with changes on the wire: by seeds in every run, by a fuzzer on demand. */
class SessionMutationTest {
  private static final int SEEDS = 600;

  @Test
  void whateverTheWireDoesEnginesNeitherThrowNorDeliverWhatWasNotSent() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      SessionMutation mutation = new SessionMutation(random::nextInt);
      assertThatCode(mutation::run).as("seed %d", seed).doesNotThrowAnyException();
    }
  }

  @Tag("fuzz")
  @FuzzTest(maxDuration = "2m")
  void fuzzedSessions(FuzzedDataProvider data) {
    new SessionMutation(bound -> data.consumeInt(0, bound - 1)).run();
  }
}
