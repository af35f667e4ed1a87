package io.github.moeanat.internal;

import java.util.Locale;

/** Argument checks that return the value they checked and name it when they refuse it. */
public final class Requires {

  private Requires() {}

  /**
   * Checks an integer against both ends of a range.
   *
   * @return {@code value}
   * @throws IllegalArgumentException if the value is outside {@code [low, high]}
   */
  public static int inRange(String name, int value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          name + " is " + value + ", expected an integer from " + low + " to " + high);
    }
    return value;
  }

  /**
   * Checks an integer against a lower bound.
   *
   * @return {@code value}
   * @throws IllegalArgumentException if the value is below {@code low}
   */
  public static int atLeast(String name, int value, int low) {
    if (value < low) {
      throw new IllegalArgumentException(name + " is " + value + ", expected at least " + low);
    }
    return value;
  }

  /**
   * Checks a real number against both ends of a range; NaN is refused.
   *
   * @return {@code value}
   * @throws IllegalArgumentException if the value is outside {@code [low, high]}
   */
  public static double inRange(String name, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s is %s, expected a number from %s to %s", name, value, low, high));
    }
    return value;
  }

  /**
   * Checks that a number is finite and above zero.
   *
   * @return {@code value}
   * @throws IllegalArgumentException if the value is NaN, infinite, zero or negative
   */
  public static double positive(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(name + " is " + value + ", expected a positive number");
    }
    return value;
  }
}
