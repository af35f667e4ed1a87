package io.github.moeanat.problem;

import io.github.moeanat.operator.IntegerVariable;
import java.util.List;
import java.util.random.RandomGenerator;
import org.moeaframework.core.Solution;
import org.moeaframework.problem.Problem;
import org.moeaframework.problem.ProblemWrapper;

/**
 * What a problem of integer variables may tell a search that spares evaluations. Every answer has a
 * default: nothing is cheap, genotypes are their own canonical form, samples are uniform and there
 * are no known extremes.
 */
public interface ExpensiveProblem extends Problem {

  /** Whether an objective is exact and takes microseconds, so that nobody need predict it. */
  default boolean isCheapObjective(int objective) {
    return false;
  }

  /** Whether a constraint is exact and takes microseconds. */
  default boolean isCheapConstraint(int constraint) {
    return false;
  }

  /** Sets the cheap objectives and constraints of a solution and leaves the others as they are. */
  default void evaluateCheap(Solution solution) {}

  /** Returns the genotype that stands for all genotypes of the same solution, as a new array. */
  default int[] canonical(int[] genes) {
    return genes.clone();
  }

  /** Draws a canonical genotype. */
  default int[] sample(RandomGenerator random) {
    Solution solution = newSolution();
    int[] genes = new int[getNumberOfVariables()];
    for (int i = 0; i < genes.length; i++) {
      IntegerVariable variable = (IntegerVariable) solution.getVariable(i);
      genes[i] = random.nextInt(variable.min(), variable.max() + 1);
    }
    return canonical(genes);
  }

  /** Canonical genotypes that every first sample should hold, such as the smallest and largest. */
  default List<int[]> extremes() {
    return List.of();
  }

  /**
   * The fixed point in objective space up to which hypervolume is counted (from the origin), or an
   * empty array if the problem names none.
   */
  default double[] referencePoint() {
    return new double[0];
  }

  /** Returns the problem itself if it tells anything, else a view of it with the defaults. */
  static ExpensiveProblem of(Problem problem) {
    return problem instanceof ExpensiveProblem expensive ? expensive : new Ordinary(problem);
  }

  /** A problem that tells nothing. */
  final class Ordinary extends ProblemWrapper implements ExpensiveProblem {
    private Ordinary(Problem problem) {
      super(problem);
    }
  }
}
