package io.github.moeanat.evaluation;

import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.supernet.Engine;
import java.io.Serializable;

/**
 * Everything that decides what a measurement gives. Two measurements of equal keys have equal
 * results, in whatever thread, process or machine they are made.
 *
 * @param weights SHA-256 of the weights of the supernet of the architecture's width, in hexadecimal
 * @param network shape of that supernet
 * @param architecture the subnet
 * @param data SHA-256 of the data set with its split, in hexadecimal
 * @param transform how images become what a network sees
 * @param recalibrationImages training images that batch normalisation is recalibrated on
 * @param recalibrationBatch images normalised together
 * @param recalibrationSeed decides which training images recalibrate
 * @param engine what runs the network; engines round differently
 * @param device kind of device, whose arithmetic may differ in the last bits
 */
public record MeasurementKey(
    String weights,
    MobileNetV3 network,
    Architecture architecture,
    String data,
    ImageTransform transform,
    int recalibrationImages,
    int recalibrationBatch,
    long recalibrationSeed,
    Engine.Kind engine,
    String device)
    implements Serializable {}
