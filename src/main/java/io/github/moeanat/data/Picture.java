package io.github.moeanat.data;

/**
 * The pixels of one image.
 *
 * @param channels 1 or 3
 * @param height pixels
 * @param width pixels
 * @param bytes {@code [channel, height, width]}, unsigned
 */
@SuppressWarnings("ArrayRecordComponent")
record Picture(int channels, int height, int width, byte[] bytes) {

  static Picture of(ImageSet source, int image) {
    return new Picture(
        source.channels(), source.height(image), source.width(image), source.pixels(image));
  }

  /** Returns the picture with its shorter side scaled down to a length, or itself if it is less. */
  Picture shrunk(int side) {
    int shorter = Math.min(height, width);
    if (shorter <= side) {
      return this;
    }
    int newHeight = height == shorter ? side : scaled(height, side, shorter);
    int newWidth = width == shorter ? side : scaled(width, side, shorter);
    Taps rows = Taps.of(ImageTransform.Resize.ANTIALIAS, 0, height, newHeight, 0, newHeight);
    Taps columns = Taps.of(ImageTransform.Resize.ANTIALIAS, 0, width, newWidth, 0, newWidth);
    int plane = newHeight * newWidth;
    byte[] result = new byte[channels * plane];
    float[] values = new float[plane];
    for (int channel = 0; channel < channels; channel++) {
      Taps.resize(bytes, channel * height * width, width, rows, columns, values, 0);
      for (int i = 0; i < plane; i++) {
        result[channel * plane + i] = (byte) (values[i] + 0.5f);
      }
    }
    return new Picture(channels, newHeight, newWidth, result);
  }

  /** Returns a longer side that goes with a shorter one, as torchvision rounds it. */
  static int scaled(int longer, int side, int shorter) {
    return (int) ((long) side * longer / shorter);
  }

  /** Returns the image moved down and to the right, in pixels; what moves in is black. */
  Picture shifted(int down, int right) {
    if (down == 0 && right == 0) {
      return this;
    }
    byte[] moved = new byte[bytes.length];
    int from = Math.max(0, right);
    int length = width - Math.abs(right);
    for (int line = 0; line < channels * height; line++) {
      int row = line % height - down;
      if (row >= 0 && row < height && length > 0) {
        int start = (line - down) * width + from - right;
        System.arraycopy(bytes, start, moved, line * width + from, length);
      }
    }
    return new Picture(channels, height, width, moved);
  }

  /** Resizes into {@code [3, rows.size(), columns.size()]}; a gray image is repeated. */
  void resize(Taps rows, Taps columns, float[] target, int to) {
    int plane = rows.size() * columns.size();
    for (int channel = 0; channel < ImageTransform.CHANNELS; channel++) {
      int offset = to + channel * plane;
      if (channel < channels) {
        Taps.resize(bytes, channel * height * width, width, rows, columns, target, offset);
      } else {
        System.arraycopy(target, offset - plane, target, offset, plane);
      }
    }
  }
}
