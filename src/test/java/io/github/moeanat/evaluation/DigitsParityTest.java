package io.github.moeanat.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import io.github.moeanat.data.SearchData;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Subnet;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.testing.Digits;
import io.github.moeanat.testing.Golden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Accuracies of twenty trained subnets, to the image those of the original code. */
class DigitsParityTest {

  private static final int[] FIRST_200 = IntStream.range(0, 200).toArray();

  @Test
  void countsAfterRecalibrationAreEqualForOneAndTwoWorkers() throws IOException {
    Map<JsonObject, Architecture> subnets = Digits.subnets();
    List<Integer> expected =
        subnets.keySet().stream().map(s -> s.get("val_correct_recal").getAsInt()).toList();
    for (Engine.Kind engine : Engine.Kind.values()) {
      EvaluationSettings settings = new EvaluationSettings(200, 100, 300, engine);
      for (int workers : new int[] {1, 2}) {
        assertEquals(expected, counts(settings, FIRST_200, workers), engine.id());
      }
    }
    assertEquals(
        expected, counts(new EvaluationSettings(200, 100, 64, Engine.Kind.FUSED), FIRST_200, 2));
  }

  @Test
  void countsWithoutRecalibrationAreEqual() throws IOException {
    List<Integer> expected =
        Digits.subnets().keySet().stream()
            .map(s -> s.get("val_correct_no_recal").getAsInt())
            .toList();
    assertEquals(
        expected, counts(new EvaluationSettings(0, 100, 300, Engine.Kind.FUSED), new int[0], 2));
  }

  @Test
  void logitsAreEqual() throws IOException {
    SearchData data = Digits.data().search();
    List<Architecture> subnets = new ArrayList<>(Digits.subnets().values());
    try (NDManager manager = PyTorch.newManager(PyTorch.device("cpu"));
        Supernet supernet = Digits.supernet()) {
      PyTorch.enterThread(false);
      Map<String, NDArray> logits = Golden.npz(manager, Digits.file("logits.npz"));
      for (int i = 0; i < subnets.size(); i++) {
        Architecture architecture = subnets.get(i);
        int r = architecture.resolution();
        for (Engine.Kind kind : Engine.Kind.values()) {
          try (NDManager scope = manager.newSubManager();
              Engine engine = kind.open(manager);
              Subnet subnet = supernet.extract(architecture)) {
            NDArray images =
                batch(scope, r, Digits.TRANSFORM.apply(data.validation(), range(0, 16), r));
            String key = "s%02d_".formatted(i);
            requireClose(logits.get(key + "nocal"), run(engine, subnet, images));
            engine.recalibrate(
                subnet,
                List.of(
                    batch(scope, r, Digits.TRANSFORM.apply(data.train(), range(0, 100), r)),
                    batch(scope, r, Digits.TRANSFORM.apply(data.train(), range(100, 200), r))));
            requireClose(logits.get(key + "bncal"), run(engine, subnet, images));
          }
        }
      }
    }
  }

  private static NDArray run(Engine engine, Subnet subnet, NDArray images) {
    try (Engine.Inference inference = engine.prepare(subnet)) {
      return inference.logits(images);
    }
  }

  private static List<Integer> counts(EvaluationSettings settings, int[] images, int workers)
      throws IOException {
    List<Architecture> subnets = new ArrayList<>(Digits.subnets().values());
    try (Supernet supernet = Digits.supernet();
        SubnetEvaluator evaluator =
            new SubnetEvaluator(
                SupernetFamily.of(supernet),
                Digits.data().search(),
                Digits.TRANSFORM,
                settings,
                images,
                workers)) {
      List<Accuracy> accuracies = evaluator.evaluate(subnets, Progress.NONE);
      assertTrue(accuracies.stream().allMatch(accuracy -> accuracy.images() == 300));
      return accuracies.stream().map(Accuracy::correct).toList();
    }
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private static NDArray batch(NDManager manager, int resolution, float[] pixels) {
    return manager.create(pixels).reshape(-1, 3, resolution, resolution);
  }

  private static void requireClose(NDArray expected, NDArray actual) {
    double difference = Golden.difference(expected.toFloatArray(), actual.toFloatArray());
    assertTrue(difference <= 1e-4, () -> "logits differ by " + difference);
  }
}
