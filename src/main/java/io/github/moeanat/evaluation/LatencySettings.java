package io.github.moeanat.evaluation;

import io.github.moeanat.internal.Requires;

/**
 * How latency is measured.
 *
 * @param batch images that run through the network together
 * @param threads threads of a tensor operation
 * @param warmUp rounds that are not counted, before those that are
 * @param repeats rounds that are counted; in each what is measured is timed once
 * @param seed of the images, of weights that are drawn, and of the order of the measurements
 */
public record LatencySettings(int batch, int threads, int warmUp, int repeats, long seed) {

  /** Fewer repeats have no 95 % interval for the median. */
  public static final int FEWEST_REPEATS = 6;

  /** Checks the numbers. */
  public LatencySettings {
    Requires.atLeast("batch size", batch, 1);
    Requires.inRange("threads", threads, 1, 1024);
    Requires.atLeast("warm-up passes", warmUp, 0);
    Requires.atLeast("repeats", repeats, FEWEST_REPEATS);
  }
}
