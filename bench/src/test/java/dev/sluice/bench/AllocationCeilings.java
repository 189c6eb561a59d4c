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

  /** Compares the bytes of all exchanges of a row together. */
  void check(String row, long bytes, int exchanges) {
    compare(row, bytes, "bytes in " + exchanges + " exchanges");
  }

  /** Compares the bytes of one exchange, on average and rounded up. */
  void checkEach(String row, long bytes, int exchanges) {
    compare(row, (bytes + exchanges - 1) / exchanges, "bytes per exchange");
  }

  private void compare(String row, long measured, String unit) {
    String text = rows.getProperty(row);
    assertThat(text).as("no ceiling for the row %s in %s", row, FILE).isNotNull();
    long ceiling = Long.parseLong(text.strip());
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
