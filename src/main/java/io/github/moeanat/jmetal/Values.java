package io.github.moeanat.jmetal;

/** What the framework and jMetal mean by values of objectives and constraints. */
final class Values {

  private Values() {}

  /**
   * Copies the values of an evaluated solution: objectives as jMetal minimises them, constraints
   * negative by how much they are violated and 0 if they are not.
   */
  static void copy(org.moeaframework.core.Solution from, org.uma.jmetal.solution.Solution<?> to) {
    for (int i = 0; i < from.getNumberOfObjectives(); i++) {
      to.objectives()[i] = from.getObjective(i).getCanonicalValue();
    }
    for (int i = 0; i < from.getNumberOfConstraints(); i++) {
      // Subtracted from zero, because jMetal's comparisons should see no negative zero.
      to.constraints()[i] = 0 - from.getConstraint(i).getMagnitudeOfViolation();
    }
  }
}
