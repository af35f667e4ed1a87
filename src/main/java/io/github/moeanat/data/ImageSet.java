package io.github.moeanat.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/** Labelled images on the heap, all of one size; immutable. */
public final class ImageSet {

  private final int channels;
  private final int height;
  private final int width;
  private final byte[] pixels;
  private final int[] labels;

  /**
   * Creates an image set; the arrays are copied.
   *
   * @param channels colour channels, 1 or 3
   * @param height pixels
   * @param width pixels
   * @param pixels {@code [image, channel, height, width]} in the data set's own range, unsigned
   * @param labels class of each image, from 0
   * @throws IllegalArgumentException if the pixels are not those of as many images as labels
   */
  public ImageSet(int channels, int height, int width, byte[] pixels, int[] labels) {
    long expected = (long) labels.length * channels * height * width;
    if (pixels.length != expected) {
      throw new IllegalArgumentException(
          "%d bytes of pixels for %d images of %dx%dx%d, expected %d"
              .formatted(pixels.length, labels.length, channels, height, width, expected));
    }
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.pixels = pixels.clone();
    this.labels = labels.clone();
  }

  /** Colour channels of every image. */
  public int channels() {
    return channels;
  }

  /** Height of every image in pixels. */
  public int height() {
    return height;
  }

  /** Width of every image in pixels. */
  public int width() {
    return width;
  }

  /** Number of images. */
  public int size() {
    return labels.length;
  }

  /** Class of an image. */
  public int label(int image) {
    return labels[image];
  }

  /** Value of a pixel, 0 to 255. */
  public int pixel(int image, int channel, int row, int column) {
    return pixels[((image * channels + channel) * height + row) * width + column] & 0xff;
  }

  /** Returns the images with the given numbers, in that order. */
  public ImageSet select(int... images) {
    int bytes = channels * height * width;
    byte[] selected = new byte[images.length * bytes];
    for (int i = 0; i < images.length; i++) {
      System.arraycopy(pixels, images[i] * bytes, selected, i * bytes, bytes);
    }
    return new ImageSet(
        channels, height, width, selected, Arrays.stream(images).map(i -> labels[i]).toArray());
  }

  // Sizes come first, so that an image at a border between two sets cannot change sides unseen.
  void addTo(MessageDigest digest) {
    ByteBuffer numbers = ByteBuffer.allocate(Integer.BYTES * (4 + labels.length));
    numbers.putInt(labels.length).putInt(channels).putInt(height).putInt(width);
    for (int label : labels) {
      numbers.putInt(label);
    }
    digest.update(numbers.array());
    digest.update(pixels);
  }
}
