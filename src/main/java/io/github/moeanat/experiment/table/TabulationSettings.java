package io.github.moeanat.experiment.table;

import io.github.moeanat.internal.Requires;

/**
 * What is measured of each architecture of a table.
 *
 * @param withTest whether the error on test images gets a column of its own
 * @param repeats how often a few architectures are measured again, with other recalibration images
 */
public record TabulationSettings(boolean withTest, int repeats) {

  /** Checks the number. */
  public TabulationSettings {
    Requires.inRange("repeats", repeats, 0, 1000);
  }
}
