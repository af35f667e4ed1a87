package io.github.moeanat.problem;

import io.github.moeanat.internal.Requires;
import java.io.Serializable;

/**
 * A constraint {@code name <= limit}. Its value is the margin {@code (limit - value) / limit},
 * which is not negative exactly if the constraint holds.
 *
 * @param name of the value that is bounded: a metric of a supernet problem, a value of a table
 * @param limit its largest allowed value before scaling, above 0
 */
public record Bound(String name, double limit) implements Serializable {

  /** Checks the limit. */
  public Bound {
    Requires.positive("limit of " + name, limit);
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
        text.substring(0, operator).trim(), Quantity.parse(text.substring(operator + 2).trim()));
  }

  /**
   * The metric that is bounded.
   *
   * @throws IllegalArgumentException if the name is no metric's
   */
  Metric metric() {
    return Metric.of(name);
  }

  /** Returns the margin of a value before scaling. */
  public double margin(double value) {
    return (limit - value) / limit;
  }

  @Override
  public String toString() {
    return name + "<=" + limit;
  }
}
