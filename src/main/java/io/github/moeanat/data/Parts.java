package io.github.moeanat.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which images of a listing are for what, by number.
 *
 * @param train images that weights are fitted to
 * @param validation images that networks are chosen by
 * @param test images for reports only
 */
@SuppressWarnings("ArrayRecordComponent")
record Parts(int[] train, int[] validation, int[] test) {

  // Of a folder of one's own that says nothing of a split.
  private static final SplitSize USUAL_TEST = new SplitSize(0.2);
  private static final SplitSize USUAL_VALIDATION = new SplitSize(0.15);

  /**
   * Splits as the settings say. A number of validation images is drawn from the training images and
   * the data set's own validation images together.
   *
   * @throws IllegalArgumentException if there are too few images, or the data set has no split of
   *     its own where one is asked for
   */
  static Parts of(String set, Listing listing, DataSettings settings) {
    int[] labels = listing.images().stream().mapToInt(StoredImage::label).toArray();
    int[] train = listing.of(StoredImage.Part.TRAIN);
    int[] validation = listing.of(StoredImage.Part.VALIDATION);
    int[] test = listing.of(StoredImage.Part.TEST);
    boolean own = set.equals(DataSets.FOLDER);
    if (test.length > 0 && !settings.test().isOfficial()) {
      throw new IllegalArgumentException(
          "%s: data.test is '%s', but test images come with the data set; expected official"
              .formatted(set, settings.test()));
    }
    if (test.length == 0) {
      SplitSize size = settings.test().isOfficial() ? USUAL_TEST : settings.test();
      Split split = split(set, "data.test", size, train, labels, settings.seed());
      train = split.kept();
      test = split.taken();
    }
    SplitSize size = settings.validation();
    if (size.isOfficial() && validation.length == 0) {
      if (!own) {
        throw new IllegalArgumentException(
            "%s: data.validation is 'official', but the data set has no validation images;"
                    .formatted(set)
                + " expected a share or a number of the training images");
      }
      size = USUAL_VALIDATION;
    }
    if (!size.isOfficial()) {
      int[] all =
          IntStream.concat(Arrays.stream(train), Arrays.stream(validation)).sorted().toArray();
      Split split = split(set, "data.validation", size, all, labels, settings.seed());
      train = split.kept();
      validation = split.taken();
    }
    return new Parts(train, validation, test);
  }

  private static Split split(
      String set, String key, SplitSize size, int[] images, int[] labels, long seed) {
    int count = size.of(images.length);
    if (count < 1 || count >= images.length) {
      throw new IllegalArgumentException(
          "%s: %s is %s, which leaves no images on one side of %d"
              .formatted(set, key, size, images.length));
    }
    return Split.of(images, labels, count, key, seed);
  }

  /** Number of the images that a search may use. */
  int search() {
    return train.length + validation.length;
  }
}
