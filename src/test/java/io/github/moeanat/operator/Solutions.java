package io.github.moeanat.operator;

import org.moeaframework.core.Solution;
import org.moeaframework.problem.AbstractProblem;

/** Solutions and a problem of integers for the tests of this package. */
final class Solutions {

  private Solutions() {}

  static Solution of(int min, int max, int... values) {
    Solution solution = new Solution(values.length, 1);
    for (int i = 0; i < values.length; i++) {
      IntegerVariable variable = new IntegerVariable(min, max);
      variable.setInt(values[i]);
      solution.setVariable(i, variable);
    }
    return solution;
  }

  /** Minimise the sum of the genes against the sum of their distances to the upper bound. */
  static final class Sums extends AbstractProblem {

    Sums() {
      super(6, 2);
    }

    @Override
    public void evaluate(Solution solution) {
      int sum = 0;
      for (int value : IntegerVariable.toInts(solution)) {
        sum += value;
      }
      solution.setObjectiveValue(0, sum);
      solution.setObjectiveValue(1, 54 - sum);
    }

    @Override
    public Solution newSolution() {
      Solution solution = new Solution(6, 2);
      for (int i = 0; i < 6; i++) {
        solution.setVariable(i, new IntegerVariable("gene" + i, 0, 9));
      }
      return solution;
    }
  }
}
