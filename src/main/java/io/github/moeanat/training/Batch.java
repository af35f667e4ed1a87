package io.github.moeanat.training;

import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import java.util.Arrays;

/** The images of one step: numbers in the training set and how far each is moved. */
final class Batch {

  private final int[] images;
  private final int[] shifts;

  /**
   * Creates a batch.
   *
   * @param shifts rows down and columns to the right for each image
   */
  Batch(int[] images, int[] shifts) {
    this.images = images;
    this.shifts = shifts;
  }

  int size() {
    return images.length;
  }

  /** Returns one of {@code shards} consecutive parts of nearly one size. */
  Batch shard(int shard, int shards) {
    int from = (int) ((long) images.length * shard / shards);
    int to = (int) ((long) images.length * (shard + 1) / shards);
    return new Batch(
        Arrays.copyOfRange(images, from, to),
        Arrays.copyOfRange(shifts, 2 * from, 2 * to));
  }

  /** Returns {@code [N, 3, resolution, resolution]}. */
  float[] pixels(ImageSet source, ImageTransform transform, int resolution) {
    return transform.apply(source, images, shifts, resolution);
  }

  /** Returns the target distributions {@code [N, classes]}. */
  float[] targets(ImageSet source, int classes, double smoothing) {
    float[] targets = new float[images.length * classes];
    Arrays.fill(targets, (float) (smoothing / classes));
    for (int i = 0; i < images.length; i++) {
      targets[i * classes + source.label(images[i])] += (float) (1 - smoothing);
    }
    return targets;
  }
}
