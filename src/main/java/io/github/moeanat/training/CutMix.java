package io.github.moeanat.training;

import java.util.random.RandomGenerator;
import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * A box of another training image that takes the place of an image's own (Yun et al., 2019). Sides
 * are shares of the image's, so that one draw serves every resolution.
 *
 * @param partner number of the other image
 * @param top upper edge of the box
 * @param left left edge
 * @param bottom lower edge
 * @param right right edge
 */
record CutMix(int partner, double top, double left, double bottom, double right) {

  /**
   * Draws a box and where it comes from.
   *
   * @param alpha parameter of the beta distribution of what is left of the image
   * @param images number of training images
   */
  static CutMix draw(double alpha, int images, RandomGenerator random) {
    double kept =
        new BetaDistribution(null, alpha, alpha).inverseCumulativeProbability(random.nextDouble());
    double half = Math.sqrt(1 - kept) / 2;
    double row = random.nextDouble();
    double column = random.nextDouble();
    return new CutMix(
        random.nextInt(images),
        Math.max(0, row - half),
        Math.max(0, column - half),
        Math.min(1, row + half),
        Math.min(1, column + half));
  }

  /** The share of the pixels that are in the box, which is the partner's share of the target. */
  double share(int resolution) {
    double rows = Math.round(bottom * resolution) - Math.round(top * resolution);
    double columns = Math.round(right * resolution) - Math.round(left * resolution);
    return rows * columns / ((double) resolution * resolution);
  }

  /** Puts the box of {@code other} into {@code values} at an offset; both {@code [3, r, r]}. */
  void paste(float[] other, float[] values, int to, int resolution) {
    int from = (int) Math.round(left * resolution);
    int length = (int) Math.round(right * resolution) - from;
    for (int channel = 0; channel < 3; channel++) {
      for (int row = (int) Math.round(top * resolution);
          row < Math.round(bottom * resolution);
          row++) {
        int place = (channel * resolution + row) * resolution + from;
        System.arraycopy(other, place, values, to + place, length);
      }
    }
  }
}
