package io.github.moeanat.jmetal;

import io.github.moeanat.internal.Requires;
import io.github.moeanat.operator.PolynomialMutation;
import org.uma.jmetal.operator.mutation.MutationOperator;
import org.uma.jmetal.solution.integersolution.IntegerSolution;
import org.uma.jmetal.util.bounds.Bounds;
import org.uma.jmetal.util.pseudorandom.JMetalRandom;

/**
 * NAT's mutation of integers, {@value PolynomialMutation#NAME}, as an operator of jMetal: a gene is
 * taken as a real number on its widened range, moved, and rounded. jMetal's own cuts fractions off,
 * so that a gene hardly ever rises on a small range.
 */
public final class NatMutation implements MutationOperator<IntegerSolution> {

  private static final long serialVersionUID = 1L;

  private final double rate;
  private final double distributionIndex;

  /**
   * Creates the mutation.
   *
   * @param rate probability that a gene is moved
   * @param distributionIndex how much near values are preferred to distant ones
   * @throws IllegalArgumentException if the rate is not a probability or the index negative
   */
  public NatMutation(double rate, double distributionIndex) {
    this.rate = Requires.inRange("rate", rate, 0, 1);
    this.distributionIndex =
        Requires.inRange("distributionIndex", distributionIndex, 0, Double.MAX_VALUE);
  }

  @Override
  public double mutationProbability() {
    return rate;
  }

  @Override
  public IntegerSolution execute(IntegerSolution solution) {
    JMetalRandom random = JMetalRandom.getInstance();
    for (int i = 0; i < solution.variables().size(); i++) {
      if (random.nextDouble() < rate) {
        Bounds<Integer> bounds = solution.getBounds(i);
        double moved =
            PolynomialMutation.move(
                solution.variables().get(i),
                bounds.getLowerBound() - 0.5,
                bounds.getUpperBound() + 0.5,
                distributionIndex,
                random.nextDouble());
        solution.variables().set(i, bounds.restrict((int) Math.round(moved)));
      }
    }
    return solution;
  }
}
