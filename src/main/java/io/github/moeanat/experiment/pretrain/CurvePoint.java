package io.github.moeanat.experiment.pretrain;

import io.github.moeanat.experiment.Csv;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What an epoch did.
 *
 * @param phase name of the phase
 * @param epoch epochs of the phase that are done
 * @param step steps of all phases that are done
 * @param learningRate of the last step
 * @param loss mean over the steps of the epoch, each the mean over its subnets
 * @param smallest validation accuracy of the smallest subnet, in [0, 1]
 * @param middle the same of the middle one
 * @param largest the same of the largest one
 * @param seconds wall time of all sittings so far, without what was lost between a checkpoint and a
 *     sudden end
 */
public record CurvePoint(
    String phase,
    double epoch,
    long step,
    double learningRate,
    double loss,
    double smallest,
    double middle,
    double largest,
    double seconds) {

  private static final List<String> HEADER =
      List.of(
          "phase",
          "epoch",
          "step",
          "learning_rate",
          "loss",
          "smallest_accuracy",
          "middle_accuracy",
          "largest_accuracy",
          "seconds");

  /** Writes a table whole or not at all. */
  static void write(Path file, List<CurvePoint> points) throws IOException {
    Csv.write(file, HEADER, points.stream().map(CurvePoint::row).toList());
  }

  private List<Object> row() {
    return List.of(
        phase, epoch, step, learningRate, loss, smallest, middle, largest, Math.round(seconds));
  }

  void encode(DataOutputStream stream) throws IOException {
    stream.writeUTF(phase);
    stream.writeDouble(epoch);
    stream.writeLong(step);
    for (double value : new double[] {learningRate, loss, smallest, middle, largest, seconds}) {
      stream.writeDouble(value);
    }
  }

  static CurvePoint decode(DataInputStream stream) throws IOException {
    return new CurvePoint(
        stream.readUTF(),
        stream.readDouble(),
        stream.readLong(),
        stream.readDouble(),
        stream.readDouble(),
        stream.readDouble(),
        stream.readDouble(),
        stream.readDouble(),
        stream.readDouble());
  }
}
