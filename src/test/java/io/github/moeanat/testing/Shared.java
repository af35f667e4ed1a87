package io.github.moeanat.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Golden vectors and real data that are not part of the project: the folder named by the system
 * property {@code moeanat.shared}, or {@code ../shared}. Tests that need it are skipped without it.
 */
public final class Shared {

  private Shared() {}

  /** Returns a path below the shared folder; skips the test if it is not there. */
  public static Path path(String relative) {
    Path path = Path.of(System.getProperty("moeanat.shared", "../shared")).resolve(relative);
    assumeTrue(
        Files.exists(path),
        () -> path + " is missing: set -Dmoeanat.shared to the folder of golden vectors and data");
    return path;
  }
}
