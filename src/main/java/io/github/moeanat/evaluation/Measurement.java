package io.github.moeanat.evaluation;

import java.io.Serializable;

/**
 * What was measured, and what came of it.
 *
 * @param key all that decided the result
 * @param accuracy on the validation images
 * @param latency on this machine, which depends on the architecture only and not on the rest of the
 *     key; {@code null} where nobody asked for it
 */
public record Measurement(MeasurementKey key, Accuracy accuracy, Latency latency)
    implements Serializable {

  /** Creates a measurement without a latency. */
  public Measurement(MeasurementKey key, Accuracy accuracy) {
    this(key, accuracy, null);
  }
}
