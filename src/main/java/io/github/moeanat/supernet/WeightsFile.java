package io.github.moeanat.supernet;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads weights in whatever form they are distributed, from files or from those that come with the
 * program: {@code supernets/NAME} is a file in the working directory or, if there is none, packed
 * into the jar.
 */
public final class WeightsFile {

  /** The folder of supernets that come with the program. */
  public static final String FOLDER = "supernets";

  private WeightsFile() {}

  /**
   * Reads a safetensors file or a PyTorch file of either form; the content decides which it is, for
   * published checkpoints have no ending. What is packed is a safetensors file.
   *
   * @throws IOException if the file can't be read or is damaged
   */
  public static Weights read(Path file) throws IOException {
    Optional<URL> packed = packed(file);
    if (packed.isPresent()) {
      try (InputStream stream = packed.get().openStream()) {
        return Safetensors.decode(file.toString(), stream.readAllBytes());
      }
    }
    return TorchFile.is(file) ? TorchCheckpoint.read(file).weights() : Safetensors.read(file);
  }

  /** Returns whether a file is not there and comes with the program instead. */
  public static boolean isPacked(Path file) {
    return packed(file).isPresent();
  }

  /** Returns whether a path is that of a file which may come with the program. */
  public static boolean isPackable(Path file) {
    Path plain = file.normalize();
    return plain.getNameCount() == 2 && plain.startsWith(FOLDER);
  }

  private static Optional<URL> packed(Path file) {
    if (!isPackable(file) || Files.exists(file)) {
      return Optional.empty();
    }
    String name = FOLDER + "/" + file.normalize().getFileName();
    return Optional.ofNullable(WeightsFile.class.getClassLoader().getResource(name));
  }
}
