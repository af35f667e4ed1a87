package io.github.moeanat.algorithm;

import io.github.moeanat.internal.Requires;

/**
 * What a run may still spend, in measurements and iterations.
 *
 * @param maxEvaluations measurements in all, {@link #UNLIMITED} if nothing bounds them
 * @param maxIterations iterations in all, {@link #UNLIMITED} if nothing bounds them
 */
record Budget(int maxEvaluations, int maxIterations) {

  static final int UNLIMITED = Integer.MAX_VALUE;

  Budget {
    Requires.atLeast("evaluations", maxEvaluations, 0);
    Requires.atLeast("iterations", maxIterations, 0);
  }

  int left(int spent) {
    return maxEvaluations == UNLIMITED ? UNLIMITED : Math.max(0, maxEvaluations - spent);
  }

  /**
   * Position in [0, 1] of a schedule that runs over the whole budget. The adaptation on the first
   * sample is one of the rounds, so a run of n iterations has n + 1.
   *
   * @param rounds adaptations done, or to be done when the position is one to come
   * @param spent measurements done, or to be done by then
   */
  double position(int rounds, int spent) {
    double byRounds = maxIterations == UNLIMITED ? 0 : rounds / (maxIterations + 1.0);
    double bySpending = maxEvaluations == UNLIMITED ? 0 : spent / (double) maxEvaluations;
    return Math.min(1, Math.max(byRounds, bySpending));
  }
}
