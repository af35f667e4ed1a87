package io.github.moeanat.problem;

import io.github.moeanat.internal.SealedFile;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Weights;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A supernet between two training steps.
 *
 * @param steps steps done in the current phase
 * @param weights of the supernet
 * @param momentum of the optimiser
 */
record TrainedState(int steps, Weights weights, Weights momentum) {

  // Raised whenever the layout changes.
  private static final int VERSION = 1;
  private static final Logger LOGGER = System.getLogger(TrainedState.class.getName());

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream stream = new DataOutputStream(bytes)) {
      encode(stream);
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all bytes", e);
    }
    return bytes.toByteArray();
  }

  void encode(DataOutputStream stream) throws IOException {
    stream.writeInt(steps);
    for (Weights part : List.of(weights, momentum)) {
      byte[] encoded = Safetensors.encode(part);
      stream.writeInt(encoded.length);
      stream.write(encoded);
    }
  }

  /**
   * Returns what {@link #encode} made.
   *
   * @throws IllegalArgumentException if the bytes are something else
   */
  static TrainedState decode(byte[] bytes) {
    try (DataInputStream stream = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return decode(stream);
    } catch (IOException e) {
      throw new IllegalArgumentException("the trained state is damaged: " + e.getMessage(), e);
    }
  }

  static TrainedState decode(DataInputStream stream) throws IOException {
    return new TrainedState(stream.readInt(), part(stream), part(stream));
  }

  private static Weights part(DataInputStream stream) throws IOException {
    return Safetensors.decode("the trained state", stream.readNBytes(stream.readInt()));
  }

  /**
   * Returns the state in a file; empty if there is none or it is damaged, of which a warning is
   * logged, and has to be made again.
   */
  static Optional<TrainedState> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(decode(SealedFile.read(file, VERSION)));
    } catch (IllegalArgumentException e) {
      LOGGER.log(Level.WARNING, "{0} is begun anew: {1}", file, e.getMessage());
      return Optional.empty();
    }
  }

  /** Writes a file whole or not at all. */
  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    SealedFile.write(file, VERSION, encode());
  }
}
