package io.github.moeanat.data;

import io.github.moeanat.internal.Sha256;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Colour images of any sizes in one file, which is mapped and takes no heap. The pixels of all
 * images come first; then the index: an entry for each image, which is where it begins, height,
 * width and the SHA-256 of size and pixels, and the SHA-256 of each source file; then a trailer: a
 * magic word, the numbers of images and of source files and the SHA-256 of the index. An image of
 * height 0 could not be read when the file was made.
 *
 * <p>The index is checked when the file is opened, the pixels of an image when they are first read.
 */
final class MappedPixels implements Pixels {

  private static final int CHANNELS = 3;
  private static final long MAGIC = 0x4E41542D494D4732L;

  /** Bytes of a SHA-256. */
  static final int HASH = 32;

  private static final int ENTRY = Long.BYTES + 2 * Integer.BYTES + HASH;
  private static final int TRAILER = Long.BYTES + 2 * Integer.BYTES + HASH;

  // A map holds less than 2 GB, and an image must not straddle two of them.
  private static final long SEGMENT = 1L << 30;

  private final List<MappedByteBuffer> segments = new ArrayList<>();
  private final int[] segment;
  private final int[] position;
  private final Path file;
  private final ByteBuffer index;
  private final byte[] contents = new byte[HASH];

  // By image; a race only checks one twice.
  private final boolean[] checked;

  /** Writes images one after another. */
  static final class Writer {

    private final OutputStream stream;
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

    /**
     * Ends the file.
     *
     * @param sources the SHA-256 of each source file, one after another
     */
    void finish(byte[] sources) throws IOException {
      DataOutputStream end = new DataOutputStream(stream);
      end.write(entries.array());
      end.write(sources);
      end.writeLong(MAGIC);
      end.writeInt(entries.capacity() / ENTRY);
      end.writeInt(sources.length / HASH);
      MessageDigest digest = Sha256.digest();
      digest.update(entries.array());
      end.write(digest.digest(sources));
      end.flush();
    }
  }

  /**
   * Maps a file.
   *
   * @param images number of images expected
   * @param sources number of source files expected
   * @throws IOException if it can't be read or is not a whole file of so many images
   */
  MappedPixels(Path file, int images, int sources) throws IOException {
    this(file, images, sources, SEGMENT);
  }

  /** The same with another largest size of a map, in bytes. */
  MappedPixels(Path file, int images, int sources, long most) throws IOException {
    this.file = file;
    segment = new int[images];
    position = new int[images];
    checked = new boolean[images];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long indexed = (long) images * ENTRY + (long) sources * HASH;
      long end = size - TRAILER - indexed;
      if (end < 0) {
        throw new EOFException("it is too short");
      }
      ByteBuffer trailer = channel.map(MapMode.READ_ONLY, size - TRAILER, TRAILER);
      if (trailer.getLong() != MAGIC || trailer.getInt() != images || trailer.getInt() != sources) {
        throw new IOException(
            "it does not end as a cache of %d images of %d files".formatted(images, sources));
      }
      trailer.get(contents);
      index = channel.map(MapMode.READ_ONLY, end, indexed);
      MessageDigest digest = Sha256.digest();
      digest.update(index.duplicate());
      if (!Arrays.equals(contents, digest.digest())) {
        throw new IOException("its index is damaged");
      }
      long pixels = images == 0 ? 0 : offset(images - 1) + bytes(images - 1);
      if (pixels != end) {
        throw new IOException("it has %d bytes of pixels, expected %d".formatted(end, pixels));
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
    return index.getLong(image * ENTRY);
  }

  private int bytes(int image) {
    return CHANNELS * height(image) * width(image);
  }

  /** Whether an image could be read when the file was made. */
  boolean isReadable(int image) {
    return height(image) > 0;
  }

  /** Returns the SHA-256 that a source file had when it was decoded. */
  byte[] source(int source) {
    byte[] hash = new byte[HASH];
    index.get(segment.length * ENTRY + source * HASH, hash);
    return hash;
  }

  /** Returns the SHA-256 of the index, which tells all sources and all pixels. */
  byte[] contents() {
    return contents.clone();
  }

  @Override
  public int channels() {
    return CHANNELS;
  }

  @Override
  public int height(int image) {
    return index.getInt(image * ENTRY + Long.BYTES);
  }

  @Override
  public int width(int image) {
    return index.getInt(image * ENTRY + Long.BYTES + Integer.BYTES);
  }

  /**
   * Copies an image, and compares it with its hash the first time.
   *
   * @throws UncheckedIOException if it is damaged; the file is removed then
   */
  @Override
  public void read(int image, byte[] target) {
    segments.get(segment[image]).get(position[image], target, 0, bytes(image));
    if (!checked[image]) {
      if (!Arrays.equals(identity(image), hash(height(image), width(image), target))) {
        throw new UncheckedIOException(damaged());
      }
      checked[image] = true;
    }
  }

  private IOException damaged() {
    try {
      Files.deleteIfExists(file);
      return new IOException(
          "the image cache %s is damaged (pixels have changed) and is removed; starting again makes"
                  .formatted(file)
              + " it anew");
    } catch (IOException e) {
      return new IOException(
          "the image cache %s is damaged (pixels have changed); delete it, and starting again makes"
                  .formatted(file)
              + " it anew",
          e);
    }
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
    index.get((image + 1) * ENTRY - HASH, hash);
    return hash;
  }

  private static byte[] hash(int height, int width, byte[] pixels) {
    MessageDigest digest = Sha256.digest();
    digest.update(ByteBuffer.allocate(2 * Integer.BYTES).putInt(height).putInt(width).array());
    digest.update(pixels, 0, CHANNELS * height * width);
    return digest.digest();
  }
}
