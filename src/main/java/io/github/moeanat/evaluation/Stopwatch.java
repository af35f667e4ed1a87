package io.github.moeanat.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.supernet.PyTorch;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Times passes.
 *
 * @param nanoTime a clock in ns
 */
record Stopwatch(LongSupplier nanoTime) {

  private static final double NANOS_OF_A_MILLI = 1e6;
  private static final int CHANNELS = MobileNetV3.IMAGE_CHANNELS;

  /** Returns how long a pass takes in ms, the freeing of its output included. */
  double time(Supplier<NDArray> pass) {
    long start = nanoTime.getAsLong();
    run(pass);
    return (nanoTime.getAsLong() - start) / NANOS_OF_A_MILLI;
  }

  static void run(Supplier<NDArray> pass) {
    try (NDArray output = pass.get()) {
      PyTorch.await(output);
    }
  }

  /** Returns images of normally distributed values {@code [batch, 3, resolution, resolution]}. */
  static NDArray images(NDManager manager, LatencySettings settings, int resolution) {
    RandomGenerator random = new Seeds(settings.seed()).generator("images", resolution);
    float[] values =
        new float[Math.toIntExact((long) settings.batch() * CHANNELS * resolution * resolution)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    try (NDArray borrowed = manager.create(values)) {
      return borrowed
          .reshape(new Shape(settings.batch(), CHANNELS, resolution, resolution))
          .duplicate();
    }
  }
}
