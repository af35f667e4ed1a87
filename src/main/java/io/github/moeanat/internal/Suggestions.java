package io.github.moeanat.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Names near a mistyped one. */
public final class Suggestions {

  private static final int SHOWN = 3;

  private Suggestions() {}

  /**
   * Returns a half-sentence to append to a message about an unknown name: the nearest known names,
   * or all of them if none is near.
   */
  public static String forName(String unknown, Collection<String> known) {
    if (known.isEmpty()) {
      return "; there are none";
    }
    List<String> near = nearest(unknown, known);
    return near.isEmpty()
        ? "; expected one of " + String.join(", ", known.stream().sorted().toList())
        : "; did you mean " + String.join(" or ", near) + "?";
  }

  private static List<String> nearest(String unknown, Collection<String> known) {
    String name = unknown.toLowerCase(Locale.ROOT);
    int limit = Math.max(2, unknown.length() / 3);
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    Comparator<String> byDistance =
        Comparator.comparingInt(other -> distance.apply(name, other.toLowerCase(Locale.ROOT)));
    return known.stream()
        .filter(
            other ->
                distance.apply(name, other.toLowerCase(Locale.ROOT)) <= limit
                    || other.toLowerCase(Locale.ROOT).endsWith(name))
        .sorted(byDistance.thenComparing(Comparator.naturalOrder()))
        .limit(SHOWN)
        .toList();
  }
}
