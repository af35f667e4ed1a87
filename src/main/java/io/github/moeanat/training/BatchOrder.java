package io.github.moeanat.training;

import io.github.moeanat.data.Augmentation;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.internal.Seeds;
import java.util.random.RandomGenerator;

/**
 * Which images a step sees: one random permutation of all images after another, cut into batches. A
 * batch depends on seed and step only, so that a run can go on from any step.
 */
final class BatchOrder {

  private final ImageBatch.Source source;
  private final int batchSize;
  private final int shift;
  private final Seeds seeds;
  private long epoch = -1;
  private int[] permutation = new int[0];

  /**
   * Creates the order.
   *
   * @param shift furthest that an image is moved in each direction, in pixels
   */
  BatchOrder(
      ImageSet images,
      ImageTransform transform,
      Augmentation augmentation,
      int batchSize,
      int shift,
      long seed) {
    seeds = new Seeds(seed);
    source = new ImageBatch.Source(images, transform, augmentation, seeds);
    this.batchSize = batchSize;
    this.shift = shift;
  }

  /** What decides the order. */
  long seed() {
    return seeds.seed();
  }

  Batch at(long step) {
    int images = source.images().size();
    int[] chosen = new int[batchSize];
    for (int i = 0; i < batchSize; i++) {
      long place = step * batchSize + i;
      chosen[i] = permutation(place / images)[(int) (place % images)];
    }
    int[] shifts = new int[2 * batchSize];
    if (shift > 0) {
      RandomGenerator random = seeds.generator("shift", step);
      for (int i = 0; i < shifts.length; i++) {
        shifts[i] = random.nextInt(-shift, shift + 1);
      }
    }
    return new ImageBatch(source, step, chosen, shifts);
  }

  private int[] permutation(long wanted) {
    if (wanted != epoch) {
      epoch = wanted;
      permutation = shuffled(seeds.generator("epoch", wanted));
    }
    return permutation;
  }

  private int[] shuffled(RandomGenerator random) {
    int[] result = new int[source.images().size()];
    for (int i = 0; i < result.length; i++) {
      int j = random.nextInt(i + 1);
      result[i] = result[j];
      result[j] = i;
    }
    return result;
  }
}
