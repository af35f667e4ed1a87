package io.github.moeanat.data;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Colour images of any sizes in one file, which is mapped and takes no heap. The pixels of all
 * images come first; then an entry for each image: where it begins, height, width and the SHA-256
 * of size and pixels; then a trailer: a magic word, the number of images and the SHA-256 of all
 * entries. An image of height 0 could not be read when the file was made.
 */
final class MappedPixels implements Pixels {

  private static final int CHANNELS = 3;
  private static final long MAGIC = 0x4E41542D494D4731L;
  private static final int HASH = 32;
  private static final int ENTRY = Long.BYTES + 2 * Integer.BYTES + HASH;
  private static final int TRAILER = Long.BYTES + Integer.BYTES + HASH;

  // A map holds less than 2 GB, and an image must not straddle two of them.
  private static final long SEGMENT = 1L << 30;

  private final List<MappedByteBuffer> segments = new ArrayList<>();
  private final int[] segment;
  private final int[] position;
  private final ByteBuffer entries;

  /** Writes images one after another. */
  static final class Writer {

    private final OutputStream stream;
    private final MessageDigest entriesHash = sha256();
    private final ByteBuffer entries;
    private long written;

    /**
     * Begins a file.
     *
     * @param images number of images that will follow
     */
    Writer(OutputStream stream, int images) {
      this.stream = stream;
      entries = ByteBuffer.allocate(Math.multiplyExact(images, ENTRY));
    }

    /** Number of bytes written. */
    long written() {
      return written;
    }

    void add(Picture picture) throws IOException {
      stream.write(picture.bytes());
      entries.putLong(written).putInt(picture.height()).putInt(picture.width());
      entries.put(hash(picture.height(), picture.width(), picture.bytes()));
      written += picture.bytes().length;
    }

    /** Keeps the place of an image that can't be read. */
    void addUnreadable() {
      entries.putLong(written).putInt(0).putInt(0).put(new byte[HASH]);
    }

    void finish() throws IOException {
      DataOutputStream end = new DataOutputStream(stream);
      end.write(entries.array());
      end.writeLong(MAGIC);
      end.writeInt(entries.capacity() / ENTRY);
      end.write(entriesHash.digest(entries.array()));
      end.flush();
    }
  }

  /**
   * Maps a file. The pixels are not compared with their hashes; {@link #isIntact} does that.
   *
   * @param images number of images expected
   * @throws IOException if it can't be read or is not a whole file of so many images
   */
  MappedPixels(Path file, int images) throws IOException {
    this(file, images, SEGMENT);
  }

  /** The same with another largest size of a map, in bytes. */
  MappedPixels(Path file, int images, long most) throws IOException {
    segment = new int[images];
    position = new int[images];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long end = size - TRAILER - (long) images * ENTRY;
      if (end < 0) {
        throw new EOFException("it is too short");
      }
      ByteBuffer trailer = channel.map(MapMode.READ_ONLY, size - TRAILER, TRAILER);
      if (trailer.getLong() != MAGIC || trailer.getInt() != images) {
        throw new IOException("it does not end as a cache of " + images + " images");
      }
      byte[] expected = new byte[HASH];
      trailer.get(expected);
      entries = channel.map(MapMode.READ_ONLY, end, (long) images * ENTRY);
      MessageDigest digest = sha256();
      digest.update(entries.duplicate());
      if (!Arrays.equals(expected, digest.digest())) {
        throw new IOException("its index is damaged");
      }
      map(channel, end, most);
    }
  }

  private void map(FileChannel channel, long end, long most) throws IOException {
    long start = 0;
    for (int i = 0; i < segment.length; i++) {
      if (offset(i) + bytes(i) - start > most) {
        segments.add(channel.map(MapMode.READ_ONLY, start, offset(i) - start));
        start = offset(i);
      }
      segment[i] = segments.size();
      position[i] = (int) (offset(i) - start);
    }
    segments.add(channel.map(MapMode.READ_ONLY, start, end - start));
  }

  private long offset(int image) {
    return entries.getLong(image * ENTRY);
  }

  private int bytes(int image) {
    return CHANNELS * height(image) * width(image);
  }

  /** Whether an image could be read when the file was made. */
  boolean isReadable(int image) {
    return height(image) > 0;
  }

  /** Returns whether an image's pixels are those that were written. */
  boolean isIntact(int image) {
    byte[] pixels = new byte[bytes(image)];
    read(image, pixels);
    return !isReadable(image)
        || Arrays.equals(identity(image), hash(height(image), width(image), pixels));
  }

  @Override
  public int channels() {
    return CHANNELS;
  }

  @Override
  public int height(int image) {
    return entries.getInt(image * ENTRY + Long.BYTES);
  }

  @Override
  public int width(int image) {
    return entries.getInt(image * ENTRY + Long.BYTES + Integer.BYTES);
  }

  @Override
  public void read(int image, byte[] target) {
    segments.get(segment[image]).get(position[image], target, 0, bytes(image));
  }

  @Override
  public int commonHeight() {
    return 0;
  }

  @Override
  public int commonWidth() {
    return 0;
  }

  @Override
  public byte[] identity(int image) {
    byte[] hash = new byte[HASH];
    entries.get((image + 1) * ENTRY - HASH, hash);
    return hash;
  }

  private static byte[] hash(int height, int width, byte[] pixels) {
    MessageDigest digest = sha256();
    digest.update(ByteBuffer.allocate(2 * Integer.BYTES).putInt(height).putInt(width).array());
    return digest.digest(pixels);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
