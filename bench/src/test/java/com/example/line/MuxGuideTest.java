package com.example.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.examples.Excerpts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page on writing a mux shows this protocol, which is as short as it says. */
class MuxGuideTest {
  private static final int LINES_MAX = 300;

  @Test
  void pageShowsThisCode() throws IOException {
    Excerpts.verify("writing-a-mux.md");
  }

  @Test
  void protocolIsShort() throws IOException {
    int lines = 0;
    for (String name : List.of("LineMux", "LineMuxProvider", "LineStream")) {
      Path source = Path.of("src/test/java/com/example/line", name + ".java");
      lines += Files.readAllLines(source).size();
    }
    assertThat(lines).isLessThan(LINES_MAX);
  }
}
