package io.github.moeanat.algorithm;

import java.util.List;
import org.moeaframework.core.Solution;
import org.moeaframework.core.population.ReferencePointNondominatedSortingPopulation;
import org.moeaframework.util.weights.NormalBoundaryDivisions;

/**
 * NSGA-III's survival: non-dominated sorting, and niching by Das-Dennis reference directions in the
 * last front (Deb and Jain, IEEE Transactions on Evolutionary Computation 18(4), 2014).
 */
final class ReferenceDirections {

  private ReferenceDirections() {}

  /**
   * Returns the largest single-layer Das-Dennis set of at most {@code size} directions, but none so
   * small that every direction lies on the boundary.
   */
  static NormalBoundaryDivisions atMost(int size, int objectives) {
    NormalBoundaryDivisions largest = new NormalBoundaryDivisions(objectives);
    for (int p = objectives + 1; ; p++) {
      NormalBoundaryDivisions next = new NormalBoundaryDivisions(p);
      if (next.getNumberOfReferencePoints(objectives) > size) {
        return largest;
      }
      largest = next;
    }
  }

  /** Returns at most {@code size} of the solutions; draws from the framework's generator. */
  static List<Solution> cut(List<Solution> solutions, int size) {
    if (solutions.size() <= size) {
      return List.copyOf(solutions);
    }
    if (size == 0) {
      return List.of();
    }
    int objectives = solutions.get(0).getNumberOfObjectives();
    ReferencePointNondominatedSortingPopulation population =
        new ReferencePointNondominatedSortingPopulation(objectives, atMost(size, objectives));
    population.addAll(solutions);
    population.truncate(size);
    return population.asList();
  }
}
