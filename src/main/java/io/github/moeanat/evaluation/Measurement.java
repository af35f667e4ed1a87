package io.github.moeanat.evaluation;

import java.io.Serializable;

/**
 * What was measured, and what came of it.
 *
 * @param key all that decided the result
 * @param accuracy on the validation images
 */
public record Measurement(MeasurementKey key, Accuracy accuracy) implements Serializable {}
