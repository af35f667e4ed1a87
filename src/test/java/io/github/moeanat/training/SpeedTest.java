package io.github.moeanat.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.moeanat.data.SearchData;
import io.github.moeanat.evaluation.EvaluationSettings;
import io.github.moeanat.evaluation.SubnetEvaluator;
import io.github.moeanat.internal.Progress;
import io.github.moeanat.space.Architecture;
import io.github.moeanat.space.Layer;
import io.github.moeanat.space.MobileNetV3;
import io.github.moeanat.space.SearchSpace;
import io.github.moeanat.supernet.Engine;
import io.github.moeanat.supernet.PyTorch;
import io.github.moeanat.supernet.Supernet;
import io.github.moeanat.supernet.SupernetFamily;
import io.github.moeanat.supernet.Weights;
import io.github.moeanat.testing.Digits;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prints how long steps and evaluations of the digits problem take on this machine. */
@Tag("slow")
class SpeedTest {

  private static final MobileNetV3 NETWORK = new MobileNetV3(0.25, 1, 10);
  private static final SearchSpace SPACE = SearchSpace.nat(List.of(8, 16, 24), List.of(0.25));

  @Test
  void measure() throws IOException {
    SearchData data = Digits.data().search();
    for (int workers : new int[] {1, 2}) {
      for (int resolution : SPACE.resolutions()) {
        for (int size = 0; size < 3; size++) {
          Architecture architecture = architecture(resolution, size);
          double step = step(data, architecture, workers);
          double evaluation = evaluation(data, architecture, workers);
          System.out.printf(
              "SPEED workers %d, %2d px, size %d: %.0f samples/s, %.1f ms an evaluation%n",
              workers, resolution, size, 64 / step, 1000 * evaluation);
          assertTrue(step > 0);
        }
      }
    }
  }

  private static double step(SearchData data, Architecture architecture, int workers) {
    try (Supernet supernet = supernet();
        SupernetTrainer trainer =
            new SupernetTrainer(
                supernet, data, Digits.TRANSFORM, TrainingSettings.nat(64), workers)) {
      return fastest(
          20,
          () ->
              trainer.train(
                  0, 20, (s, i) -> architecture, LearningRate.constant(1e-3), 1, Progress.NONE));
    }
  }

  private static double evaluation(SearchData data, Architecture architecture, int workers) {
    EvaluationSettings settings = new EvaluationSettings(200, 100, 100, Engine.Kind.FUSED);
    List<Architecture> architectures = Collections.nCopies(20, architecture);
    try (Supernet supernet = supernet();
        SubnetEvaluator evaluator =
            new SubnetEvaluator(
                SupernetFamily.of(supernet), data, Digits.TRANSFORM, settings, 1, workers)) {
      return fastest(20, () -> evaluator.evaluate(architectures, Progress.NONE));
    }
  }

  /** Seconds of one of several like parts of a task, in the fastest of some runs. */
  private static double fastest(int parts, Runnable task) {
    double best = Double.POSITIVE_INFINITY;
    for (int run = 0; run < 3; run++) {
      long start = System.nanoTime();
      task.run();
      best = Math.min(best, (System.nanoTime() - start) * 1e-9 / parts);
    }
    return best;
  }

  private static Supernet supernet() {
    return new Supernet(Weights.initial(NETWORK, SPACE, 1), NETWORK, SPACE, PyTorch.device("cpu"));
  }

  private static Architecture architecture(int resolution, int size) {
    Layer layer = new Layer(SPACE.kernelSizes().get(size), SPACE.expandRatios().get(size));
    List<Layer> stage = Collections.nCopies(2 + size, layer);
    return new Architecture(resolution, 0.25, Collections.nCopies(5, stage));
  }
}
