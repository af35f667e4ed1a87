package io.github.moeanat.data;

import io.github.moeanat.internal.AtomicFile;
import io.github.moeanat.internal.IoReason;
import io.github.moeanat.internal.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Decoded images in one mapped file. It is made once, by several threads, and lies under a key of
 * the format, the wanted side, and name, size and time of change of every file of the data set. The
 * contents of the files are left out, because reading all of them at every start would take as long
 * as the cache saves; a file that is changed without a trace in size and time goes unnoticed.
 *
 * <p>Every use compares all pixels with their hashes; a damaged file is made again.
 */
final class ImageCache {

  // Raised whenever decoding or the file's form changes.
  private static final String VERSION = "images 1";
  private static final int CHECKED_TOGETHER = 256;
  private static final int BETWEEN_ESTIMATES = 500;
  private static final int NAMED = 5;

  private final Listing listing;
  private final Path file;
  private final int side;
  private final int threads;
  private final Progress progress;

  /**
   * Describes a cache.
   *
   * @param folder of the caches; made if need be
   * @param side a shorter side above this is scaled down to it
   * @throws IllegalArgumentException if a listed file is missing; the message names it
   * @throws IOException if the files can't be looked at
   */
  ImageCache(Listing listing, Path folder, int side, int threads, Progress progress)
      throws IOException {
    this.listing = listing;
    this.side = side;
    this.threads = threads;
    this.progress = progress;
    file = folder.resolve("images-" + key() + ".cache");
  }

  private String key() throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    add(digest, String.join("|", VERSION, listing.decoder().id(), String.valueOf(side)));
    String last = "";
    for (StoredImage image : listing.images()) {
      if (!image.file().equals(last)) {
        last = image.file();
        BasicFileAttributes found = attributes(last);
        add(digest, "%s|%d|%d".formatted(last, found.size(), found.lastModifiedTime().toMillis()));
      }
      add(digest, String.valueOf(image.record()));
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
  }

  private BasicFileAttributes attributes(String name) throws IOException {
    try {
      Path path = listing.folder().path().resolve(name);
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(listing.folder().missing(name).getMessage(), e);
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
    Files.createDirectories(file.toAbsolutePath().getParent());
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
          return checked(workers);
        } catch (IOException e) {
          progress.warning(
              "the image cache %s is damaged (%s); it is made anew"
                  .formatted(file, e.getMessage()));
        }
      }
      AtomicFile.removeLeftovers(file);
      AtomicFile.write(file, stream -> write(stream, workers));
      return new MappedPixels(file, listing.images().size());
    } finally {
      workers.shutdownNow();
    }
  }

  private MappedPixels checked(ExecutorService workers) throws IOException {
    int images = listing.images().size();
    MappedPixels pixels = new MappedPixels(file, images);
    List<Future<Boolean>> checks = new ArrayList<>();
    for (int from = 0; from < images; from += CHECKED_TOGETHER) {
      int start = from;
      int stop = Math.min(images, from + CHECKED_TOGETHER);
      checks.add(
          workers.submit(
              () -> {
                boolean intact = true;
                for (int i = start; i < stop; i++) {
                  intact &= pixels.isIntact(i);
                }
                return intact;
              }));
    }
    try (Progress.Phase phase = progress.begin("checking the image cache", checks.size())) {
      for (Future<Boolean> check : checks) {
        if (!result(check)) {
          throw new IOException("pixels have changed");
        }
        phase.step();
      }
    } catch (ExecutionException e) {
      throw new IOException("it can't be read", e);
    }
    return pixels;
  }

  private void write(OutputStream stream, ExecutorService workers) throws IOException {
    List<StoredImage> images = listing.images();
    MappedPixels.Writer writer = new MappedPixels.Writer(stream, images.size());
    Deque<Future<Picture>> ahead = new ArrayDeque<>();
    int submitted = 0;
    try (Progress.Phase phase = progress.begin("decoding images", images.size(), "images")) {
      for (int i = 0; i < images.size(); i++) {
        while (submitted < images.size() && ahead.size() < 4 * threads) {
          ahead.add(workers.submit(decoding(images.get(submitted++))));
        }
        try {
          writer.add(result(ahead.remove()));
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          writer.addUnreadable();
        }
        if (i % BETWEEN_ESTIMATES == BETWEEN_ESTIMATES - 1) {
          requireSpace(writer.written(), i + 1);
        }
        phase.step();
      }
    }
    writer.finish();
  }

  private Callable<Picture> decoding(StoredImage image) {
    return () -> listing.decoder().decode(listing.folder().path(), image, side);
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

  private static <T> T result(Future<T> future) throws ExecutionException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  /**
   * Refuses a data set with too many images that can't be read, and warns of some.
   *
   * @param allowed largest share of them
   * @throws IOException if there are more; the message names the first ones
   */
  void requireReadable(MappedPixels pixels, double allowed) throws IOException {
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
      throw new IOException(
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
