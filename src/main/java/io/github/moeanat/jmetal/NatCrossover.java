package io.github.moeanat.jmetal;

import io.github.moeanat.internal.Requires;
import java.util.List;
import org.uma.jmetal.operator.crossover.CrossoverOperator;
import org.uma.jmetal.solution.integersolution.IntegerSolution;
import org.uma.jmetal.util.pseudorandom.JMetalRandom;

/**
 * NAT's crossover of integers, {@code nat.ux}, as an operator of jMetal: a pair of parents mates
 * with a given probability, and then every gene changes sides with probability one half.
 */
public final class NatCrossover implements CrossoverOperator<IntegerSolution> {

  private static final long serialVersionUID = 1L;

  private final double rate;

  /**
   * Creates the crossover.
   *
   * @param rate probability that a pair of parents mates
   * @throws IllegalArgumentException if it is not a probability
   */
  public NatCrossover(double rate) {
    this.rate = Requires.inRange("rate", rate, 0, 1);
  }

  @Override
  public double crossoverProbability() {
    return rate;
  }

  @Override
  public int numberOfRequiredParents() {
    return 2;
  }

  @Override
  public int numberOfGeneratedChildren() {
    return 2;
  }

  @Override
  public List<IntegerSolution> execute(List<IntegerSolution> parents) {
    IntegerSolution first = (IntegerSolution) parents.get(0).copy();
    IntegerSolution second = (IntegerSolution) parents.get(1).copy();
    JMetalRandom random = JMetalRandom.getInstance();
    boolean mates = random.nextDouble() < rate;
    for (int i = 0; i < first.variables().size(); i++) {
      if (mates && random.nextDouble() < 0.5) {
        int gene = first.variables().get(i);
        first.variables().set(i, second.variables().get(i));
        second.variables().set(i, gene);
      }
    }
    return List.of(first, second);
  }
}
