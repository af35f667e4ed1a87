package standalone;

import io.github.moeanat.data.DataSet;
import io.github.moeanat.data.DigitsDataSet;
import io.github.moeanat.evaluation.Accuracy;
import io.github.moeanat.evaluation.EvaluationSettings;
import io.github.moeanat.evaluation.Measurement;
import io.github.moeanat.evaluation.MeasurementKey;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.FamilyWeights;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Safetensors;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.supernet.Weights;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Measures again what a key says, knowing nothing of who measured it before. */
public final class RepeatMeasurement {

  private RepeatMeasurement() {}

  /** Reads {@code key} and {@code weights.safetensors} of a folder, writes {@code measurement}. */
  public static void main(String[] arguments) throws IOException, ClassNotFoundException {
    Path folder = Path.of(arguments[0]);
    MeasurementKey key;
    try (ObjectInputStream stream =
        new ObjectInputStream(Files.newInputStream(folder.resolve("key")))) {
      key = (MeasurementKey) stream.readObject();
    }
    Weights weights = Safetensors.read(folder.resolve("weights.safetensors"));
    DataSet data = DigitsDataSet.load();
    if (!weights.hash().equals(key.weights()) || !data.hash().equals(key.data())) {
      throw new IOException("the key is one of other weights or data");
    }
    Architecture architecture = key.architecture();
    SearchSpace space =
        SearchSpace.nat(List.of(architecture.resolution()), List.of(architecture.width()));
    EvaluationSettings settings =
        new EvaluationSettings(
            key.recalibrationImages(), key.recalibrationBatch(), 7, key.engine());
    FamilyWeights family = FamilyWeights.of(architecture.width(), weights);
    try (SupernetFamily supernets =
            new SupernetFamily(
                family, width -> key.network(), space, PyTorch.device(key.device()));
        SubnetEvaluator evaluator =
            new SubnetEvaluator(
                supernets, data.search(), key.transform(), settings, key.recalibrationSeed(), 1)) {
      Accuracy accuracy = evaluator.evaluate(List.of(architecture), Progress.NONE).get(0);
      try (ObjectOutputStream stream =
          new ObjectOutputStream(Files.newOutputStream(folder.resolve("measurement")))) {
        stream.writeObject(new Measurement(key, accuracy));
      }
    }
  }
}
