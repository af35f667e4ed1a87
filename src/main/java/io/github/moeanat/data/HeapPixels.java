package io.github.moeanat.data;

import java.util.Arrays;

/** Images of one size on the heap. */
final class HeapPixels implements Pixels {

  private final int channels;
  private final int height;
  private final int width;
  private final byte[] bytes;

  /**
   * Creates the pixels.
   *
   * @param bytes {@code [image, channel, height, width]}, not copied
   */
  HeapPixels(int channels, int height, int width, byte[] bytes) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.bytes = bytes;
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public int height(int image) {
    return height;
  }

  @Override
  public int width(int image) {
    return width;
  }

  @Override
  public void read(int image, byte[] target) {
    int size = channels * height * width;
    System.arraycopy(bytes, image * size, target, 0, size);
  }

  @Override
  public int commonHeight() {
    return height;
  }

  @Override
  public int commonWidth() {
    return width;
  }

  @Override
  public byte[] identity(int image) {
    int size = channels * height * width;
    return Arrays.copyOfRange(bytes, image * size, (image + 1) * size);
  }
}
