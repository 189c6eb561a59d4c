package dev.sluice.core.cli;

import java.time.Duration;

/** Values in the form in which configuration files have them. */
final class Words {
  private Words() {}

  static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds != 0 && seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  static String size(int bytes) {
    return bytes != 0 && bytes % 1024 == 0 ? bytes / 1024 + "KiB" : Integer.toString(bytes);
  }

  static String count(int number, String one) {
    return number + " " + one + (number == 1 ? "" : "s");
  }
}
