package io.github.moeanat.supernet;

import java.io.IOException;
import java.nio.file.Path;

/** Reads weights in whatever form they are distributed. */
public final class WeightsFile {

  private WeightsFile() {}

  /**
   * Reads a safetensors file or a PyTorch file of either form; the content decides which it is, for
   * published checkpoints have no ending.
   *
   * @throws IOException if the file can't be read or is damaged
   */
  public static Weights read(Path file) throws IOException {
    return TorchFile.is(file) ? TorchCheckpoint.read(file).weights() : Safetensors.read(file);
  }
}
