package io.github.moeanat.experiment.table;

import io.github.moeanat.internal.Requires;

/**
 * How a table is made.
 *
 * @param samples architectures to draw; 0 for all that are searched
 * @param seed decides which are drawn
 * @param withTest whether the accuracy on test images gets a column of its own
 * @param repeats how often a few architectures are measured again, with other recalibration images
 */
public record TabulationSettings(int samples, long seed, boolean withTest, int repeats) {

  /** Checks the numbers. */
  public TabulationSettings {
    Requires.inRange("samples", samples, 0, TableSample.MOST_SAMPLES);
    Requires.inRange("repeats", repeats, 0, 1000);
  }
}
