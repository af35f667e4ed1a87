package io.github.moeanat.data;

import io.github.moeanat.internal.Requires;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which images a problem is about, where they are and how they are split and kept.
 *
 * @param name one of {@link DataSets#names}
 * @param folder where the data set lies; empty for none, which only the built-in set allows
 * @param validation how many of the training images choose networks
 * @param test how many images are kept for reports, where the data set does not say
 * @param seed decides which images they are
 * @param cacheSide a shorter side above this is scaled down to it before images are kept, in pixels
 * @param maxCorrupt largest share of images that may be unreadable, in [0, 1]
 */
public record DataSettings(
    String name,
    String folder,
    SplitSize validation,
    SplitSize test,
    long seed,
    int cacheSide,
    double maxCorrupt) {

  /** Side of cached images unless a problem says otherwise, in pixels. */
  public static final int CACHE_SIDE = 256;

  /** Checks the numbers and makes the folder absolute. */
  public DataSettings {
    Requires.atLeast("side of cached images", cacheSide, 1);
    Requires.inRange("share of unreadable images", maxCorrupt, 0, 1);
    folder = folder.isEmpty() ? "" : Path.of(folder).toAbsolutePath().normalize().toString();
  }

  /** Returns the settings of a data set in a folder with its own split. */
  public static DataSettings of(String name, String folder) {
    return new DataSettings(
        name, folder, SplitSize.OFFICIAL, SplitSize.OFFICIAL, 1, CACHE_SIDE, 0.01);
  }

  /** The folder as an absolute path. */
  public Optional<Path> path() {
    return folder.isEmpty() ? Optional.empty() : Optional.of(Path.of(folder));
  }
}
