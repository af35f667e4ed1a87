package io.github.moeanat.evaluation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Seeds;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.supernet.PyTorch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
  private double time(Supplier<NDArray> pass) {
    long start = nanoTime.getAsLong();
    run(pass);
    return (nanoTime.getAsLong() - start) / NANOS_OF_A_MILLI;
  }

  /**
   * Times passes in rounds: in each of them every pass has its turn, in random order, so that a
   * machine that gets slower or faster for a while does so for all of them. In its turn a pass runs
   * twice and the second time counts, as it finds what it needs in the processor's caches.
   *
   * @param settings rounds that don't count, then those that do; the seed of the order
   * @param turns is told every turn
   * @return times in ms of each pass, a number for each round that counts
   */
  double[][] rounds(
      List<Supplier<NDArray>> passes, LatencySettings settings, Progress.Phase turns) {
    Seeds seeds = new Seeds(settings.seed());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < passes.size(); i++) {
      order.add(i);
    }
    double[][] times = new double[passes.size()][settings.repeats()];
    for (int round = -settings.warmUp(); round < settings.repeats(); round++) {
      Collections.shuffle(order, new Random(seeds.derive("order", round)));
      for (int i : order) {
        run(passes.get(i));
        double time = time(passes.get(i));
        if (round >= 0) {
          times[i][round] = time;
        }
        turns.step();
      }
    }
    return times;
  }

  private static void run(Supplier<NDArray> pass) {
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
