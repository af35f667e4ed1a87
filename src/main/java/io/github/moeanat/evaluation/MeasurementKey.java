package io.github.moeanat.evaluation;

import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.space.Architecture;
import java.io.Serializable;

/**
 * Everything that decides what a measurement gives. Two measurements of equal keys have equal
 * results, in whatever thread, process or machine they are made.
 *
 * @param weights SHA-256 of the weights of the supernet of the architecture's width, in hexadecimal
 * @param architecture the subnet
 * @param data SHA-256 of the data set with its split, in hexadecimal
 * @param transform how images become what a network sees
 * @param settings how the subnet is recalibrated and judged
 * @param recalibrationSeed decides which training images recalibrate
 */
public record MeasurementKey(
    String weights,
    Architecture architecture,
    String data,
    ImageTransform transform,
    EvaluationSettings settings,
    long recalibrationSeed)
    implements Serializable {}
