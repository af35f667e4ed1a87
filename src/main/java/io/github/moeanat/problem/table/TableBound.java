package io.github.moeanat.problem.table;

import io.github.moeanat.internal.Requires;
import io.github.moeanat.problem.Quantity;
import java.io.Serializable;

/**
 * A constraint {@code name <= limit}. Its value is the margin {@code (limit - value) / limit},
 * which is not negative exactly if the constraint holds.
 *
 * @param name of the value that is bounded
 * @param limit its largest allowed value before scaling, above 0
 */
public record TableBound(String name, double limit) implements Serializable {

  /** Checks the limit. */
  public TableBound {
    Requires.positive("limit of " + name, limit);
  }

  static TableBound parse(String text) {
    int operator = text.indexOf("<=");
    if (operator < 0) {
      throw new IllegalArgumentException("no <= in " + text);
    }
    return new TableBound(
        TableValue.name(text.substring(0, operator).trim()),
        Quantity.parse(text.substring(operator + 2).trim()));
  }

  /** Returns the margin of a value. */
  double margin(double value) {
    return (limit - value) / limit;
  }

  @Override
  public String toString() {
    return name + "<=" + limit;
  }
}
