package io.github.moeanat.problem;

import io.github.moeanat.internal.Progress;

/**
 * A problem whose evaluation rests on weights that can be adapted to what a search has found. The
 * problem itself never changes: one object serves many algorithms and seeds, and {@link #evaluate}
 * always uses the weights that it was built with. Adapted weights live in an {@link Adaptation}.
 */
public interface AdaptiveProblem extends ExpensiveProblem {

  /**
   * Starts the adaptation of one run from the weights that the problem was built with.
   *
   * @param seed decides every random draw of the adaptation
   * @param progress told of long phases; may ask to stop
   */
  Adaptation startAdaptation(long seed, Progress progress);
}
