package io.github.moeanat.experiment.bench;

import io.github.moeanat.algorithm.NatAlgorithms;
import io.github.moeanat.experiment.bench.BenchCase.PretrainingPhase;
import io.github.moeanat.experiment.pretrain.PhaseSteps;
import io.github.moeanat.experiment.pretrain.Recipe;
import io.github.moeanat.supernet.PyTorch;
import java.util.Map;

/**
 * Trains a supernet as a phase of a recipe does, loading and augmentation of images included; only
 * the learning rate is another.
 */
final class PretrainingLoad implements Load {

  private final Recipe recipe;
  private final PhaseSteps steps;
  private long done;

  PretrainingLoad(BenchCase small, PretrainingPhase phase, int workers) {
    recipe =
        Recipe.read(
            NatAlgorithms.FILES.load(
                phase.recipe(),
                Map.of(
                    "phase." + phase.phase() + ".learningRate",
                    String.valueOf(TrainingLoad.RATE))));
    steps =
        PhaseSteps.first(
            recipe,
            phase.phase(),
            small.small().orElseThrow().problem(),
            small.data(TrainingLoad.TRAINING_IMAGES, 1),
            small.weights(),
            PyTorch.device("cpu"),
            workers,
            1);
  }

  /** Trains subnets of the phase: the same ones in the n-th run of every load. */
  @Override
  public void run() {
    for (int i = 0; i < TrainingLoad.STEPS; i++) {
      steps.step(done);
      done++;
    }
  }

  /** Images of a run, however many subnets learn from each. */
  int images() {
    return TrainingLoad.STEPS * recipe.batch();
  }

  @Override
  public void close() {
    steps.close();
  }
}
