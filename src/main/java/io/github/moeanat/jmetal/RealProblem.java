package io.github.moeanat.jmetal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.moeaframework.core.Solution;
import org.moeaframework.core.variable.RealVariable;
import org.moeaframework.problem.Problem;
import org.uma.jmetal.problem.doubleproblem.DoubleProblem;
import org.uma.jmetal.solution.doublesolution.DoubleSolution;
import org.uma.jmetal.solution.doublesolution.impl.DefaultDoubleSolution;
import org.uma.jmetal.util.bounds.Bounds;
import org.uma.jmetal.util.evaluator.SolutionListEvaluator;

/**
 * A problem of real variables as an algorithm of jMetal sees it while the framework runs it: values
 * are asked for, one solution or a whole list at a time, and set by somebody else. Integers are
 * reals here, as they are for the framework's own algorithms.
 */
final class RealProblem implements DoubleProblem, SolutionListEvaluator<DoubleSolution> {

  private static final long serialVersionUID = 1L;

  private final String name;
  private final int objectives;
  private final int constraints;
  private final List<Bounds<Double>> bounds = new ArrayList<>();
  private final transient Consumer<List<DoubleSolution>> values;
  private final transient Runnable settling;

  /**
   * Creates the view of a problem.
   *
   * @param values sets objectives and constraints of solutions
   * @param settling is told that everything evaluated so far has reached the algorithm's memory
   */
  RealProblem(Problem problem, Consumer<List<DoubleSolution>> values, Runnable settling) {
    name = problem.getName();
    objectives = problem.getNumberOfObjectives();
    constraints = problem.getNumberOfConstraints();
    this.values = values;
    this.settling = settling;
    Solution solution = problem.newSolution();
    for (int i = 0; i < solution.getNumberOfVariables(); i++) {
      RealVariable variable = (RealVariable) solution.getVariable(i);
      bounds.add(Bounds.create(variable.getLowerBound(), variable.getUpperBound()));
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int numberOfVariables() {
    return bounds.size();
  }

  @Override
  public int numberOfObjectives() {
    return objectives;
  }

  @Override
  public int numberOfConstraints() {
    return constraints;
  }

  @Override
  public List<Bounds<Double>> variableBounds() {
    return bounds;
  }

  @Override
  public DoubleSolution createSolution() {
    return new DefaultDoubleSolution(bounds, objectives, constraints);
  }

  @Override
  public DoubleSolution evaluate(DoubleSolution solution) {
    values.accept(List.of(solution));
    return solution;
  }

  @Override
  public List<DoubleSolution> evaluate(
      List<DoubleSolution> solutions, org.uma.jmetal.problem.Problem<DoubleSolution> unchanged) {
    if (!solutions.isEmpty()) {
      values.accept(List.copyOf(solutions));
    }
    return solutions;
  }

  /**
   * Says that everything evaluated so far has reached the algorithm's memory. For algorithms that
   * evaluate one by one what they take over as a generation; the others need not.
   */
  void settle() {
    settling.run();
  }

  @Override
  public void shutdown() {}
}
