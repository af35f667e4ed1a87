package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.internal.SealedFile;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.Weights;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pretraining between two steps.
 *
 * @param phase number of the current phase, from 0; the number of phases if all are done
 * @param step steps of the phase that are done
 * @param lossSum of the steps of the current epoch that are done
 * @param seconds wall time of all sittings so far
 * @param weights of the supernet
 * @param momentum of the optimiser; empty before the first step of a phase
 * @param curve one point for each epoch done
 */
record PretrainingState(
    int phase,
    long step,
    double lossSum,
    double seconds,
    Weights weights,
    Optional<Weights> momentum,
    List<CurvePoint> curve) {

  // Raised whenever the layout changes.
  private static final int VERSION = 1;

  /** Copies the list. */
  PretrainingState {
    curve = List.copyOf(curve);
  }

  /** Writes a file whole or not at all. */
  void write(Path file) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    DataOutputStream content = new DataOutputStream(block);
    content.writeInt(phase);
    content.writeLong(step);
    content.writeDouble(lossSum);
    content.writeDouble(seconds);
    write(weights, content);
    content.writeBoolean(momentum.isPresent());
    if (momentum.isPresent()) {
      write(momentum.get(), content);
    }
    content.writeInt(curve.size());
    for (CurvePoint point : curve) {
      point.encode(content);
    }
    content.flush();
    SealedFile.write(file, VERSION, block.toByteArray());
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it is damaged or of another version
   * @throws IOException if it can't be read
   */
  static PretrainingState read(Path file) throws IOException {
    try {
      byte[] content = SealedFile.read(file, VERSION);
      return decode(new DataInputStream(new ByteArrayInputStream(content)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "can't resume from %s: %s; --overwrite starts anew".formatted(file, e.getMessage()), e);
    }
  }

  private static PretrainingState decode(DataInputStream stream) throws IOException {
    int phase = stream.readInt();
    long step = stream.readLong();
    double lossSum = stream.readDouble();
    double seconds = stream.readDouble();
    Weights weights = readWeights(stream);
    Optional<Weights> momentum =
        stream.readBoolean() ? Optional.of(readWeights(stream)) : Optional.empty();
    List<CurvePoint> curve = new ArrayList<>();
    for (int left = stream.readInt(); left > 0; left--) {
      curve.add(CurvePoint.decode(stream));
    }
    return new PretrainingState(phase, step, lossSum, seconds, weights, momentum, curve);
  }

  private static void write(Weights weights, DataOutputStream stream) throws IOException {
    byte[] encoded = Safetensors.encode(weights);
    stream.writeInt(encoded.length);
    stream.write(encoded);
  }

  private static Weights readWeights(DataInputStream stream) throws IOException {
    return Safetensors.decode("the checkpoint", stream.readNBytes(stream.readInt()));
  }
}
