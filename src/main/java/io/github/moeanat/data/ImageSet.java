package io.github.moeanat.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Labelled images; immutable. Their pixels lie on the heap or in a mapped file, and a selection of
 * them is a view that copies none.
 */
public final class ImageSet {

  private final Pixels pixels;
  private final int[] places;
  private final int[] labels;

  /**
   * Creates an image set on the heap; the arrays are copied.
   *
   * @param channels colour channels, 1 or 3
   * @param height pixels
   * @param width pixels
   * @param pixels {@code [image, channel, height, width]} in the data set's own range, unsigned
   * @param labels class of each image, from 0
   * @throws IllegalArgumentException if the pixels are not those of as many images as labels
   */
  public ImageSet(int channels, int height, int width, byte[] pixels, int[] labels) {
    this(
        new HeapPixels(channels, height, width, pixels.clone()),
        places(labels.length),
        labels.clone());
    long expected = (long) labels.length * channels * height * width;
    if (pixels.length != expected) {
      throw new IllegalArgumentException(
          "%d bytes of pixels for %d images of %dx%dx%d, expected %d"
              .formatted(pixels.length, labels.length, channels, height, width, expected));
    }
  }

  /**
   * Creates a view of some images.
   *
   * @param places where each image is in {@code pixels}
   * @param labels class of each image, from 0
   */
  ImageSet(Pixels pixels, int[] places, int[] labels) {
    this.pixels = pixels;
    this.places = places;
    this.labels = labels;
  }

  private static int[] places(int images) {
    int[] places = new int[images];
    Arrays.setAll(places, i -> i);
    return places;
  }

  /** Colour channels of every image. */
  public int channels() {
    return pixels.channels();
  }

  /** Height of an image in pixels. */
  public int height(int image) {
    return pixels.height(places[image]);
  }

  /** Width of an image in pixels. */
  public int width(int image) {
    return pixels.width(places[image]);
  }

  /** Number of images. */
  public int size() {
    return labels.length;
  }

  /** Class of an image. */
  public int label(int image) {
    return labels[image];
  }

  /** Returns {@code [channel, height, width]} of an image, values 0 to 255 as unsigned bytes. */
  public byte[] pixels(int image) {
    byte[] copy = new byte[channels() * height(image) * width(image)];
    pixels.read(places[image], copy);
    return copy;
  }

  /** Returns the images with the given numbers, in that order; pixels are shared. */
  public ImageSet select(int... images) {
    return new ImageSet(
        pixels,
        Arrays.stream(images).map(i -> places[i]).toArray(),
        Arrays.stream(images).map(i -> labels[i]).toArray());
  }

  // Sizes come first, so that an image at a border between two sets cannot change sides unseen.
  void addTo(MessageDigest digest) {
    ByteBuffer numbers = ByteBuffer.allocate(Integer.BYTES * (4 + labels.length));
    numbers.putInt(labels.length).putInt(channels());
    numbers.putInt(pixels.commonHeight()).putInt(pixels.commonWidth());
    for (int label : labels) {
      numbers.putInt(label);
    }
    digest.update(numbers.array());
    for (int place : places) {
      digest.update(pixels.identity(place));
    }
  }
}
