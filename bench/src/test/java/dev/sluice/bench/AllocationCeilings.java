package dev.sluice.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** What may be allocated, by row; every measured row must have its ceiling. */
final class AllocationCeilings {
  private static final System.Logger LOG = System.getLogger(AllocationCeilings.class.getName());
  private static final int ROUNDS_MAX = 20;
  private static final String FILE = "allocation-ceilings.properties";

  private final Properties rows;

  private AllocationCeilings(Properties rows) {
    this.rows = rows;
  }

  static AllocationCeilings read() {
    Properties rows = new Properties();
    try (InputStream in = AllocationCeilings.class.getResourceAsStream("/" + FILE)) {
      rows.load(new InputStreamReader(Objects.requireNonNull(in, FILE), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new AllocationCeilings(rows);
  }

  /** Makes so many exchanges once more. */
  @FunctionalInterface
  interface Round {
    /** Returns how many bytes the loop has allocated meanwhile. */
    long run() throws IOException;
  }

  /**
   * Compares the bytes of all exchanges of a row together. A round in which the JVM throws compiled
   * code away shows a few KiB of its own, and one in which more exchanges than ever before overlap
   * shows what the pools grow by; it is made again then. What an exchange allocates shows in every
   * round.
   */
  void check(String row, int exchanges, Round round) throws IOException {
    long ceiling = ceiling(row);
    long least = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS_MAX && least > ceiling; i++) {
      least = Math.min(least, round.run());
    }
    compare(row, least, ceiling, "bytes in " + exchanges + " exchanges");
  }

  /** Compares the bytes of one exchange, on average and rounded up. */
  void checkEach(String row, int exchanges, long bytes) {
    compare(row, (bytes + exchanges - 1) / exchanges, ceiling(row), "bytes per exchange");
  }

  private long ceiling(String row) {
    String text = rows.getProperty(row);
    assertThat(text).as("ceiling of the row %s in %s", row, FILE).isNotNull();
    return Long.parseLong(text.strip());
  }

  private static void compare(String row, long measured, long ceiling, String unit) {
    LOG.log(
        System.Logger.Level.INFO,
        "allocated on the loop, {0}: {1} {2}, ceiling {3}",
        row,
        Long.toString(measured),
        unit,
        Long.toString(ceiling));
    assertThat(measured)
        .as(
            "row %s: measured %d %s, ceiling %d in %s; a ceiling rises only with a decision record",
            row, measured, unit, ceiling, FILE)
        .isLessThanOrEqualTo(ceiling);
  }
}
