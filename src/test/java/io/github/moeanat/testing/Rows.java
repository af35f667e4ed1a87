package io.github.moeanat.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.moeaframework.core.Solution;

/** Solutions as texts that tell whether two runs are equal, and where not. */
public final class Rows {

  private Rows() {}

  /** Returns variables, objectives and constraints of each solution, in their order. */
  public static List<String> of(Iterable<Solution> solutions) {
    List<String> rows = new ArrayList<>();
    for (Solution solution : solutions) {
      List<String> variables = new ArrayList<>();
      for (int i = 0; i < solution.getNumberOfVariables(); i++) {
        variables.add(solution.getVariable(i).encode());
      }
      rows.add(
          variables
              + Arrays.toString(solution.getObjectiveValues())
              + Arrays.toString(solution.getConstraintValues()));
    }
    return rows;
  }
}
