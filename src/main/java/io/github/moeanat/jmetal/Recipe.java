package io.github.moeanat.jmetal;

import java.util.List;
import org.uma.jmetal.algorithm.Algorithm;
import org.uma.jmetal.solution.doublesolution.DoubleSolution;

/** Makes an algorithm of jMetal, configured already, for one run. */
interface Recipe {

  /**
   * Creates the algorithm. It has no end of its own; whoever runs it stops it.
   *
   * @param problem evaluates single solutions and lists
   * @param evaluations how many evaluations the run is expected to have, for settings that change
   *     in its course
   */
  Algorithm<List<DoubleSolution>> create(RealProblem problem, int evaluations);

  /** Whether the algorithm says itself when what it evaluated has reached its memory. */
  default boolean settlesItself() {
    return false;
  }
}
