package io.github.moeanat.operator;

import io.github.moeanat.internal.Requires;
import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.variable.RealVariable;
import org.moeaframework.core.variable.Variable;

/**
 * A decision variable for integers that every algorithm for real variables accepts: a real number
 * on {@code [min - 0.5, max + 0.5]}, rounded when it is read. It is not rounded when it is set,
 * because differential evolution, swarms and CMA-ES read back and continue from what they stored.
 *
 * <p>Its definition in result files is that of the {@link RealVariable} it is, so that they can be
 * read where this class is unknown. What comes back from such a file is a plain {@code
 * RealVariable}; {@link #toInt} reads both.
 */
public final class IntegerVariable extends RealVariable {

  private static final long serialVersionUID = 1L;

  private final int min;
  private final int max;

  /**
   * Creates an anonymous variable without a value.
   *
   * @param min smallest value
   * @param max largest value
   */
  public IntegerVariable(int min, int max) {
    this(null, min, max);
  }

  /**
   * Creates a variable without a value.
   *
   * @param name its name, or {@code null}
   * @param min smallest value
   * @param max largest value
   */
  public IntegerVariable(String name, int min, int max) {
    super(name, min - 0.5, Requires.atLeast("max", max, min) + 0.5);
    this.min = min;
    this.max = max;
  }

  /** Smallest value. */
  public int min() {
    return min;
  }

  /** Largest value. */
  public int max() {
    return max;
  }

  /**
   * Returns the nearest integer, halves upwards, not outside the bounds.
   *
   * @throws IllegalArgumentException if no value was set
   */
  public int intValue() {
    return toInt(this);
  }

  /**
   * Sets the value.
   *
   * @throws IllegalArgumentException if it is outside the bounds
   */
  public void setInt(int value) {
    setValue(Requires.inRange("value", value, min, max));
  }

  @Override
  public IntegerVariable copy() {
    IntegerVariable copy = new IntegerVariable(name, min, max);
    copy.setValue(getValue());
    return copy;
  }

  @Override
  public void randomize() {
    setInt(PRNG.nextInt(min, max));
  }

  @Override
  public String toString() {
    return Double.isNaN(getValue()) ? "unset" : Integer.toString(intValue());
  }

  /**
   * Reads a variable as an integer: an {@code IntegerVariable}, or a {@link RealVariable} with its
   * bounds, as result files give it back.
   *
   * @throws IllegalArgumentException if the variable is of another type, has no value, or has no
   *     integer between its bounds
   */
  public static int toInt(Variable variable) {
    if (!(variable instanceof RealVariable real)) {
      throw new IllegalArgumentException(
          "%s cannot be read as an integer, expected an IntegerVariable or a RealVariable"
              .formatted(variable == null ? "null" : variable.getClass().getSimpleName()));
    }
    double low = Math.ceil(real.getLowerBound());
    double high = Math.floor(real.getUpperBound());
    if (Double.isNaN(real.getValue()) || low > high) {
      throw new IllegalArgumentException(
          "a variable on [%s, %s] with value %s cannot be read as an integer"
              .formatted(real.getLowerBound(), real.getUpperBound(), real.getValue()));
    }
    return (int) Math.max(low, Math.min(high, (double) Math.round(real.getValue())));
  }

  /**
   * Reads all variables of a solution as integers.
   *
   * @throws IllegalArgumentException if {@link #toInt} refuses one of them
   */
  public static int[] toInts(Solution solution) {
    int[] values = new int[solution.getNumberOfVariables()];
    for (int i = 0; i < values.length; i++) {
      values[i] = toInt(solution.getVariable(i));
    }
    return values;
  }

  /**
   * Returns a variable of a solution for an operator that changes integers.
   *
   * @throws IllegalArgumentException if it is of another type: to skip it silently, as the
   *     framework's own operators do, makes a search that never moves
   */
  static IntegerVariable require(String operator, Solution solution, int index) {
    Variable variable = solution.getVariable(index);
    if (variable instanceof IntegerVariable integer) {
      return integer;
    }
    throw new IllegalArgumentException(
        "operator '%s' changes IntegerVariables only, but variable %d is of type %s: set 'operator'"
                .formatted(
                    operator,
                    index,
                    variable == null ? "null" : variable.getClass().getSimpleName())
            + " to one for that type, for example 'sbx+pm' for RealVariable");
  }
}
