package io.github.moeanat.testing;

import io.github.moeanat.operator.IntegerVariable;
import java.util.concurrent.atomic.AtomicInteger;
import org.moeaframework.core.Solution;
import org.moeaframework.core.constraint.GreaterThanOrEqual;
import org.moeaframework.core.constraint.LessThanOrEqual;
import org.moeaframework.core.objective.Maximize;
import org.moeaframework.core.objective.Minimize;
import org.moeaframework.problem.AbstractProblem;

/**
 * DTLZ2 on a grid of integers, which counts its evaluations. The last objective is maximised, as
 * the negative of DTLZ2's. With constraints, all of DTLZ2's front is infeasible, and so is what has
 * the largest first objectives.
 */
public final class Grid extends AbstractProblem {

  private static final int LEVELS = 20;
  private static final int DISTANCE_VARIABLES = 5;
  private static final double LEAST_DISTANCE = 0.04;
  private static final double LARGEST = 1.2;

  private final AtomicInteger evaluations = new AtomicInteger();

  private Grid(int objectives, int constraints) {
    super(objectives - 1 + DISTANCE_VARIABLES, objectives, constraints);
  }

  /** Creates the problem without constraints. */
  public static Grid free(int objectives) {
    return new Grid(objectives, 0);
  }

  /** Creates the problem with two constraints. */
  public static Grid constrained(int objectives) {
    return new Grid(objectives, 2);
  }

  /** How often a solution was evaluated. */
  public int evaluations() {
    return evaluations.get();
  }

  @Override
  public String getName() {
    return numberOfConstraints > 0 ? "ConstrainedGrid" : "Grid";
  }

  @Override
  public Solution newSolution() {
    Solution solution = new Solution(numberOfVariables, numberOfObjectives, numberOfConstraints);
    for (int i = 0; i < numberOfVariables; i++) {
      solution.setVariable(i, new IntegerVariable(0, LEVELS));
    }
    for (int i = 0; i < numberOfObjectives - 1; i++) {
      solution.setObjective(i, new Minimize("f" + i));
    }
    solution.setObjective(numberOfObjectives - 1, new Maximize("last"));
    if (numberOfConstraints > 0) {
      solution.setConstraint(0, new GreaterThanOrEqual("distance", LEAST_DISTANCE));
      solution.setConstraint(1, new LessThanOrEqual("f0", LARGEST));
    }
    return solution;
  }

  @Override
  public void evaluate(Solution solution) {
    evaluations.incrementAndGet();
    int[] genes = IntegerVariable.toInts(solution);
    int angles = numberOfObjectives - 1;
    double distance = 0;
    for (int i = angles; i < genes.length; i++) {
      distance += Math.pow(genes[i] / (double) LEVELS - 0.5, 2);
    }
    for (int i = 0; i < numberOfObjectives; i++) {
      double value = 1 + distance;
      for (int j = 0; j < angles - i; j++) {
        value *= Math.cos(genes[j] / (double) LEVELS * Math.PI / 2);
      }
      if (i > 0) {
        value *= Math.sin(genes[angles - i] / (double) LEVELS * Math.PI / 2);
      }
      solution.setObjectiveValue(i, i == angles ? -value : value);
    }
    if (numberOfConstraints > 0) {
      solution.setConstraintValue(0, distance);
      solution.setConstraintValue(1, solution.getObjectiveValue(0));
    }
  }
}
