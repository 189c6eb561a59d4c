package dev.sluice.app;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.Charset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How text is drawn: with which characters, and whether in colours.
 *
 * @param unicode whether lines and arrows can be drawn, instead of made of ASCII
 * @param colours whether the terminal is told of colours
 */
record TextStyle(boolean unicode, boolean colours) {
  /** What a piece of text is, told by its colour (ECMA-48 8.3.117). */
  enum Ink {
    /** A heading. */
    STRONG("1"),
    /** Of less weight. */
    FAINT("2"),
    /** As it should be. */
    GOOD("32"),
    /** Worth a look. */
    NOTABLE("36"),
    /** A warning. */
    WARNING("33"),
    /** An error. */
    BAD("31");

    private final String code;

    Ink(String code) {
      this.code = code;
    }
  }

  private static final String DRAWN = "\u2192\u2502\u2500\u253c\u2570\u2013\u2026";

  /** The style that fits this process. */
  static TextStyle ofProcess() {
    // The first is of JDK 19 and later; the second of JDK 17, and only there if it is a terminal.
    String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    Charset charset =
        name != null && Charset.isSupported(name)
            ? Charset.forName(name)
            : Charset.defaultCharset();
    return of(charset, System.getenv(), onTerminal());
  }

  /**
   * The style that fits.
   *
   * @param charset what the output is encoded with
   * @param environment of the process
   * @param terminal whether somebody looks at the output
   */
  static TextStyle of(Charset charset, Map<String, String> environment, boolean terminal) {
    // https://no-color.org: set, and not to nothing.
    boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean plain = environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new TextStyle(
        charset.canEncode() && charset.newEncoder().canEncode(DRAWN),
        terminal && !refused && !plain);
  }

  @SuppressWarnings("SystemConsoleNull") // It is null on the JDKs that have no isTerminal.
  private static boolean onTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From JDK 22 on there may be a console without a terminal, and this tells.
      Method isTerminal = Console.class.getMethod("isTerminal");
      return Boolean.TRUE.equals(isTerminal.invoke(console));
    } catch (NoSuchMethodException e) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }

  /** Text in a colour, if there are colours; null stands for none. */
  String paint(@Nullable Ink ink, String text) {
    return colours && ink != null ? "\u001b[" + ink.code + "m" + text + "\u001b[0m" : text;
  }

  String arrow() {
    return unicode ? "\u2192" : ">";
  }

  String bar() {
    return unicode ? "\u2502" : "|";
  }

  String line() {
    return unicode ? "\u2500" : "-";
  }

  String cross() {
    return unicode ? "\u253c" : "+";
  }

  String corner() {
    return unicode ? "\u2570" : "`";
  }

  String more() {
    return unicode ? "\u2026" : ".";
  }

  String nothing() {
    return unicode ? "\u2013" : "-";
  }
}
