package io.github.moeanat.supernet;

import io.github.moeanat.internal.PackedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Reads weights in whatever form they are distributed, from files or from those that come with the
 * program: {@code supernets/NAME} is a file in the working directory or, if there is none, packed
 * into the jar.
 */
public final class WeightsFile {

  /** The folder of supernets that come with the program. */
  public static final String FOLDER = "supernets";

  private static final PackedFile PACKED = new PackedFile(FOLDER);

  /**
   * What a file holds.
   *
   * @param weights its tensors
   * @param metadata what it says of itself, by key; PyTorch's files say nothing
   */
  public record Content(Weights weights, Map<String, String> metadata) {

    /** Copies the map. */
    public Content {
      metadata = Map.copyOf(metadata);
    }
  }

  private WeightsFile() {}

  /**
   * Reads a safetensors file or a PyTorch file of either form; the content decides which it is, for
   * published checkpoints have no ending. What is packed is a safetensors file.
   *
   * @throws IOException if the file can't be read or is damaged
   */
  public static Content read(Path file) throws IOException {
    boolean packed = isPacked(file);
    if (!packed && TorchFile.is(file)) {
      return new Content(TorchCheckpoint.read(file).weights(), Map.of());
    }
    byte[] bytes = packed ? PACKED.read(file) : Safetensors.bytes(file);
    String source = file.toString();
    return new Content(Safetensors.decode(source, bytes), Safetensors.metadata(source, bytes));
  }

  /** Returns whether a file is not there and comes with the program instead. */
  public static boolean isPacked(Path file) {
    return PACKED.find(file).isPresent();
  }

  /** Returns where a file that is missing was looked for, as the end of a sentence. */
  public static String sought(Path file) {
    return PACKED.sought(file);
  }
}
