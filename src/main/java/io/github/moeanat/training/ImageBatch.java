package io.github.moeanat.training;

import io.github.moeanat.data.Augmentation;
import io.github.moeanat.data.ImageSet;
import io.github.moeanat.data.ImageTransform;
import io.github.moeanat.internal.Seeds;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Images of a training set, each changed at random. What an image becomes depends on seed, step and
 * its place in the whole batch, so neither shards nor workers matter.
 */
final class ImageBatch implements Batch {

  private final Source source;
  private final long step;
  private final int first;
  private final int[] images;
  private final int[] shifts;

  /**
   * Where batches come from.
   *
   * @param images the training set
   * @param transform brings them to a resolution
   * @param augmentation changes them
   * @param seeds for the draws of the augmentation
   */
  record Source(
      ImageSet images, ImageTransform transform, Augmentation augmentation, Seeds seeds) {}

  /**
   * Creates a batch.
   *
   * @param step number of the step that it is for
   * @param images numbers of the images
   * @param shifts rows down and columns to the right for each image
   */
  ImageBatch(Source source, long step, int[] images, int[] shifts) {
    this(source, step, 0, images, shifts);
  }

  private ImageBatch(Source source, long step, int first, int[] images, int[] shifts) {
    this.source = source;
    this.step = step;
    this.first = first;
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
        step,
        first + from,
        Arrays.copyOfRange(images, from, to),
        Arrays.copyOfRange(shifts, 2 * from, 2 * to));
  }

  @Override
  public float[] pixels(int resolution) {
    if (source.augmentation().isNone()) {
      return source.transform().apply(source.images(), images, shifts, resolution);
    }
    int size = ImageTransform.CHANNELS * resolution * resolution;
    float[] result = new float[images.length * size];
    float[] other = new float[size];
    for (int i = 0; i < images.length; i++) {
      int offset = i * size;
      augment("augmentation", i, images[i], resolution, result, offset);
      int place = i;
      cutMix(i)
          .ifPresent(
              mix -> {
                augment("augmentation of the other", place, mix.partner(), resolution, other, 0);
                mix.paste(other, result, offset, resolution);
              });
    }
    return result;
  }

  private void augment(
      String purpose, int place, int image, int resolution, float[] target, int to) {
    source
        .transform()
        .augment(
            source.images(),
            image,
            shifts[2 * place],
            shifts[2 * place + 1],
            resolution,
            source.augmentation(),
            source.seeds().generator(purpose, step, first + place),
            target,
            to);
  }

  private Optional<CutMix> cutMix(int place) {
    Augmentation augmentation = source.augmentation();
    if (augmentation.cutMix() == 0) {
      return Optional.empty();
    }
    RandomGenerator random = source.seeds().generator("CutMix", step, first + place);
    return random.nextDouble() < augmentation.cutMix()
        ? Optional.of(CutMix.draw(augmentation.cutMixAlpha(), source.images().size(), random))
        : Optional.empty();
  }

  @Override
  public float[] targets(int resolution, int classes, double smoothing) {
    float[] targets = new float[images.length * classes];
    Arrays.fill(targets, (float) (smoothing / classes));
    for (int i = 0; i < images.length; i++) {
      Optional<CutMix> mix = cutMix(i);
      double share = mix.map(box -> box.share(resolution)).orElse(0.0);
      int own = source.images().label(images[i]);
      targets[i * classes + own] += (float) ((1 - smoothing) * (1 - share));
      if (mix.isPresent()) {
        int other = source.images().label(mix.get().partner());
        targets[i * classes + other] += (float) ((1 - smoothing) * share);
      }
    }
    return targets;
  }
}
