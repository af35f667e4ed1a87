package io.github.moeanat.data;

import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.CacheFolder;
import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Decoded images in one mapped file. It is made once, by several threads, and lies under a key of
 * the format, the wanted side, and name and size of every file of the data set; it holds the
 * SHA-256 of each of these files. So a copy of the data set elsewhere is served by the same cache.
 *
 * <p>Reading all files at every start would take as long as the cache saves. A small file beside
 * the cache, one for each folder, has the times of change with which the files had these contents.
 * A file with that time is not read; any other is, and if its content is another, the cache is made
 * anew.
 */
final class ImageCache {

  // Raised whenever decoding or the file's form changes.
  private static final String VERSION = "images 2";
  private static final byte[] NO_HASH = new byte[MappedPixels.HASH];
  private static final int BUFFER = 1 << 16;
  private static final int BETWEEN_ESTIMATES = 500;
  private static final int NAMED = 5;

  private final Listing listing;
  private final Path file;
  private final Path times;
  private final int side;
  private final int threads;
  private final Progress progress;

  // The time of change of every source file, in nanoseconds since 1970, in the order of images.
  private final Map<String, Long> sources = new LinkedHashMap<>();

  /**
   * What is decoded of an image.
   *
   * @param picture empty if it can't be read
   * @param hash of its file if it is the first of it, else empty
   */
  private record Decoded(Optional<Picture> picture, Optional<byte[]> hash) {}

  /**
   * Describes a cache.
   *
   * @param folder of the caches; made if need be
   * @param side a shorter side above this is scaled down to it
   * @throws IllegalArgumentException if a listed file is missing or can't be looked at; the message
   *     names it
   */
  ImageCache(Listing listing, Path folder, int side, int threads, Progress progress) {
    this.listing = listing;
    this.side = side;
    this.threads = threads;
    this.progress = progress;
    String key = key();
    MessageDigest place = Sha256.digest();
    add(place, listing.folder().path().toAbsolutePath().normalize().toString());
    file = folder.resolve("images-" + key + ".cache");
    times = folder.resolve("images-%s-%s.times".formatted(key, hex(place, 16)));
  }

  private String key() {
    MessageDigest digest = Sha256.digest();
    add(digest, String.join("|", VERSION, listing.decoder().id(), String.valueOf(side)));
    for (StoredImage image : listing.images()) {
      String name = image.file();
      if (!sources.containsKey(name)) {
        BasicFileAttributes found = attributes(name);
        sources.put(name, found.lastModifiedTime().to(TimeUnit.NANOSECONDS));
        add(digest, name + "|" + found.size());
      }
      add(digest, name + "|" + image.record());
    }
    return hex(digest, 32);
  }

  private static String hex(MessageDigest digest, int length) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, length);
  }

  private BasicFileAttributes attributes(String name) {
    try {
      Path path = listing.folder().path().resolve(name);
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(listing.folder().missing(name).getMessage(), e);
    } catch (IOException e) {
      throw listing.folder().wrong(name, IoReason.of(listing.folder().path().resolve(name), e), e);
    }
  }

  private static void add(MessageDigest digest, String text) {
    digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Where the cache is. */
  Path file() {
    return file;
  }

  /**
   * Returns the images, decoding them if they are not cached yet.
   *
   * @throws CancellationException if {@code progress} asked to stop; nothing is kept then
   * @throws IOException if the cache can't be written
   */
  MappedPixels open() throws IOException {
    CacheFolder.make(file.toAbsolutePath().getParent());
    ExecutorService workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "nat-images");
              thread.setDaemon(true);
              return thread;
            });
    try {
      if (Files.exists(file)) {
        try {
          MappedPixels pixels = map();
          Optional<String> changed = changed(pixels, workers);
          if (changed.isEmpty()) {
            return pixels;
          }
          progress.warning(
              "%s is not the file that the image cache %s was made of; the cache is made anew"
                  .formatted(listing.folder().path().resolve(changed.get()), file));
        } catch (IOException e) {
          progress.warning(
              "the image cache %s is damaged (%s); it is made anew"
                  .formatted(file, e.getMessage()));
        }
      }
      AtomicFile.removeLeftovers(file);
      AtomicFile.write(file, stream -> write(stream, workers));
      MappedPixels pixels = map();
      rememberTimes(pixels);
      return pixels;
    } finally {
      workers.shutdownNow();
    }
  }

  private MappedPixels map() throws IOException {
    return new MappedPixels(file, listing.images().size(), sources.size());
  }

  /** Returns the first source file that is not what was decoded. */
  private Optional<String> changed(MappedPixels pixels, ExecutorService workers) {
    List<String> names = List.copyOf(sources.keySet());
    long[] known = knownTimes(pixels);
    List<Integer> doubtful = new ArrayList<>();
    for (int i = 0; i < known.length; i++) {
      // What could not be read may be readable by now.
      if (known[i] != sources.get(names.get(i)) || Arrays.equals(pixels.source(i), NO_HASH)) {
        doubtful.add(i);
      }
    }
    if (doubtful.isEmpty()) {
      return Optional.empty();
    }
    Deque<Future<Boolean>> checks = new ArrayDeque<>();
    int submitted = 0;
    try (Progress.Phase phase = progress.begin("checking the data set", doubtful.size(), "files")) {
      for (int source : doubtful) {
        while (submitted < doubtful.size() && checks.size() < 4 * threads) {
          int next = doubtful.get(submitted++);
          checks.add(
              workers.submit(() -> Arrays.equals(pixels.source(next), hash(names.get(next)))));
        }
        if (!result(checks.remove())) {
          return Optional.of(names.get(source));
        }
        phase.step();
      }
    }
    rememberTimes(pixels);
    return Optional.empty();
  }

  /** Returns the SHA-256 of a source file, zeros if it can't be read. */
  private byte[] hash(String name) {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream stream = Files.newInputStream(listing.folder().path().resolve(name))) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return digest.digest();
    } catch (IOException e) {
      return NO_HASH.clone();
    }
  }

  /**
   * Returns the times at which the source files were seen to be those of the cache; times that no
   * file has if nothing is known.
   */
  private long[] knownTimes(MappedPixels pixels) {
    long[] known = new long[sources.size()];
    Arrays.fill(known, Long.MIN_VALUE);
    try {
      byte[] stored = Files.readAllBytes(times);
      int length = MappedPixels.HASH + Long.BYTES * known.length;
      MessageDigest digest = Sha256.digest();
      if (stored.length == length + MappedPixels.HASH) {
        digest.update(stored, 0, length);
        ByteBuffer content = ByteBuffer.wrap(stored);
        boolean same =
            content.slice(0, MappedPixels.HASH).equals(ByteBuffer.wrap(pixels.contents()))
                && content
                    .slice(length, MappedPixels.HASH)
                    .equals(ByteBuffer.wrap(digest.digest()));
        if (same) {
          content.position(MappedPixels.HASH).asLongBuffer().get(known);
        }
      }
    } catch (IOException e) {
      // All files are read then.
    }
    return known;
  }

  private void rememberTimes(MappedPixels pixels) {
    int length = MappedPixels.HASH + Long.BYTES * sources.size();
    ByteBuffer content = ByteBuffer.allocate(length + MappedPixels.HASH);
    content.put(pixels.contents());
    sources.values().forEach(content::putLong);
    MessageDigest digest = Sha256.digest();
    digest.update(content.array(), 0, length);
    content.put(digest.digest());
    try {
      AtomicFile.write(times, stream -> stream.write(content.array()));
    } catch (IOException e) {
      progress.warning(e.getMessage() + "; the next start reads all files of the data set");
    }
  }

  private void write(OutputStream stream, ExecutorService workers) throws IOException {
    List<StoredImage> images = listing.images();
    MappedPixels.Writer writer = new MappedPixels.Writer(stream, images.size());
    ByteBuffer hashes = ByteBuffer.allocate(Math.multiplyExact(sources.size(), MappedPixels.HASH));
    Set<String> begun = new HashSet<>();
    Deque<Future<Decoded>> ahead = new ArrayDeque<>();
    int submitted = 0;
    try (Progress.Phase phase = progress.begin("decoding images", images.size(), "images")) {
      for (int i = 0; i < images.size(); i++) {
        while (submitted < images.size() && ahead.size() < 4 * threads) {
          StoredImage next = images.get(submitted++);
          ahead.add(workers.submit(decoding(next, begun.add(next.file()))));
        }
        Decoded decoded = result(ahead.remove());
        decoded.hash().ifPresent(hashes::put);
        if (decoded.picture().isPresent()) {
          writer.add(decoded.picture().get());
        } else {
          writer.addUnreadable();
        }
        if (i % BETWEEN_ESTIMATES == BETWEEN_ESTIMATES - 1) {
          requireSpace(writer.written(), i + 1);
        }
        phase.step();
      }
    }
    writer.finish(hashes.array());
  }

  private Callable<Decoded> decoding(StoredImage image, boolean first) {
    return () -> {
      Optional<byte[]> hash = first ? Optional.of(hash(image.file())) : Optional.empty();
      try {
        Picture picture = listing.decoder().decode(listing.folder().path(), image, side);
        return new Decoded(Optional.of(picture), hash);
      } catch (IOException e) {
        return new Decoded(Optional.empty(), hash);
      }
    };
  }

  // Better at once than after hours.
  private void requireSpace(long written, int done) throws IOException {
    long left = (long) ((double) written / done * (listing.images().size() - done));
    long free = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
    if (left > free) {
      throw new IOException(
          "about %.1f GB are needed and %.1f GB are free; a smaller data.cacheSide needs less"
              .formatted((written + left) / 1e9, (written + free) / 1e9));
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Refuses a data set with too many images that can't be read, and warns of some.
   *
   * @param allowed largest share of them
   * @throws IllegalArgumentException if there are more; the message names the first ones
   */
  void requireReadable(MappedPixels pixels, double allowed) {
    List<StoredImage> unreadable = new ArrayList<>();
    for (int i = 0; i < listing.images().size(); i++) {
      if (!pixels.isReadable(i)) {
        unreadable.add(listing.images().get(i));
      }
    }
    if (unreadable.isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>();
    for (StoredImage image : unreadable.subList(0, Math.min(NAMED, unreadable.size()))) {
      names.add(listing.decoder().name(image) + " (" + reason(image) + ")");
    }
    String what =
        "%d of %d images in %s can't be read: %s%s"
            .formatted(
                unreadable.size(),
                listing.images().size(),
                listing.folder().path(),
                String.join(", ", names),
                unreadable.size() > NAMED ? ", ..." : "");
    if (unreadable.size() > allowed * listing.images().size()) {
      throw new IllegalArgumentException(
          what + "; more than the share of " + allowed + " that data.maxCorrupt allows");
    }
    progress.warning(what + "; they are left out");
  }

  // Read once more, for the cache keeps no reasons.
  private String reason(StoredImage image) {
    try {
      listing.decoder().decode(listing.folder().path(), image, side);
      return "it can be read by now; delete " + file;
    } catch (IOException e) {
      return IoReason.of(listing.folder().path().resolve(image.file()), e);
    }
  }
}
