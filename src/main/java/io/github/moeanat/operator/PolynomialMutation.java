package io.github.moeanat.operator;

import org.moeaframework.core.PRNG;
import org.moeaframework.core.Solution;
import org.moeaframework.core.configuration.Prefix;
import org.moeaframework.core.configuration.Property;
import org.moeaframework.core.operator.Mutation;
import org.moeaframework.util.validate.Validate;

/**
 * NAT's mutation: polynomial mutation of integers, registered as {@value #NAME}. A gene is taken as
 * a real number on its widened range, moved, and rounded to the nearest integer, so it may stay
 * what it was.
 *
 * <p>References:
 *
 * <ol>
 *   <li>K. Deb and M. Goyal, "A combined genetic adaptive search (GeneAS) for engineering design",
 *       Computer Science and Informatics 26(4):30-45, 1996; with the distances to the bounds taken
 *       into account as in later versions of NSGA-II.
 * </ol>
 */
@Prefix(PolynomialMutation.NAME)
public final class PolynomialMutation implements Mutation {

  /** Name in {@code operator=}, and prefix of the properties. */
  public static final String NAME = "nat.pm";

  private double rate;
  private double distributionIndex;

  /** Creates the mutation with NAT's settings: one gene in ten, distribution index 1. */
  public PolynomialMutation() {
    this(0.1, 1.0);
  }

  /**
   * Creates the mutation.
   *
   * @param rate probability that a gene is moved
   * @param distributionIndex how much near values are preferred to distant ones
   */
  public PolynomialMutation(double rate, double distributionIndex) {
    this.rate = checkRate(rate);
    this.distributionIndex = checkIndex(distributionIndex);
  }

  @Override
  public String getName() {
    return NAME;
  }

  /** Probability that a gene is moved. */
  public double getRate() {
    return rate;
  }

  /**
   * Sets the probability that a gene is moved.
   *
   * @throws IllegalArgumentException if it is not a probability
   */
  @Property
  public void setRate(double rate) {
    this.rate = checkRate(rate);
  }

  /** How much near values are preferred to distant ones. */
  public double getDistributionIndex() {
    return distributionIndex;
  }

  /**
   * Sets how much near values are preferred to distant ones.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  @Property
  public void setDistributionIndex(double distributionIndex) {
    this.distributionIndex = checkIndex(distributionIndex);
  }

  @Override
  public Solution mutate(Solution parent) {
    Solution child = parent.copy();
    for (int i = 0; i < child.getNumberOfVariables(); i++) {
      IntegerVariable gene = IntegerVariable.require(NAME, child, i);
      if (PRNG.nextDouble() < rate) {
        gene.setValue(
            move(
                gene.intValue(),
                gene.getLowerBound(),
                gene.getUpperBound(),
                distributionIndex,
                PRNG.nextDouble()));
        gene.setInt(gene.intValue());
      }
    }
    return child;
  }

  /**
   * Moves a number within its bounds.
   *
   * @param u uniform on [0, 1): below one half moves down, above moves up
   */
  public static double move(double x, double low, double high, double index, double u) {
    double range = high - low;
    double power = index + 1;
    double step;
    if (u <= 0.5) {
      double reach = Math.pow(1 - (x - low) / range, power);
      step = Math.pow(2 * u + (1 - 2 * u) * reach, 1 / power) - 1;
    } else {
      double reach = Math.pow(1 - (high - x) / range, power);
      step = 1 - Math.pow(2 * (1 - u) + 2 * (u - 0.5) * reach, 1 / power);
    }
    return Math.max(low, Math.min(high, x + step * range));
  }

  private static double checkIndex(double value) {
    Validate.that("distributionIndex", value).isFinite();
    Validate.that("distributionIndex", value).isGreaterThanOrEqualTo(0.0);
    return value;
  }

  private static double checkRate(double value) {
    Validate.that("rate", value).isProbability();
    return value;
  }
}
