package io.github.moeanat.surrogate;

import io.github.moeanat.internal.Seeds;
import java.util.random.RandomGenerator;

/**
 * A function that looks like the error of an architecture over 46 genes: of five stages each a
 * depth, four kernels and four expansions (zero behind the depth), and a resolution. Figures of
 * published predictors on it are known.
 */
final class SyntheticTarget {

  private static final double[] STAGE_WEIGHTS = {0.6, 0.8, 1, 1.2, 1.4};
  private static final double NOISE = 0.3;

  private SyntheticTarget() {}

  static double[][] sample(int size, long seed) {
    RandomGenerator random = new Seeds(seed).generator("synthetic genes");
    double[][] x = new double[size][46];
    for (double[] genes : x) {
      for (int stage = 0; stage < 5; stage++) {
        int depth = random.nextInt(3);
        genes[9 * stage] = depth;
        for (int layer = 0; layer < 2 + depth; layer++) {
          genes[9 * stage + 1 + layer] = random.nextInt(3);
          genes[9 * stage + 5 + layer] = random.nextInt(3);
        }
      }
      genes[45] = random.nextInt(17);
    }
    return x;
  }

  static double[] noisy(double[][] x, long seed) {
    RandomGenerator random = new Seeds(seed).generator("synthetic noise");
    double[] y = exact(x);
    for (int i = 0; i < y.length; i++) {
      y[i] += NOISE * random.nextGaussian();
    }
    return y;
  }

  static double[] exact(double[][] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = error(x[i]);
    }
    return y;
  }

  private static double error(double[] genes) {
    double quality = 0.25 * genes[45] - 0.004 * genes[45] * genes[45];
    for (int stage = 0; stage < 5; stage++) {
      double depth = genes[9 * stage];
      double gain = 1.5 * depth;
      for (int layer = 0; layer < 2 + depth; layer++) {
        double kernel = genes[9 * stage + 1 + layer];
        double expand = genes[9 * stage + 5 + layer];
        gain += (0.5 * kernel + expand + 0.25 * kernel * expand) * Math.pow(0.8, layer);
      }
      quality += STAGE_WEIGHTS[stage] * gain / (1 + 0.15 * gain);
      if (stage < 4) {
        quality += 0.3 * depth * genes[9 * (stage + 1)];
      }
    }
    return 35 - 0.6 * quality;
  }
}
