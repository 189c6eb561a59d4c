package dev.sluice.core.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FieldsTest {
  private final Fields fields = new Fields(1024, 8);

  @Test
  void namesAreLowerCaseWhetherKnownOrNot() {
    add("Content-TYPE", "text/plain");
    add("X-My-Name", "One");

    assertThat(fields.name(0)).isSameAs(FieldName.CONTENT_TYPE);
    assertThat(fields.name(1)).isNull();
    assertThat(fields.toString()).isEqualTo("content-type: text/plain\nx-my-name: One\n");
  }

  @Test
  void eachKnownNameIsFoundInEitherCase() {
    for (int id = 0; id < FieldName.count(); id++) {
      FieldName name = FieldName.byId(id);
      assertThat(name.id()).isEqualTo(id);
      assertThat(FieldName.lookup(name.toString())).isSameAs(name);
      assertThat(FieldName.lookup(name.toString().toUpperCase(java.util.Locale.ROOT)))
          .isSameAs(name);
    }
    assertThat(FieldName.lookup("x-nobody-knows")).isNull();
    assertThat(FieldName.lookup("")).isNull();
  }

  @Test
  void nameBytesOffsetAndLengthTellTheNameOfAnyLine() {
    add("accept", "*/*");
    add("x-a", "1");

    for (int i = 0; i < fields.size(); i++) {
      String name =
          new String(fields.nameBytes(i), fields.nameOffset(i), fields.nameLength(i), ISO_8859_1);
      assertThat(name).isEqualTo(fields.nameText(i));
    }
  }

  @Test
  void linesOfOneNameAreFoundInOrder() {
    add("via", "a");
    add("x-a", "1");
    add("via", "b");
    add("X-A", "2");

    assertThat(fields.find(FieldName.VIA)).isZero();
    assertThat(fields.next(FieldName.VIA, 1)).isEqualTo(2);
    assertThat(fields.next(FieldName.VIA, 3)).isEqualTo(-1);
    assertThat(fields.values("x-A")).containsExactly("1", "2");
    assertThat(fields.value("x-b")).isNull();
  }

  @Test
  void additionPastTheCountBoundIsRefusedAndChangesNothing() {
    for (int i = 0; i < 8; i++) {
      assertThat(fields.add("x-" + i, "v")).isTrue();
    }

    assertThat(fields.add("x-8", "v")).isFalse();
    assertThat(fields.size()).isEqualTo(8);
    assertThat(fields.byteCount()).isEqualTo(8 * 4);
  }

  @Test
  void additionPastTheByteBoundIsRefusedAndChangesNothing() {
    String value = "v".repeat(1000);
    assertThat(fields.add("x-a", value)).isTrue();

    assertThat(fields.add("x-b", value)).isFalse();
    assertThat(fields.add("content-length", "1".repeat(20))).isFalse();
    assertThat(fields.add("x-b", "v".repeat(18))).isTrue();
    assertThat(fields.byteCount()).isEqualTo(1024);
    assertThat(fields.setValue(1, new byte[19], 0, 19)).isFalse();
    assertThat(fields.values("x-b")).containsExactly("v".repeat(18));
  }

  @Test
  void replacedValuesGiveTheirBytesBack() {
    for (int i = 0; i < 100; i++) {
      assertThat(fields.set("x-a", ("" + i % 10).repeat(500))).isTrue();
      assertThat(fields.set(FieldName.VIA, ("" + i % 10).repeat(400))).isTrue();
    }

    assertThat(fields.value("x-a")).isEqualTo("9".repeat(500));
    assertThat(fields.value(FieldName.VIA)).isEqualTo("9".repeat(400));
    assertThat(fields.byteCount()).isEqualTo(3 + 500 + 3 + 400);
  }

  @Test
  void setLeavesOneLine() {
    add("x-a", "1");
    add("via", "x");
    add("x-a", "2");
    add("via", "y");
    add("x-a", "3");

    fields.set("X-A", "9");
    fields.set(FieldName.VIA, "z");

    assertThat(fields.toString()).isEqualTo("x-a: 9\nvia: z\n");
  }

  @Test
  void numbersAreWrittenInDigits() {
    assertThat(fields.addLong(FieldName.CONTENT_LENGTH, 0)).isTrue();
    assertThat(fields.value(FieldName.CONTENT_LENGTH)).isEqualTo("0");
    assertThat(fields.setLong(FieldName.CONTENT_LENGTH, Long.MAX_VALUE)).isTrue();
    assertThat(fields.value(FieldName.CONTENT_LENGTH)).isEqualTo("9223372036854775807");
    assertThat(fields.byteCount()).isEqualTo(14 + 19);
  }

  @Test
  void removedLinesCloseUp() {
    add("x-a", "1");
    add("via", "x");
    add("x-b", "2");

    assertThat(fields.remove(FieldName.VIA)).isEqualTo(1);
    assertThat(fields.remove("x-c")).isZero();
    assertThat(fields.toString()).isEqualTo("x-a: 1\nx-b: 2\n");
    assertThat(fields.byteCount()).isEqualTo(8);
  }

  @Test
  void tokensAreFoundInListsInEitherCase() {
    add("te", "trailers ,gzip");
    add("te", ",, Deflate\t,");

    assertThat(fields.hasToken(FieldName.TE, bytes("trailers"))).isTrue();
    assertThat(fields.hasToken(FieldName.TE, bytes("GZIP"))).isTrue();
    assertThat(fields.hasToken(FieldName.TE, bytes("deflate"))).isTrue();
    assertThat(fields.hasToken(FieldName.TE, bytes("trailer"))).isFalse();
    assertThat(fields.hasToken(FieldName.TE, bytes(""))).isFalse();
  }

  @Test
  void textThatCouldNotBeSentIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> fields.add("x a", "1"));
    assertThatIllegalArgumentException().isThrownBy(() -> fields.add("", "1"));
    assertThatIllegalArgumentException().isThrownBy(() -> fields.add("x-a", "1\r\nx-evil: 1"));
    assertThatIllegalArgumentException().isThrownBy(() -> fields.set("x-a", " blank before"));
    assertThatIllegalArgumentException().isThrownBy(() -> fields.add(FieldName.VIA, "\u20ac"));
    assertThat(fields.isEmpty()).isTrue();
  }

  @Test
  void copyIsEqualAndIndependent() {
    add("x-a", "1");
    add("via", "x");
    fields.setSensitive(1, true);
    Fields copy = new Fields(64, 4);

    assertThat(copy.copyFrom(fields)).isTrue();
    fields.clear();

    assertThat(copy.toString()).isEqualTo("x-a: 1\nvia: x\n");
    assertThat(copy.sensitive(1)).isTrue();
  }

  @Test
  void copyIntoLessRoomIsRefusedAndLeavesNothing() {
    add("x-a", "1");
    add("via", "x");

    Fields narrow = new Fields(64, 1);
    assertThat(narrow.copyFrom(fields)).isFalse();
    assertThat(narrow.isEmpty()).isTrue();
    assertThat(new Fields(4, 9).copyFrom(fields)).isFalse();
  }

  @Test
  void clearKeepsNothing() {
    add("x-a", "1");
    fields.clear();

    assertThat(fields.size()).isZero();
    assertThat(fields.byteCount()).isZero();
    assertThat(fields.value("x-a")).isNull();
  }

  private void add(String name, String value) {
    assertThat(fields.add(name, value)).isTrue();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
