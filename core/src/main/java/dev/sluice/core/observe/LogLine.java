package dev.sluice.core.observe;

/**
 * One line of the access log in an array of its own, used again for every line. Belongs to whoever
 * has taken it from its queue. Nothing that it does allocates.
 *
 * <p>Texts may come from a peer. Whatever isn't a visible character of ASCII, and the quotation
 * mark and the backslash, is written as {@code \xNN}, so that no text can end its line, its value
 * or its quotes. A text that would be longer than it may is cut, and ends with three dots.
 */
final class LogLine implements ByteTarget {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  private static final int DOTS = 3;
  private static final int ESCAPE_LENGTH = 4;
  private static final long DAY_MILLIS = 86_400_000L;
  private static final int LONG_DIGITS_MAX = 20;

  private final byte[] bytes;
  private int length;

  /** Where the present text began, and where it has to be cut. */
  private int textStart;

  private int textLimit;
  private boolean cut;
  private boolean spaces;

  LogLine(int bytesMax) {
    bytes = new byte[bytesMax];
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /** Bytes of our own, such as the name of a key. */
  void constant(byte[] text) {
    System.arraycopy(text, 0, bytes, length, text.length);
    length += text.length;
  }

  void constant(char character) {
    bytes[length++] = (byte) character;
  }

  /** A number, in decimal. */
  void number(long value) {
    if (value < 0) {
      constant('-');
    }
    // Negative on the way, as the smallest long has no positive counterpart.
    long rest = value < 0 ? value : -value;
    int end = length + LONG_DIGITS_MAX;
    int at = end;
    do {
      bytes[--at] = (byte) ('0' - rest % 10);
      rest /= 10;
    } while (rest != 0);
    System.arraycopy(bytes, at, bytes, length, end - at);
    length += end - at;
  }

  /** Nanoseconds as whole microseconds. */
  void micros(long nanos) {
    number(nanos / 1000);
  }

  /** A moment as {@code 2026-11-25T10:25:00.123Z}. */
  void time(long epochMillis) {
    long day = Math.floorDiv(epochMillis, DAY_MILLIS);
    int ofDay = (int) (epochMillis - day * DAY_MILLIS);
    // From days to a date by eras of 400 years that begin on March 1st, so that a leap day is the
    // last of its year.
    long shifted = day + 719_468;
    long era = Math.floorDiv(shifted, 146_097L);
    int ofEra = (int) (shifted - era * 146_097);
    int yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
    int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int march = (5 * ofYear + 2) / 153;
    int month = march < 10 ? march + 3 : march - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    digits((int) year, 4);
    constant('-');
    digits(month, 2);
    constant('-');
    digits(ofYear - (153 * march + 2) / 5 + 1, 2);
    constant('T');
    digits(ofDay / 3_600_000, 2);
    constant(':');
    digits(ofDay / 60_000 % 60, 2);
    constant(':');
    digits(ofDay / 1000 % 60, 2);
    constant('.');
    digits(ofDay % 1000, 3);
    constant('Z');
  }

  private void digits(int value, int count) {
    int rest = value;
    for (int i = length + count - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += count;
  }

  /** A text without quotes; a single dash if it is empty. */
  void text(String text, int bytesMax) {
    beginText(bytesMax);
    append(text);
    endText();
  }

  /** A text without quotes whose spaces are written as commas; a single dash if it is empty. */
  void facts(String text, int bytesMax) {
    int start = length;
    spaces = true;
    text(text, bytesMax);
    spaces = false;
    for (int i = start; i < length; i++) {
      if (bytes[i] == ' ') {
        bytes[i] = ',';
      }
    }
  }

  /** A text in quotes, in which a space is itself; the bound is that of what is between them. */
  void quoted(String text, int bytesMax) {
    constant('"');
    beginText(bytesMax);
    spaces = true;
    append(text);
    spaces = false;
    if (length > textStart) {
      endText();
    }
    constant('"');
  }

  /** Begins a text without quotes that is written as bytes by {@link #write}. */
  void beginText(int bytesMax) {
    textStart = length;
    textLimit = length + bytesMax - DOTS;
    cut = false;
  }

  @Override
  public void write(byte[] source, int offset, int count) {
    for (int i = offset; i < offset + count && !cut; i++) {
      escape(source[i] & 0xff);
    }
  }

  /** Ends the text; a single dash stands for an empty one. */
  void endText() {
    if (cut) {
      constant('.');
      constant('.');
      constant('.');
    } else if (length == textStart) {
      constant('-');
    }
  }

  /** Appends characters as UTF-8. */
  private void append(String text) {
    for (int i = 0; i < text.length() && !cut; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        escape(c);
      } else if (c < 0x800) {
        escape(0xc0 | (c >> 6));
        escape(0x80 | (c & 0x3f));
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int code = Character.toCodePoint(c, text.charAt(++i));
        escape(0xf0 | (code >> 18));
        escape(0x80 | ((code >> 12) & 0x3f));
        escape(0x80 | ((code >> 6) & 0x3f));
        escape(0x80 | (code & 0x3f));
      } else {
        escape(0xe0 | (c >> 12));
        escape(0x80 | ((c >> 6) & 0x3f));
        escape(0x80 | (c & 0x3f));
      }
    }
  }

  private void escape(int value) {
    boolean plain = value > 0x20 && value < 0x7f && value != '"' && value != '\\';
    if (plain || (spaces && value == ' ')) {
      if (fits(1)) {
        bytes[length++] = (byte) value;
      }
    } else if (fits(ESCAPE_LENGTH)) {
      bytes[length++] = '\\';
      bytes[length++] = 'x';
      bytes[length++] = HEX[value >> 4];
      bytes[length++] = HEX[value & 0xf];
    }
  }

  private boolean fits(int count) {
    if (length + count > textLimit) {
      cut = true;
    }
    return !cut;
  }
}
