package io.github.moeanat.data;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * RandAugment as timm's {@code rand-mM-mstdS} has it (Cubuk et al., 2020): some operations are
 * drawn with replacement from fifteen, each is carried out with probability one half, at a
 * magnitude drawn about a mean. Values are those of 8-bit images.
 */
final class RandAugment {

  /** The largest magnitude. */
  static final int STRONGEST = 10;

  private static final double LIKELIHOOD = 0.5;
  private static final int BRIGHTEST = 255;

  /** Changes an image; {@code strength} is the magnitude divided by the largest. */
  @FunctionalInterface
  private interface Operation {
    void apply(Image image, double strength, double sign);
  }

  // In timm's order. A sign is drawn for all, and used where it has a meaning.
  private static final List<Operation> OPERATIONS =
      List.of(
          (image, strength, sign) -> image.autoContrast(),
          (image, strength, sign) -> image.equalize(),
          (image, strength, sign) -> image.map(v -> BRIGHTEST - v),
          (image, strength, sign) -> image.rotate(sign * Math.toRadians(30 * strength)),
          (image, strength, sign) -> image.posterize((int) (4 * strength)),
          (image, strength, sign) -> image.solarize((int) (256 * strength)),
          (image, strength, sign) -> image.solarizeAdd((int) (110 * strength)),
          (image, strength, sign) -> image.blend(image.gray(), 1.8 * strength + 0.1),
          (image, strength, sign) -> image.blend(image.meanGray(), 1.8 * strength + 0.1),
          (image, strength, sign) -> image.blend(image.black(), 1.8 * strength + 0.1),
          (image, strength, sign) -> image.blend(image.smooth(), 1.8 * strength + 0.1),
          (image, strength, sign) -> image.affine(1, sign * 0.3 * strength, 0, 0, 1, 0),
          (image, strength, sign) -> image.affine(1, 0, 0, sign * 0.3 * strength, 1, 0),
          (image, strength, sign) -> image.affine(1, 0, sign * 0.45 * strength, 0, 1, 0),
          (image, strength, sign) -> image.affine(1, 0, 0, 0, 1, sign * 0.45 * strength));

  private RandAugment() {}

  /**
   * Changes an image.
   *
   * @param values {@code [3, side, side]} from {@code from} on, 0 to 255; replaced
   * @param fill what moves in, for each channel
   */
  static void apply(
      float[] values,
      int from,
      int side,
      int[] fill,
      Augmentation settings,
      RandomGenerator random) {
    Image image = new Image(values, from, side, fill);
    for (int i = 0; i < settings.randAugment(); i++) {
      Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
      boolean carriedOut = random.nextDouble() < LIKELIHOOD;
      double sign = random.nextBoolean() ? 1 : -1;
      double magnitude =
          settings.magnitude() + settings.magnitudeDeviation() * random.nextGaussian();
      if (carriedOut) {
        double strength = Math.max(0, Math.min(STRONGEST, magnitude)) / STRONGEST;
        operation.apply(image, strength, sign);
      }
    }
    image.copyTo(values, from);
  }

  /** For tests: one operation by its place in the list. */
  static void apply(float[] values, int side, int[] fill, int place, double strength, double sign) {
    Image image = new Image(values, 0, side, fill);
    OPERATIONS.get(place).apply(image, strength, sign);
    image.copyTo(values, 0);
  }

  @FunctionalInterface
  private interface Values {
    int of(int value);
  }

  /** Three planes of 8-bit values, changed in place. */
  private static final class Image {

    private final int side;
    private final int plane;
    private final int[] fill;
    private int[] pixels;

    Image(float[] values, int from, int side, int[] fill) {
      this.side = side;
      this.fill = fill;
      plane = side * side;
      pixels = new int[ImageTransform.CHANNELS * plane];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = clipped(Math.round(values[from + i]));
      }
    }

    void copyTo(float[] values, int to) {
      for (int i = 0; i < pixels.length; i++) {
        values[to + i] = pixels[i];
      }
    }

    private static int clipped(int value) {
      return Math.max(0, Math.min(BRIGHTEST, value));
    }

    void map(Values values) {
      Arrays.setAll(pixels, i -> values.of(pixels[i]));
    }

    private void map(int channel, Values values) {
      for (int i = channel * plane; i < (channel + 1) * plane; i++) {
        pixels[i] = values.of(pixels[i]);
      }
    }

    private int[] histogram(int channel) {
      int[] counts = new int[BRIGHTEST + 1];
      for (int i = channel * plane; i < (channel + 1) * plane; i++) {
        counts[pixels[i]]++;
      }
      return counts;
    }

    void autoContrast() {
      for (int channel = 0; channel < ImageTransform.CHANNELS; channel++) {
        int[] counts = histogram(channel);
        int low = 0;
        int high = BRIGHTEST;
        while (counts[low] == 0) {
          low++;
        }
        while (counts[high] == 0) {
          high--;
        }
        if (high > low) {
          int darkest = low;
          double scale = (double) BRIGHTEST / (high - low);
          map(channel, v -> clipped((int) ((v - darkest) * scale)));
        }
      }
    }

    void equalize() {
      for (int channel = 0; channel < ImageTransform.CHANNELS; channel++) {
        int[] counts = histogram(channel);
        int last = BRIGHTEST;
        while (counts[last] == 0) {
          last--;
        }
        int step = (plane - counts[last]) / BRIGHTEST;
        if (step > 0) {
          int[] table = new int[BRIGHTEST + 1];
          int below = step / 2;
          for (int v = 0; v <= BRIGHTEST; v++) {
            table[v] = clipped(below / step);
            below += counts[v];
          }
          map(channel, v -> table[v]);
        }
      }
    }

    void posterize(int bits) {
      int mask = BRIGHTEST & -(1 << (8 - bits));
      map(v -> v & mask);
    }

    void solarize(int threshold) {
      map(v -> v < threshold ? v : BRIGHTEST - v);
    }

    void solarizeAdd(int addend) {
      map(v -> v < 128 ? clipped(v + addend) : v);
    }

    private int brightness(int place) {
      return (int)
          Math.round(
              0.299 * pixels[place]
                  + 0.587 * pixels[plane + place]
                  + 0.114 * pixels[2 * plane + place]);
    }

    int[] gray() {
      int[] gray = new int[pixels.length];
      Arrays.setAll(gray, i -> brightness(i % plane));
      return gray;
    }

    int[] meanGray() {
      long sum = 0;
      for (int i = 0; i < plane; i++) {
        sum += brightness(i);
      }
      int[] mean = new int[pixels.length];
      Arrays.fill(mean, (int) ((double) sum / plane + 0.5));
      return mean;
    }

    int[] black() {
      return new int[pixels.length];
    }

    // PIL's filter SMOOTH, which leaves the outermost pixels as they are.
    int[] smooth() {
      int[] smooth = pixels.clone();
      for (int channel = 0; channel < ImageTransform.CHANNELS; channel++) {
        for (int row = 1; row < side - 1; row++) {
          for (int column = 1; column < side - 1; column++) {
            int place = (channel * side + row) * side + column;
            int sum = 4 * pixels[place];
            for (int line = place - side; line <= place + side; line += side) {
              sum += pixels[line - 1] + pixels[line] + pixels[line + 1];
            }
            smooth[place] = Math.round(sum / 13f);
          }
        }
      }
      return smooth;
    }

    /** Goes from another image, at factor 0, through this one, at 1, and beyond. */
    void blend(int[] other, double factor) {
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = clipped((int) (other[i] + factor * (pixels[i] - other[i])));
      }
    }

    /** Turns the image about its middle. */
    void rotate(double angle) {
      double cos = Math.cos(angle);
      double sin = Math.sin(angle);
      affine(cos, sin, (1 - cos - sin) / 2, -sin, cos, (1 + sin - cos) / 2);
    }

    /**
     * Takes the value at x, y from a x + b y + c, d x + e y + f; coordinates and offsets are shares
     * of the side, values between pixels are bilinear.
     */
    void affine(double a, double b, double c, double d, double e, double f) {
      int[] result = new int[pixels.length];
      for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
          double x = a * (column + 0.5) + b * (row + 0.5) + c * side;
          double y = d * (column + 0.5) + e * (row + 0.5) + f * side;
          boolean inside = x >= 0 && x < side && y >= 0 && y < side;
          for (int channel = 0; channel < ImageTransform.CHANNELS; channel++) {
            result[(channel * side + row) * side + column] =
                inside ? between(channel, y - 0.5, x - 0.5) : fill[channel];
          }
        }
      }
      pixels = result;
    }

    private int between(int channel, double y, double x) {
      int row = (int) Math.floor(y);
      int column = (int) Math.floor(x);
      double down = y - row;
      double right = x - column;
      double upper = (1 - right) * at(channel, row, column) + right * at(channel, row, column + 1);
      double lower =
          (1 - right) * at(channel, row + 1, column) + right * at(channel, row + 1, column + 1);
      return (int) Math.round((1 - down) * upper + down * lower);
    }

    private int at(int channel, int row, int column) {
      int y = Math.max(0, Math.min(side - 1, row));
      int x = Math.max(0, Math.min(side - 1, column));
      return pixels[(channel * side + y) * side + x];
    }
  }
}
