package io.github.moeanat.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of caches, made when something is first kept there. */
public final class CacheFolder {

  private CacheFolder() {}

  /**
   * Makes a folder if it is not there, before minutes of work are lost for want of a place.
   *
   * @throws IllegalArgumentException if it can't be made
   */
  public static void make(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the cache folder %s can't be made; XDG_CACHE_HOME or -Dmoeanat.cache names another"
              .formatted(folder),
          e);
    }
  }
}
