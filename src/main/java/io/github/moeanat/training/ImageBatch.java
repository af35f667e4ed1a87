package io.github.moeanat.training;

import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import java.util.Arrays;

/** Images of a training set, each moved a little. */
final class ImageBatch implements Batch {

  private final ImageSet source;
  private final ImageTransform transform;
  private final int[] images;
  private final int[] shifts;

  /**
   * Creates a batch.
   *
   * @param images numbers of the images
   * @param shifts rows down and columns to the right for each image
   */
  ImageBatch(ImageSet source, ImageTransform transform, int[] images, int[] shifts) {
    this.source = source;
    this.transform = transform;
    this.images = images;
    this.shifts = shifts;
  }

  @Override
  public int size() {
    return images.length;
  }

  @Override
  public Batch shard(int shard, int shards) {
    int from = (int) ((long) images.length * shard / shards);
    int to = (int) ((long) images.length * (shard + 1) / shards);
    return new ImageBatch(
        source,
        transform,
        Arrays.copyOfRange(images, from, to),
        Arrays.copyOfRange(shifts, 2 * from, 2 * to));
  }

  @Override
  public float[] pixels(int resolution) {
    return transform.apply(source, images, shifts, resolution);
  }

  @Override
  public float[] targets(int classes, double smoothing) {
    float[] targets = new float[images.length * classes];
    Arrays.fill(targets, (float) (smoothing / classes));
    for (int i = 0; i < images.length; i++) {
      targets[i * classes + source.label(images[i])] += (float) (1 - smoothing);
    }
    return targets;
  }
}
