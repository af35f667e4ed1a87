package io.github.moeanat.data;

import io.github.moeanat.internal.Requires;
import java.util.random.RandomGenerator;

/**
 * How training images are changed at random. In this order: crop, flip, RandAugment, normalisation,
 * cutout, CutMix.
 *
 * @param crop smallest share of an image's area that a random crop has, 1 for no random crop; its
 *     ratio of sides is from 3/4 to 4/3 (torchvision's RandomResizedCrop)
 * @param flip probability of a horizontal flip
 * @param randAugment operations of RandAugment for an image, 0 for none
 * @param magnitude of these operations, 0 to 10
 * @param magnitudeDeviation standard deviation of the magnitude
 * @param cutout side of a square that is blanked, as a share of the image's; 0 for none
 * @param cutMix probability that a box of another image is put into an image
 * @param cutMixAlpha parameter of the beta distribution of what is left of the image
 */
public record Augmentation(
    double crop,
    double flip,
    int randAugment,
    double magnitude,
    double magnitudeDeviation,
    double cutout,
    double cutMix,
    double cutMixAlpha) {

  /** Nothing is changed. */
  public static final Augmentation NONE = new Augmentation(1, 0, 0, 9, 0.5, 0, 0, 1);

  private static final double LOWEST_RATIO = 3 / 4.0;
  private static final int TRIES = 10;

  /** Checks the numbers. */
  public Augmentation {
    Requires.inRange("smallest crop", crop, 1e-3, 1);
    Requires.inRange("probability of a flip", flip, 0, 1);
    Requires.inRange("operations of RandAugment", randAugment, 0, 100);
    Requires.inRange("magnitude", magnitude, 0, RandAugment.STRONGEST);
    Requires.inRange("deviation of the magnitude", magnitudeDeviation, 0, 100);
    Requires.inRange("side of the cutout", cutout, 0, 1);
    Requires.inRange("probability of CutMix", cutMix, 0, 1);
    Requires.positive("alpha of CutMix", cutMixAlpha);
  }

  /** Whether nothing is changed, whatever the strength of what is switched off. */
  public boolean isNone() {
    return crop == 1 && flip == 0 && randAugment == 0 && cutout == 0 && cutMix == 0;
  }

  /** A part of an image, in pixels. */
  record Box(int top, int left, int height, int width) {}

  /** Draws the part of an image that is used. */
  Box drawBox(int height, int width, RandomGenerator random) {
    for (int i = 0; i < TRIES; i++) {
      double area = height * (double) width * random.nextDouble(crop, Math.nextUp(1.0));
      double range = -2 * Math.log(LOWEST_RATIO);
      double ratio = LOWEST_RATIO * Math.exp(range * random.nextDouble());
      int boxWidth = (int) Math.rint(Math.sqrt(area * ratio));
      int boxHeight = (int) Math.rint(Math.sqrt(area / ratio));
      if (boxWidth > 0 && boxWidth <= width && boxHeight > 0 && boxHeight <= height) {
        return new Box(
            random.nextInt(height - boxHeight + 1),
            random.nextInt(width - boxWidth + 1),
            boxHeight,
            boxWidth);
      }
    }
    // The middle of a very long image.
    int boxHeight = (int) Math.min(height, Math.rint(width / LOWEST_RATIO));
    int boxWidth = (int) Math.min(width, Math.rint(height / LOWEST_RATIO));
    return new Box((height - boxHeight) / 2, (width - boxWidth) / 2, boxHeight, boxWidth);
  }

  /** Blanks a square of normalised values {@code [3, side, side]}, which may lie over the edge. */
  void cutOut(float[] values, int from, int side, RandomGenerator random) {
    int length = (int) Math.round(cutout * side);
    int top = (int) (random.nextDouble() * side) - length / 2;
    int left = (int) (random.nextDouble() * side) - length / 2;
    for (int channel = 0; channel < ImageTransform.CHANNELS; channel++) {
      for (int row = Math.max(0, top); row < Math.min(side, top + length); row++) {
        for (int column = Math.max(0, left); column < Math.min(side, left + length); column++) {
          values[from + (channel * side + row) * side + column] = 0;
        }
      }
    }
  }
}
