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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
 * @param settings all that decides the weights, by key
 * @param left hash of the weights that each finished phase left, by its name
 */
record PretrainingState(
    int phase,
    long step,
    double lossSum,
    double seconds,
    Weights weights,
    Optional<Weights> momentum,
    List<CurvePoint> curve,
    Map<String, String> settings,
    Map<String, String> left) {

  // Raised whenever the layout or the training itself changes.
  private static final int VERSION = 2;

  /** Copies the collections. */
  PretrainingState {
    curve = List.copyOf(curve);
    settings = Map.copyOf(settings);
    left = Map.copyOf(left);
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
    write(settings, content);
    write(left, content);
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
    return new PretrainingState(
        phase, step, lossSum, seconds, weights, momentum, curve, readMap(stream), readMap(stream));
  }

  /**
   * Checks that a run goes on as it began.
   *
   * @param file where the state was read
   * @throws IllegalArgumentException if a setting that decides the weights is another one now
   */
  void requireSettings(Map<String, String> now, Path file) {
    Set<String> keys = new TreeSet<>(settings.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      if (!Objects.equals(settings.get(key), now.get(key))) {
        throw new IllegalArgumentException(
            "can't resume from %s: %s is %s now and was %s when it was written; --overwrite starts anew"
                .formatted(file, key, named(now.get(key)), named(settings.get(key))));
      }
    }
  }

  private static String named(String value) {
    return value == null ? "absent" : "'" + value + "'";
  }

  private static void write(Map<String, String> map, DataOutputStream stream) throws IOException {
    stream.writeInt(map.size());
    for (Map.Entry<String, String> entry : new TreeMap<>(map).entrySet()) {
      stream.writeUTF(entry.getKey());
      stream.writeUTF(entry.getValue());
    }
  }

  private static Map<String, String> readMap(DataInputStream stream) throws IOException {
    Map<String, String> map = new TreeMap<>();
    for (int left = stream.readInt(); left > 0; left--) {
      map.put(stream.readUTF(), stream.readUTF());
    }
    return map;
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
