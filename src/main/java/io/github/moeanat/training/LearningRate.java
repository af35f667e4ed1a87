package io.github.moeanat.training;

import io.github.moeanat.internal.Requires;

/** The learning rate as a function of the position in a run. */
@FunctionalInterface
public interface LearningRate {

  /**
   * Returns the learning rate of a step.
   *
   * @param step number of the step, from 0
   */
  double at(long step);

  /** The same rate always. */
  static LearningRate constant(double rate) {
    Requires.positive("learning rate", rate);
    return step -> rate;
  }

  /**
   * Half a cosine from a rate to zero. A phase may cover any part of it: NAT lets one cosine run
   * over all iterations.
   *
   * @param rate at position 0
   * @param from position in [0, 1] of step 0
   * @param to position in [0, 1] behind the last step
   * @param steps number of steps between the two
   */
  static LearningRate cosine(double rate, double from, double to, long steps) {
    Requires.positive("learning rate", rate);
    Requires.inRange("first position", from, 0, 1);
    Requires.inRange("last position", to, from, 1);
    return step -> {
      double position = Math.min(to, from + (to - from) * step / Math.max(1, steps));
      return rate * (1 + Math.cos(Math.PI * position)) / 2;
    };
  }
}
