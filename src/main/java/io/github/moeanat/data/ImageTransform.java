package io.github.moeanat.data;

import io.github.moeanat.internal.Requires;
import java.io.Serializable;
import java.util.List;

/**
 * Turns images into what a network sees: three channels, resized to a square and normalised.
 *
 * @param resize how pixels between pixels are made
 * @param means subtracted from each value of 0 to 255; one for all channels or one for each of
 *     three
 * @param scales that the difference is then divided by, likewise
 */
public record ImageTransform(Resize resize, List<Double> means, List<Double> scales)
    implements Serializable {

  /** Channels that a network sees; gray images are repeated. */
  public static final int CHANNELS = 3;

  /** How pixels between pixels are made. */
  public enum Resize {
    /** The pixel that covers the place. */
    NEAREST,
    /** Between the four nearest pixel centres, with half-pixel centres and no smoothing. */
    BILINEAR
  }

  /** Checks the numbers. */
  public ImageTransform {
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

  /** Returns the transform with one mean and one scale for all channels. */
  public static ImageTransform of(Resize resize, double mean, double scale) {
    return new ImageTransform(resize, List.of(mean), List.of(scale));
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
    int plane = resolution * resolution;
    float[] result = new float[images.length * CHANNELS * plane];
    Axis rows = new Axis(source.height(), resolution, resize);
    Axis columns = new Axis(source.width(), resolution, resize);
    for (int i = 0; i < images.length; i++) {
      for (int channel = 0; channel < CHANNELS; channel++) {
        int offset = (i * CHANNELS + channel) * plane;
        if (source.channels() == 1 && channel > 0 && means.size() == 1 && scales.size() == 1) {
          System.arraycopy(result, offset - plane, result, offset, plane);
          continue;
        }
        Plane from =
            new Plane(
                source,
                images[i],
                Math.min(channel, source.channels() - 1),
                shifts[2 * i],
                shifts[2 * i + 1]);
        float mean = (float) (double) means.get(Math.min(channel, means.size() - 1));
        float scale = (float) (double) scales.get(Math.min(channel, scales.size() - 1));
        for (int row = 0; row < resolution; row++) {
          for (int column = 0; column < resolution; column++) {
            float value = from.at(rows, row, columns, column);
            result[offset + row * resolution + column] = (value - mean) / scale;
          }
        }
      }
    }
    return result;
  }

  /** For each target place the two source places around it and the share of the second. */
  private static final class Axis {
    private final int[] first;
    private final int[] second;
    private final float[] share;

    Axis(int from, int to, Resize resize) {
      first = new int[to];
      second = new int[to];
      share = new float[to];
      for (int i = 0; i < to; i++) {
        if (resize == Resize.NEAREST) {
          first[i] = (int) ((long) i * from / to);
          second[i] = first[i];
        } else {
          double place = Math.max(0, (i + 0.5) * from / to - 0.5);
          first[i] = (int) place;
          second[i] = Math.min(first[i] + 1, from - 1);
          share[i] = (float) (place - first[i]);
        }
      }
    }
  }

  /** One channel of one image, moved. */
  private record Plane(ImageSet source, int image, int channel, int down, int right) {

    float at(Axis rows, int row, Axis columns, int column) {
      int top = rows.first[row];
      int left = columns.first[column];
      float down = rows.share[row];
      float right = columns.share[column];
      if (down == 0 && right == 0) {
        return pixel(top, left);
      }
      int bottom = rows.second[row];
      int end = columns.second[column];
      float upper = (1 - right) * pixel(top, left) + right * pixel(top, end);
      float lower = (1 - right) * pixel(bottom, left) + right * pixel(bottom, end);
      return (1 - down) * upper + down * lower;
    }

    private float pixel(int row, int column) {
      int sourceRow = row - down;
      int sourceColumn = column - right;
      boolean inside =
          sourceRow >= 0
              && sourceRow < source.height()
              && sourceColumn >= 0
              && sourceColumn < source.width();
      return inside ? source.pixel(image, channel, sourceRow, sourceColumn) : 0;
    }
  }
}
