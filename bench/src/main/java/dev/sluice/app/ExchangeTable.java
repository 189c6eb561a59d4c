package dev.sluice.app;

import dev.sluice.app.TextStyle.Ink;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Draws records of exchanges as a table, at most {@value #WIDTH_MAX} columns wide. */
final class ExchangeTable {
  static final int WIDTH_MAX = 110;

  private static final double NANOS_PER_MILLI = 1e6;
  private static final int[][] GROUPS = {{20}, {8, 15, 6}, {4, 6, 6}, {7, 5, 5, 5}};
  private static final int TIMES = 3;

  private final TextStyle style;

  ExchangeTable(TextStyle style) {
    this.style = style;
  }

  /** The lines above the first row. */
  List<String> heading() {
    List<String> lines = new ArrayList<>();
    lines.add(
        row(
            group(0, head("")),
            group(1, head("inside Sluice")),
            group(2, head("HTTP")),
            group(TIMES, head("time in milliseconds"))));
    lines.add(
        row(
            group(0, head("client " + style.arrow() + " origin")),
            group(1, head("protocol"), head("mux installed"), head("conn.")),
            group(2, head(""), head("status"), head("bytes").right()),
            group(
                TIMES,
                head("connect").right(),
                head("TLS").right(),
                head("first").right(),
                head("total").right())));
    lines.add(rule());
    return lines;
  }

  /** A line across. */
  String rule() {
    StringBuilder line = new StringBuilder();
    for (int group = 0; group < GROUPS.length; group++) {
      line.append(group == 0 ? "" : style.line() + style.cross() + style.line());
      line.append(style.line().repeat(width(group)));
    }
    return style.paint(Ink.FAINT, line.toString());
  }

  /**
   * Records of one pairing below each other, each cause below them once.
   *
   * @param records not empty
   */
  List<String> pairing(List<ExchangeRecord> records) {
    List<String> lines = new ArrayList<>();
    List<String> causes = new ArrayList<>();
    for (ExchangeRecord record : records) {
      String label = lines.isEmpty() ? label(record) : "";
      lines.add(
          row(
              group(0, new Cell(label, Ink.STRONG)),
              connectionGroup(record),
              httpGroup(record),
              timeGroup(record)));
      String cause = cause(record);
      if (!cause.isEmpty() && !causes.contains(cause)) {
        causes.add(cause);
      }
    }
    for (String cause : causes) {
      String text = "  " + style.corner() + style.line() + " " + cause;
      lines.add(style.paint(Ink.WARNING, shortened(text)));
    }
    return lines;
  }

  private String label(ExchangeRecord record) {
    Entrance entrance = Entrance.of(record.frontend());
    String origin = "Sluice";
    for (Pairing pairing : Pairing.all()) {
      if (pairing.backend().equals(record.backend())) {
        origin = pairing.origin().label();
      }
    }
    return "%-5s %s %s".formatted(entrance.label(), style.arrow(), origin);
  }

  private String connectionGroup(ExchangeRecord record) {
    boolean asked = !record.backend().isEmpty();
    boolean connected = !record.backProtocol().isEmpty();
    String back = connected ? record.backProtocol() : style.nothing();
    Cell installed;
    Cell connection;
    if (!connected) {
      installed = new Cell(asked ? "never" : style.nothing(), asked ? Ink.BAD : Ink.FAINT);
      connection = new Cell(asked ? "none" : style.nothing(), asked ? Ink.BAD : Ink.FAINT);
    } else if (record.reused()) {
      installed = new Cell("was there", Ink.FAINT);
      connection = new Cell("reused", Ink.GOOD);
    } else {
      installed =
          record.muxAfterHandshake()
              ? new Cell("after handshake", Ink.NOTABLE)
              : new Cell("at connect", null);
      connection = new Cell("new", null);
    }
    String protocols = record.frontProtocol() + " " + style.arrow() + " " + back;
    return group(1, new Cell(protocols, null), installed, connection);
  }

  private String httpGroup(ExchangeRecord record) {
    boolean sends = record.bytesFromClient() > 0 && record.cause() == CloseCause.COMPLETE;
    long bytes = sends ? record.bytesFromClient() : record.bytesToClient();
    String status = record.status() == 0 ? style.nothing() : Integer.toString(record.status());
    Ink ink = record.status() >= 200 && record.status() < 400 ? Ink.GOOD : Ink.BAD;
    return group(
        2,
        new Cell(method(record.method()), null),
        new Cell(status, ink),
        new Cell(size(bytes), null).right());
  }

  /** Few methods are longer than the column, and none may push the rest aside. */
  private String method(String name) {
    int width = GROUPS[2][0];
    return name.length() <= width ? name : name.substring(0, width - 1) + style.more();
  }

  private String timeGroup(ExchangeRecord record) {
    return group(
        TIMES,
        time(record.connectNanos()),
        time(record.handshakeNanos()),
        time(record.firstByteNanos()),
        time(record.totalNanos()));
  }

  private Cell time(long nanos) {
    if (nanos <= 0) {
      return new Cell(style.nothing(), Ink.FAINT).right();
    }
    double millis = nanos / NANOS_PER_MILLI;
    String format = millis < 99.995 ? "%.2f" : millis < 999.95 ? "%.1f" : "%.0f";
    return new Cell(String.format(Locale.ROOT, format, millis), null).right();
  }

  private static String size(long bytes) {
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%,d", bytes)
        : String.format(Locale.ROOT, "%.1fM", bytes / 1e6);
  }

  /** Why an exchange failed, in words; empty if it did not. */
  static String cause(ExchangeRecord record) {
    if (record.cause() == CloseCause.COMPLETE) {
      return "";
    }
    String words = words(record.cause());
    String detail = record.detail().isEmpty() ? "" : ": " + record.detail();
    int attempts = record.retries() + 1;
    return words + detail + (attempts == 1 ? "" : " (" + attempts + " attempts)");
  }

  /** The name of a cause as a person would write it. */
  static String words(CloseCause cause) {
    String words = cause.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return words.replace("http", "HTTP").replace("tls", "TLS");
  }

  private String shortened(String text) {
    return text.length() <= WIDTH_MAX ? text : text.substring(0, WIDTH_MAX - 3) + "...";
  }

  private String row(String... groups) {
    String bar = " " + style.paint(Ink.FAINT, style.bar()) + " ";
    return String.join(bar, groups).stripTrailing();
  }

  /** Puts cells beside each other; those that are missing are empty. */
  private String group(int group, Cell... cells) {
    if (cells.length == 1 && GROUPS[group].length > 1) {
      return cells[0].padded(width(group), style);
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      line.append(i == 0 ? "" : "  ").append(cells[i].padded(GROUPS[group][i], style));
    }
    return line.toString();
  }

  private static int width(int group) {
    int width = 2 * (GROUPS[group].length - 1);
    for (int column : GROUPS[group]) {
      width += column;
    }
    return width;
  }

  private static Cell head(String text) {
    return new Cell(text, Ink.STRONG);
  }

  /** What stands in one place of the table. */
  private record Cell(String text, @Nullable Ink ink, boolean atRight) {
    Cell(String text, @Nullable Ink ink) {
      this(text, ink, false);
    }

    Cell right() {
      return new Cell(text, ink, true);
    }

    String padded(int width, TextStyle style) {
      String padding = " ".repeat(Math.max(0, width - text.length()));
      String painted = text.isEmpty() ? "" : style.paint(ink, text);
      return atRight ? padding + painted : painted + padding;
    }
  }
}
