package io.github.moeanat.problem.table;

import io.github.moeanat.problem.Metric;
import io.github.moeanat.problem.PropertyFile;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A value of an architecture that is minimised or bounded.
 *
 * @param name in the problem file
 * @param column of the table, or an empty text for a cost that is counted from the genes
 * @param cheap whether a search may know it without an evaluation
 * @param perfect what the column would be at best, if it is to be large: the value is this minus
 *     the column. NaN if it is to be small
 * @param scale what the value is divided by before an algorithm sees it
 * @param noise standard deviation of what is added to the column, 0 for nothing
 */
public record TableValue(
    String name, String column, boolean cheap, double perfect, double scale, double noise)
    implements Serializable {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
  private static final double LOWEST_SCALE = 1e-9;
  private static final double HIGHEST = 1e15;

  /** Reads a name. */
  static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException("no name");
    }
    return text;
  }

  /**
   * Reads a value.
   *
   * @param countable costs that the genes tell
   * @param largest what the largest architecture costs, for the scale; 1 for what is not counted,
   *     NaN if the file has to say the scale
   */
  static TableValue read(
      PropertyFile file, String name, List<Metric> countable, List<String> cheap, double largest) {
    String key = "column." + name;
    boolean counted =
        !file.values().containsKey(key) && countable.stream().anyMatch(m -> m.id().equals(name));
    // Read in any case, for it is a right key; a counted cost has no column.
    String column = counted ? "" : file.text(key, name);
    for (String prefix : List.of("perfect.", "noise.")) {
      if (counted && file.values().containsKey(prefix + name)) {
        throw file.refusal(prefix + name, "nothing, since %s is counted".formatted(name));
      }
    }
    if (counted && Double.isNaN(largest)) {
      file.text("scale." + name);
    }
    return new TableValue(
        name,
        column,
        counted || cheap.contains(name),
        file.number("perfect." + name, Double.NaN, -HIGHEST, HIGHEST),
        file.number("scale." + name, counted ? largest : 1, LOWEST_SCALE, HIGHEST),
        file.number("noise." + name, 0, 0, HIGHEST));
  }

  /** Whether the value is counted from the genes. */
  public boolean isCounted() {
    return column.isEmpty();
  }

  /** Whether the column is to be large. */
  public boolean isLargeGood() {
    return !Double.isNaN(perfect);
  }

  /** The cost that is counted. */
  Metric metric() {
    return Arrays.stream(Metric.values())
        .filter(metric -> metric.id().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Returns what is minimised, of a cell of the column. */
  public double minimised(double cell) {
    return isLargeGood() ? perfect - cell : cell;
  }
}
