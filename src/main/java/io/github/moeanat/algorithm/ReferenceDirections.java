package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Requires;
import java.util.List;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.moeaframework.core.Solution;
import org.moeaframework.core.population.ReferencePointNondominatedSortingPopulation;
import org.moeaframework.util.weights.NormalBoundaryDivisions;

/**
 * NSGA-III's survival: non-dominated sorting, and niching by Das-Dennis reference directions in the
 * last front (Deb and Jain, IEEE Transactions on Evolutionary Computation 18(4), 2014).
 */
public final class ReferenceDirections {

  private ReferenceDirections() {}

  /**
   * Returns the largest Das-Dennis set with an interior of at most {@code size} directions, or the
   * smallest there is if {@code size} is below that. With few objectives that is a single layer;
   * with many, where a single layer small enough has directions on the boundary only, it is Deb and
   * Jain's two layers.
   */
  public static NormalBoundaryDivisions atMost(int size, int objectives) {
    double smallestSingle = layer(objectives, objectives);
    double smallestDouble = 2 * layer(1, objectives);
    if (smallestSingle <= size || smallestSingle < smallestDouble) {
      int divisions = objectives;
      while (layer(divisions + 1, objectives) <= size) {
        divisions++;
      }
      return new NormalBoundaryDivisions(divisions);
    }
    return twoLayers(size, objectives);
  }

  private static NormalBoundaryDivisions twoLayers(int size, int objectives) {
    NormalBoundaryDivisions largest = new NormalBoundaryDivisions(1, 1);
    double most = 0;
    // An outer layer of as many divisions as objectives has an interior of its own.
    for (int outer = 1; outer < objectives; outer++) {
      for (int inner = 1; inner <= outer; inner++) {
        double directions = layer(outer, objectives) + layer(inner, objectives);
        if (directions <= size && directions > most) {
          most = directions;
          largest = new NormalBoundaryDivisions(outer, inner);
        }
      }
    }
    return largest;
  }

  /** Directions of a layer; the framework's own count overflows with many objectives. */
  private static double layer(int divisions, int objectives) {
    return CombinatoricsUtils.binomialCoefficientDouble(objectives + divisions - 1, objectives - 1);
  }

  /** Returns at most {@code size} of the solutions; draws from the framework's generator. */
  static List<Solution> cut(List<Solution> solutions, int size) {
    Requires.atLeast("places", size, 0);
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
