package io.github.moeanat.data;

/** Where the pixels of images lie; immutable, read by any number of threads. */
interface Pixels {

  /** Colour channels of every image, 1 or 3. */
  int channels();

  /** Height of an image in pixels. */
  int height(int image);

  /** Width of an image in pixels. */
  int width(int image);

  /**
   * Copies an image.
   *
   * @param target gets {@code [channel, height, width]} from its start; may be longer
   */
  void read(int image, byte[] target);

  /** The height that all images have, 0 if there is no such. */
  int commonHeight();

  /** The width that all images have, 0 if there is no such. */
  int commonWidth();

  /**
   * Returns bytes that no other image of this kind has: its pixels if all images are of one size,
   * else a SHA-256 of size and pixels.
   */
  byte[] identity(int image);
}
