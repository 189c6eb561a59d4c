package dev.sluice.core.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what a mistyped word was meant to be. Any thread. */
public final class Likeness {
  private static final int LISTED_MAX = 24;

  private Likeness() {}

  /** The end of a message about an unknown word: a guess if there is one, and what is valid. */
  public static String hint(String word, Collection<String> valid) {
    if (valid.isEmpty()) {
      return ": there is nothing that could be given";
    }
    String nearest = nearest(word, valid);
    String guess = nearest == null ? ": " : "; did you mean \"" + nearest + "\"? ";
    String more = valid.size() > LISTED_MAX ? ", ..." : "";
    return guess
        + String.join(", ", valid.stream().sorted().limit(LISTED_MAX).toList())
        + more
        + (valid.size() == 1 ? " is valid" : " are valid");
  }

  /** The word that is like this one, or null if none is near. */
  static @Nullable String nearest(String word, Collection<String> valid) {
    String plain = plain(word);
    String nearest = null;
    int best = Math.max(1, plain.length() / 3) + 1;
    for (String candidate : valid.stream().sorted().toList()) {
      int distance = distance(plain, plain(candidate));
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** Other ways to join words (max-requests, max_requests) are the same word. */
  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }

  /** Insertions, deletions, replacements, and neighbours that changed places. */
  private static int distance(String one, String two) {
    int[][] cost = new int[one.length() + 1][two.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= two.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = one.charAt(i - 1) == two.charAt(j - 1) ? 0 : 1;
        int least =
            Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1));
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == two.charAt(j - 2)
            && one.charAt(i - 2) == two.charAt(j - 1)) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[one.length()][two.length()];
  }
}
