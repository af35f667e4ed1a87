package io.github.moeanat.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * Reads square colour images from a file of records of one size, each some bytes of labels and then
 * three planes.
 *
 * @param labels bytes before the planes
 * @param side pixels of each image
 * @param columns whether a plane goes column by column, as STL-10's do
 */
record RecordDecoder(int labels, int side, boolean columns) implements ImageDecoder {

  private static final int CHANNELS = 3;

  /** Bytes of a record. */
  int bytes() {
    return labels + CHANNELS * side * side;
  }

  @Override
  public String id() {
    return toString();
  }

  @Override
  public Picture decode(Path folder, StoredImage image, int wantedSide) throws IOException {
    byte[] planes = new byte[CHANNELS * side * side];
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve(image.file()).toFile(), "r")) {
      file.seek((long) image.record() * bytes() + labels);
      file.readFully(planes);
    } catch (EOFException e) {
      throw new IOException("the file ends within the image", e);
    }
    return new Picture(CHANNELS, side, side, columns ? transposed(planes) : planes)
        .shrunk(wantedSide);
  }

  private byte[] transposed(byte[] planes) {
    byte[] result = new byte[planes.length];
    for (int i = 0; i < planes.length; i++) {
      int plane = i / (side * side);
      int column = i / side % side;
      int row = i % side;
      result[(plane * side + row) * side + column] = planes[i];
    }
    return result;
  }

  @Override
  public String name(StoredImage image) {
    return "%s, image %d".formatted(image.file(), image.record());
  }
}
