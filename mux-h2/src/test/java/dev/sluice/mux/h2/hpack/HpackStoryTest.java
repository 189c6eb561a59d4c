package dev.sluice.mux.h2.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stories of ten encoders: each file is one connection. */
@DisplayName("RFC 7541: blocks of other encoders")
class HpackStoryTest {
  private static final int LIST_BYTES_MAX = 1 << 16;

  @Test
  void allStoriesAreThere() {
    assertThat(stories()).hasSize(70);
    assertThat(stories().map(HpackStoryTest::cases).mapToInt(List::size).sum()).isEqualTo(1004);
  }

  @ParameterizedTest
  @MethodSource("stories")
  void storyDecodesWhole(Path story) {
    HpackDecoder decoder = new HpackDecoder(4096, LIST_BYTES_MAX);
    FieldList list = new FieldList();
    int tableSize = 4096;
    for (StoryReader.Case one : cases(story)) {
      if (one.tableSize() >= 0 && one.tableSize() != tableSize) {
        tableSize = one.tableSize();
        decoder.tableSizeLimit(tableSize);
      }
      assertThat(decoder.decode(one.wire(), 0, one.wire().length, list)).isSameAs(HpackStatus.OK);
      assertThat(decoder.endBlock()).isSameAs(HpackStatus.OK);
      assertThat(unmarked(list.take())).isEqualTo(lines(one));
    }
  }

  @ParameterizedTest
  @MethodSource("stories")
  void storyDecodesByteByByte(Path story) {
    HpackDecoder decoder = new HpackDecoder(4096, LIST_BYTES_MAX);
    FieldList list = new FieldList();
    int tableSize = 4096;
    for (StoryReader.Case one : cases(story)) {
      if (one.tableSize() >= 0 && one.tableSize() != tableSize) {
        tableSize = one.tableSize();
        decoder.tableSizeLimit(tableSize);
      }
      for (int i = 0; i < one.wire().length; i++) {
        assertThat(decoder.decode(one.wire(), i, i + 1, list)).isSameAs(HpackStatus.OK);
      }
      assertThat(decoder.endBlock()).isSameAs(HpackStatus.OK);
      assertThat(unmarked(list.take())).isEqualTo(lines(one));
    }
  }

  @ParameterizedTest
  @MethodSource("stories")
  void ownEncoderAndDecoderAgreeOnTheStory(Path story) {
    HpackEncoder encoder = new HpackEncoder(4096);
    HpackDecoder decoder = new HpackDecoder(4096, LIST_BYTES_MAX);
    FieldList list = new FieldList();
    for (StoryReader.Case one : cases(story)) {
      encoder.beginBlock();
      for (String[] field : one.fields()) {
        FieldText.add(encoder, field[0], field[1]);
      }
      assertThat(decoder.decode(encoder.block(), 0, encoder.length(), list))
          .isSameAs(HpackStatus.OK);
      assertThat(decoder.endBlock()).isSameAs(HpackStatus.OK);
      assertThat(unmarked(list.take())).isEqualTo(lines(one));
    }
  }

  static Stream<Path> stories() {
    URI root;
    try {
      root = HpackStoryTest.class.getResource("/hpack/README.md").toURI();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
    try (Stream<Path> files = Files.walk(Path.of(root).getParent())) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<StoryReader.Case> cases(Path story) {
    try {
      return StoryReader.read(Files.readString(story));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(StoryReader.Case one) {
    List<String> lines = new ArrayList<>();
    for (String[] field : one.fields()) {
      lines.add(field[0] + ": " + field[1]);
    }
    return lines;
  }

  private static List<String> unmarked(List<String> fields) {
    return fields.stream().map(f -> f.startsWith("!") ? f.substring(1) : f).toList();
  }
}
