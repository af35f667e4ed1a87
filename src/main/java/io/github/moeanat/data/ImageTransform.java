package io.github.moeanat.data;

import io.github.moeanat.internal.Requires;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Turns images into what a network sees: three channels, resized to a square and normalised. The
 * shorter side is resized to {@code resolution / crop}, rounded up, and the square in the middle is
 * taken, as torchvision's Resize and CenterCrop do.
 *
 * @param resize how pixels between pixels are made
 * @param crop share of the shorter side that the square has, in (0, 1]
 * @param means subtracted from each value of 0 to 255; one for all channels or one for each of
 *     three
 * @param scales that the difference is then divided by, likewise
 */
public record ImageTransform(Resize resize, double crop, List<Double> means, List<Double> scales)
    implements Serializable {

  /** Channels that a network sees; gray images are repeated. */
  public static final int CHANNELS = 3;

  /** How pixels between pixels are made. */
  public enum Resize {
    /** The pixel that covers the place. */
    NEAREST,
    /** Between the four nearest pixel centres, with half-pixel centres and no smoothing. */
    BILINEAR,
    /** As bilinear when pixels become more; when they become less, all of them are averaged. */
    ANTIALIAS
  }

  /** Checks the numbers. */
  public ImageTransform {
    Requires.inRange("crop", crop, 0.01, 1);
    means = List.copyOf(means);
    scales = List.copyOf(scales);
    for (List<Double> values : List.of(means, scales)) {
      if (values.size() != 1 && values.size() != CHANNELS) {
        throw new IllegalArgumentException(
            values.size() + " values for the channels, expected 1 or " + CHANNELS);
      }
    }
    for (double scale : scales) {
      Requires.positive("scale of pixels", scale);
    }
  }

  /** Returns the transform of whole images with one mean and one scale for all channels. */
  public static ImageTransform of(Resize resize, double mean, double scale) {
    return new ImageTransform(resize, 1, List.of(mean), List.of(scale));
  }

  /**
   * Transforms some images.
   *
   * @param images numbers of the images
   * @param resolution side of the result in pixels
   * @return {@code [image, 3, resolution, resolution]}, row-major
   */
  public float[] apply(ImageSet source, int[] images, int resolution) {
    return apply(source, images, new int[2 * images.length], resolution);
  }

  /**
   * Transforms some images after moving each; what moves in is black.
   *
   * @param images numbers of the images
   * @param shifts for each image rows down and columns to the right, in pixels of the source
   * @param resolution side of the result in pixels
   * @return {@code [image, 3, resolution, resolution]}, row-major
   */
  public float[] apply(ImageSet source, int[] images, int[] shifts, int resolution) {
    Requires.atLeast("resolution", resolution, 1);
    int size = CHANNELS * resolution * resolution;
    float[] result = new float[images.length * size];
    for (int i = 0; i < images.length; i++) {
      Picture picture = Picture.of(source, images[i]).shifted(shifts[2 * i], shifts[2 * i + 1]);
      picture.resize(
          middle(picture, picture.height(), resolution),
          middle(picture, picture.width(), resolution),
          result,
          i * size);
      normalise(result, i * size, resolution * resolution);
    }
    return result;
  }

  /**
   * Transforms one image after changing it at random; CutMix is the caller's.
   *
   * @param down rows that the image is moved before, in pixels of the source
   * @param right columns likewise
   * @param resolution side of the result in pixels
   * @param random decides all changes; what is drawn does not depend on the resolution
   * @param target gets {@code [3, resolution, resolution]} from {@code to} on
   */
  public void augment(
      ImageSet source,
      int image,
      int down,
      int right,
      int resolution,
      Augmentation augmentation,
      RandomGenerator random,
      float[] target,
      int to) {
    Picture picture = Picture.of(source, image).shifted(down, right);
    Taps rows;
    Taps columns;
    if (augmentation.crop() < 1) {
      Augmentation.Box box = augmentation.drawBox(picture.height(), picture.width(), random);
      rows = Taps.of(resize, box.top(), box.height(), resolution, 0, resolution);
      columns = Taps.of(resize, box.left(), box.width(), resolution, 0, resolution);
    } else {
      rows = middle(picture, picture.height(), resolution);
      columns = middle(picture, picture.width(), resolution);
    }
    boolean flipped = random.nextDouble() < augmentation.flip();
    picture.resize(rows, flipped ? columns.reversed() : columns, target, to);
    if (augmentation.randAugment() > 0) {
      int[] fill = new int[CHANNELS];
      Arrays.setAll(fill, channel -> (int) Math.round(ofChannel(means, channel)));
      RandAugment.apply(target, to, resolution, fill, augmentation, random);
    }
    normalise(target, to, resolution * resolution);
    if (augmentation.cutout() > 0) {
      augmentation.cutOut(target, to, resolution, random);
    }
  }

  /** Returns the length that shorter sides are resized to. */
  public int scaled(int resolution) {
    return (int) Math.ceil(resolution / crop);
  }

  private Taps middle(Picture picture, int length, int resolution) {
    int shorter = Math.min(picture.height(), picture.width());
    int scaled = scaled(resolution);
    int to = length == shorter ? scaled : Picture.scaled(length, scaled, shorter);
    return Taps.of(resize, 0, length, to, (int) Math.rint((to - resolution) / 2.0), resolution);
  }

  private static double ofChannel(List<Double> values, int channel) {
    return values.get(Math.min(channel, values.size() - 1));
  }

  private void normalise(float[] values, int from, int plane) {
    for (int channel = 0; channel < CHANNELS; channel++) {
      float mean = (float) ofChannel(means, channel);
      float scale = (float) ofChannel(scales, channel);
      int offset = from + channel * plane;
      for (int i = offset; i < offset + plane; i++) {
        values[i] = (values[i] - mean) / scale;
      }
    }
  }
}
