package io.github.moeanat.operator;

import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.configuration.Prefix;
import org.moeaframework.core.configuration.Property;
import org.moeaframework.core.operator.Variation;
import org.moeaframework.util.validate.Validate;

/**
 * NAT's crossover: a pair of parents mates with a given probability, and then every gene changes
 * sides with probability one half. It makes two children and is registered as {@value #NAME}.
 */
@Prefix(UniformCrossover.NAME)
public final class UniformCrossover implements Variation {

  /** Name in {@code operator=}, and prefix of the properties. */
  public static final String NAME = "nat.ux";

  private double rate;

  /** Creates the crossover with NAT's rate, 0.9. */
  public UniformCrossover() {
    this(0.9);
  }

  /**
   * Creates the crossover.
   *
   * @param rate probability that a pair of parents mates
   */
  public UniformCrossover(double rate) {
    this.rate = checkRate(rate);
  }

  @Override
  public String getName() {
    return NAME;
  }

  @Override
  public int getArity() {
    return 2;
  }

  /** Probability that a pair of parents mates. */
  public double getRate() {
    return rate;
  }

  /**
   * Sets the probability that a pair of parents mates.
   *
   * @throws IllegalArgumentException if it is not a probability
   */
  @Property
  public void setRate(double rate) {
    this.rate = checkRate(rate);
  }

  @Override
  public Solution[] evolve(Solution[] parents) {
    Validate.that("parents", parents.length).isEqualTo(getArity());
    Solution first = parents[0].copy();
    Solution second = parents[1].copy();
    boolean mates = PRNG.nextDouble() < rate;
    for (int i = 0; i < first.getNumberOfVariables(); i++) {
      IntegerVariable left = IntegerVariable.require(NAME, first, i);
      IntegerVariable right = IntegerVariable.require(NAME, second, i);
      if (mates && PRNG.nextBoolean()) {
        double value = left.getValue();
        left.setValue(right.getValue());
        right.setValue(value);
      }
    }
    return new Solution[] {first, second};
  }

  private static double checkRate(double value) {
    Validate.that("rate", value).isProbability();
    return value;
  }
}
