package io.github.moeanat.problem;

import io.github.moeanat.internal.Requires;

/**
 * A constraint {@code metric <= limit}. Its value is the margin {@code (limit - value) / limit},
 * which is not negative exactly if the constraint holds.
 *
 * @param metric what is bounded
 * @param limit its largest allowed raw value, above 0
 */
public record Bound(Metric metric, double limit) {

  /** Checks the limit. */
  public Bound {
    Requires.positive("limit of " + metric.id(), limit);
  }

  /**
   * Returns the bound of a text such as {@code madds<=2e6} or {@code params<=600k}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Bound parse(String text) {
    int operator = text.indexOf("<=");
    if (operator < 0) {
      throw new IllegalArgumentException("no <= in " + text);
    }
    return new Bound(
        Metric.of(text.substring(0, operator).trim()),
        Quantity.parse(text.substring(operator + 2).trim()));
  }

  /** Returns the margin of a raw value. */
  double margin(double value) {
    return (limit - value) / limit;
  }

  @Override
  public String toString() {
    return metric.id() + "<=" + limit;
  }
}
