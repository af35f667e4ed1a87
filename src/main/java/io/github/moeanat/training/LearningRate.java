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

  /**
   * A rise in equal parts to the rate that another schedule begins with, and then that schedule.
   *
   * @param steps number of steps of the rise; the first is taken at 1 / steps of the rate
   */
  static LearningRate warmUp(long steps, LearningRate then) {
    Requires.inRange("steps of the warm-up", (double) steps, 0, Long.MAX_VALUE);
    return step -> step < steps ? then.at(0) * (step + 1) / steps : then.at(step - steps);
  }
}
