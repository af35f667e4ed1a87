package io.github.moeanat.evaluation;

import io.github.moeanat.internal.Requires;
import io.github.moeanat.supernet.Engine;
import java.io.Serializable;

/**
 * How a subnet is measured.
 *
 * @param recalibrationImages training images that batch normalisation is recalibrated on; 0 keeps
 *     the supernet's statistics, which only says how much recalibration matters
 * @param recalibrationBatch images normalised together; part of the result
 * @param validationBatch images judged together; of no account for results but for rounding
 * @param engine what runs the networks
 */
public record EvaluationSettings(
    int recalibrationImages, int recalibrationBatch, int validationBatch, Engine.Kind engine)
    implements Serializable {

  /** Checks the numbers. */
  public EvaluationSettings {
    Requires.atLeast("recalibration images", recalibrationImages, 0);
    Requires.atLeast("recalibration batch size", recalibrationBatch, 2);
    Requires.atLeast("validation batch size", validationBatch, 1);
    if (recalibrationImages % recalibrationBatch == 1) {
      throw new IllegalArgumentException(
          "recalibration images are %d in batches of %d: the last would be one image, which has no variance"
              .formatted(recalibrationImages, recalibrationBatch));
    }
  }
}
