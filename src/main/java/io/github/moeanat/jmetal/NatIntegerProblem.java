package io.github.moeanat.jmetal;

import io.github.moeanat.operator.IntegerVariable;
import io.github.moeanat.problem.ExpensiveProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.moeaframework.core.Solution;
import org.moeaframework.core.variable.Variable;
import org.moeaframework.problem.Problem;
import org.uma.jmetal.problem.integerproblem.IntegerProblem;
import org.uma.jmetal.solution.integersolution.IntegerSolution;
import org.uma.jmetal.solution.integersolution.impl.DefaultIntegerSolution;
import org.uma.jmetal.util.bounds.Bounds;
import org.uma.jmetal.util.pseudorandom.JMetalRandom;

/**
 * A problem of the framework whose variables are all {@link IntegerVariable}s, as jMetal sees
 * problems of integers: every objective minimised, constraints negative where they are violated.
 * Initial solutions are drawn by the problem's own sampler if it has one ({@link
 * ExpensiveProblem#sample}), from jMetal's generator either way.
 *
 * <p>{@link #evaluate} may be called from several threads if the problem's may, as {@code
 * NatProblem}'s. It is serialisable if the problem is.
 */
public final class NatIntegerProblem implements IntegerProblem, AutoCloseable {

  private static final long serialVersionUID = 1L;

  private final Problem problem;
  private final List<Bounds<Integer>> bounds;

  /**
   * Creates the view of a problem.
   *
   * @throws IllegalArgumentException if a variable is not an {@link IntegerVariable}
   */
  public NatIntegerProblem(Problem problem) {
    this.problem = problem;
    List<Bounds<Integer>> found = new ArrayList<>();
    Solution solution = problem.newSolution();
    for (int i = 0; i < solution.getNumberOfVariables(); i++) {
      Variable variable = solution.getVariable(i);
      if (!(variable instanceof IntegerVariable integer)) {
        throw new IllegalArgumentException(
            "jMetal sees variables of type IntegerVariable only, variable %d of %s is a %s"
                .formatted(i + 1, problem.getName(), variable.getClass().getSimpleName()));
      }
      found.add(Bounds.create(integer.min(), integer.max()));
    }
    bounds = List.copyOf(found);
  }

  @Override
  public String name() {
    return problem.getName();
  }

  @Override
  public int numberOfVariables() {
    return bounds.size();
  }

  @Override
  public int numberOfObjectives() {
    return problem.getNumberOfObjectives();
  }

  @Override
  public int numberOfConstraints() {
    return problem.getNumberOfConstraints();
  }

  @Override
  public List<Bounds<Integer>> variableBounds() {
    return bounds;
  }

  @Override
  public IntegerSolution createSolution() {
    IntegerSolution solution =
        new DefaultIntegerSolution(bounds, numberOfObjectives(), numberOfConstraints());
    if (problem instanceof ExpensiveProblem expensive) {
      long seed = Double.doubleToLongBits(JMetalRandom.getInstance().nextDouble());
      int[] genes = expensive.sample(new SplittableRandom(seed));
      for (int i = 0; i < genes.length; i++) {
        solution.variables().set(i, genes[i]);
      }
    }
    return solution;
  }

  @Override
  public IntegerSolution evaluate(IntegerSolution solution) {
    Solution own = toSolution(solution);
    problem.evaluate(own);
    Values.copy(own, solution);
    return solution;
  }

  /**
   * Returns the framework's solution with the genes of one of jMetal's, not evaluated; {@code
   * NatProblem.architecture} reads it, for example.
   */
  public Solution toSolution(IntegerSolution solution) {
    Solution own = problem.newSolution();
    for (int i = 0; i < bounds.size(); i++) {
      ((IntegerVariable) own.getVariable(i)).setInt(solution.variables().get(i));
    }
    return own;
  }

  /** Closes the problem. */
  @Override
  public void close() {
    problem.close();
  }
}
