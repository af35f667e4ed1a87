package io.github.moeanat.experiment;

import io.github.moeanat.internal.AtomicFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.moeaframework.algorithm.Algorithm;
import org.moeaframework.algorithm.extension.Extension;
import org.moeaframework.core.FrameworkException;

/**
 * Saves an algorithm's state after every step. Unlike the framework's own extension it leaves the
 * old file whole until the new one is, and takes a damaged file for an error, not for a fresh
 * start.
 */
final class Checkpoint implements Extension {

  private final Path file;

  Checkpoint(Path file) {
    this.file = file;
  }

  @Override
  public void onStep(Algorithm algorithm) {
    try {
      AtomicFile.write(
          file,
          bytes -> {
            ObjectOutputStream stream = new ObjectOutputStream(bytes);
            algorithm.saveState(stream);
            stream.flush();
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * Puts the state of a file back into a configured algorithm.
   *
   * @throws IllegalArgumentException if the file is damaged or belongs to something else
   */
  static void load(Path file, Algorithm algorithm) {
    try (ObjectInputStream stream =
        new ObjectInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      algorithm.loadState(stream);
    } catch (IOException | ClassNotFoundException | FrameworkException | ClassCastException e) {
      throw new IllegalArgumentException(
          "can't resume from %s: %s; --overwrite starts anew"
              .formatted(file, e instanceof FrameworkException ? e.getMessage() : "it is damaged"),
          e);
    }
  }
}
