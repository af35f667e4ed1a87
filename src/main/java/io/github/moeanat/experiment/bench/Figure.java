package io.github.moeanat.experiment.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One measured figure.
 *
 * @param section what was asked for
 * @param what is measured
 * @param value the median where there are several
 * @param unit of the value; {@code x} for a ratio
 * @param bar what it should reach, if anything
 * @param details what else belongs to it, in order: numbers, texts, lists
 */
public record Figure(
    BenchSection section,
    String what,
    double value,
    String unit,
    Optional<Bar> bar,
    Map<String, Object> details) {

  /** Copies the map. */
  public Figure {
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /**
   * A bound of a figure.
   *
   * @param value in the figure's unit
   * @param lowest whether the figure should be no lower, else no higher
   */
  public record Bar(double value, boolean lowest) {

    static Bar atLeast(double value) {
      return new Bar(value, true);
    }

    static Bar atMost(double value) {
      return new Bar(value, false);
    }

    /** Returns whether a figure keeps to it; NaN does not. */
    public boolean isMetBy(double figure) {
      return lowest ? figure >= value : figure <= value;
    }
  }

  /** Returns value and unit for people. */
  public String measured() {
    return number(value) + " " + unit;
  }

  /** Returns the bar for people, and whether it is met; empty without one. */
  public String judged() {
    return bar.map(
            b ->
                "%s %s: %s"
                    .formatted(
                        b.lowest() ? ">=" : "<=",
                        number(b.value()),
                        b.isMetBy(value) ? "met" : "missed"))
        .orElse("");
  }

  /** Returns a number with about three digits that count. */
  public static String number(double number) {
    double size = Math.abs(number);
    String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, number);
  }
}
